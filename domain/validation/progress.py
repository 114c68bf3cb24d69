"""Progress of a stage and of the whole wizard, in percent.

A required field counts if its own value is valid. An error across fields, or in an optional field,
limits the stage to 99. So an invalid value never increases the progress of its stage or of the
review.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Any, Final, TypeAlias

from domain.errors import FieldError
from domain.json_values import is_at_or_below, pointer_to
from domain.schemas.base import SchemaModel, fields_of
from domain.stages import STAGES, WEIGHTS, Stage

COMPLETE: Final = 100
ALMOST: Final = 99

Share: TypeAlias = Fraction | int
"""From 0 to 1. An integer where possible: adding up fractions takes twenty times as long."""


def stage_completion(
    data: SchemaModel,
    errors: Sequence[FieldError],
    wrong: AbstractSet[str],
    further: Sequence[Share] = (),
) -> int:
    """Progress of a stage with required fields.

    Args:
        data: the valid part of the stage.
        errors: all errors of the stage.
        wrong: pointers of values in ``data`` that have an error of their own.
        further: the shares of required inputs that the schema does not mark.
    """
    return _percent([*_shares(data, (), wrong), *further], has_errors=bool(errors))


def optional_completion(
    entered: Mapping[str, Any],
    errors: Sequence[FieldError],
    value_errors: Sequence[FieldError],
    *,
    completed: bool,
) -> int:
    """Progress of a stage that is valid when empty: the valid share of the entered values.

    Args:
        entered: the draft without empty values.
        errors: all errors of the stage.
        value_errors: errors of single values.
        completed: whether the user has completed the stage.
    """
    parts = {name: value for name, value in entered.items() if value not in ([], {})}
    if not parts:
        return COMPLETE if completed and not errors else 0
    wrong = [error.pointer for error in value_errors]
    shares = [_valid_share(f"/{name}", value, wrong) for name, value in parts.items()]
    return _percent(shares, has_errors=bool(errors))


def review_completion(passed: int, all_checks: int, *, published: bool) -> int:
    if published:
        return COMPLETE
    return min(ALMOST, COMPLETE * passed // all_checks)


def overall_completion(completion: Mapping[Stage, int]) -> int:
    return sum(WEIGHTS[stage] * completion[stage] for stage in STAGES) // 100


def _percent(shares: Sequence[Share], *, has_errors: bool) -> int:
    mean = COMPLETE * sum(shares) // len(shares) if shares else COMPLETE
    return min(mean, ALMOST if has_errors else COMPLETE)


def _mean(shares: Iterable[Share]) -> Share:
    summands = list(shares)
    return Fraction(sum(summands), len(summands)) if summands else 1


def _shares(
    data: SchemaModel, path: tuple[str | int, ...], wrong: AbstractSet[str]
) -> Iterator[Share]:
    """A share from 0 to 1 for each required field, including those of nested objects."""
    for rule in fields_of(type(data)):
        if rule.required is None or not rule.required.applies_to(data):
            continue
        value = getattr(data, rule.name)
        field_path = (*path, rule.alias)
        if rule.is_list:
            yield _list_share(value, field_path, wrong)
        elif rule.model is not None:
            yield from _shares(value or rule.model(), field_path, wrong)
        else:
            is_wrong = bool(wrong) and pointer_to(field_path) in wrong
            yield int(value is not None and not is_wrong)


def _list_share(
    entries: Sequence[SchemaModel] | None, path: tuple[str | int, ...], wrong: AbstractSet[str]
) -> Share:
    if not entries:
        return 0
    return _mean(
        _mean(_shares(entry, (*path, index), wrong)) for index, entry in enumerate(entries)
    )


def _valid_share(pointer: str, value: Any, wrong: Sequence[str]) -> Share:
    if isinstance(value, list) and pointer not in wrong:
        return _mean(
            _valid_share(f"{pointer}/{index}", entry, wrong) if not isinstance(entry, list) else 0
            for index, entry in enumerate(value)
        )
    return int(not any(is_at_or_below(refused, pointer) for refused in wrong))
