"""How far a stage, and the whole wizard, has come: whole per cents, computed from the data alone.

A required field counts when its value is valid by itself; what is wrong across fields, or with
optional ones, keeps the stage at 99. So making a value invalid never raises the progress of its
stage, or of the review.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any, Final

from domain.errors import FieldError
from domain.json_values import is_at_or_below, pointer_to
from domain.schemas.base import SchemaModel, fields_of
from domain.stages import STAGES, WEIGHTS, Stage

COMPLETE: Final = 100
ALMOST: Final = 99


def stage_completion(data: SchemaModel, errors: Sequence[FieldError], wrong: set[str]) -> int:
    """Progress of a stage with required fields.

    ``data`` is the valid part of the stage, ``errors`` all that is wrong with it, ``wrong`` the
    pointers of values that are typed and yet not valid by themselves.
    """
    return _percent(_mean(_shares(data, (), wrong)), has_errors=bool(errors))


def optional_completion(
    entered: Mapping[str, Any],
    errors: Sequence[FieldError],
    single: Sequence[FieldError],
    *,
    completed: bool,
) -> int:
    """Progress of a stage that is valid when empty: the share of what was entered that is valid.

    ``entered`` is the draft without what is empty, ``errors`` all that is wrong with it, ``single``
    those of values by themselves; ``completed`` that the person went on.
    """
    parts = {name: value for name, value in entered.items() if value not in ([], {})}
    if not parts:
        return COMPLETE if completed and not errors else 0
    pointers = [error.pointer for error in single]
    shares = [_valid_share(f"/{name}", value, pointers) for name, value in parts.items()]
    return _percent(_mean(shares), has_errors=bool(errors))


def review_completion(passed: int, all_checks: int, *, published: bool) -> int:
    if published:
        return COMPLETE
    return min(ALMOST, COMPLETE * passed // all_checks)


def overall_completion(completion: Mapping[Stage, int]) -> int:
    return sum(WEIGHTS[stage] * completion[stage] for stage in STAGES) // 100


def _percent(share: Fraction, *, has_errors: bool) -> int:
    return min(floor(COMPLETE * share), ALMOST if has_errors else COMPLETE)


def _mean(shares: Iterable[Fraction]) -> Fraction:
    known = list(shares)
    return sum(known, Fraction(0)) / len(known) if known else Fraction(1)


def _shares(data: SchemaModel, path: tuple[str | int, ...], wrong: set[str]) -> Iterator[Fraction]:
    """One share for each required input that applies; those of nested objects one by one."""
    for rule in fields_of(type(data)):
        if rule.required is None or not rule.required.applies_to(data):
            continue
        value = getattr(data, rule.name)
        where = (*path, rule.alias)
        if rule.is_list:
            yield _list_share(value, where, wrong)
        elif rule.model is not None:
            yield from _shares(value or rule.model(), where, wrong)
        else:
            yield Fraction(value is not None and pointer_to(where) not in wrong)


def _list_share(
    entries: Sequence[SchemaModel] | None, path: tuple[str | int, ...], wrong: set[str]
) -> Fraction:
    if not entries:
        return Fraction(0)
    return _mean(
        _mean(_shares(entry, (*path, index), wrong)) for index, entry in enumerate(entries)
    )


def _valid_share(pointer: str, value: Any, pointers: Sequence[str]) -> Fraction:
    if isinstance(value, list) and pointer not in pointers:
        return _mean(
            _valid_share(f"{pointer}/{index}", entry, pointers)
            if not isinstance(entry, list)
            else Fraction(0)
            for index, entry in enumerate(value)
        )
    return Fraction(not any(is_at_or_below(each, pointer) for each in pointers))
