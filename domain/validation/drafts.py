"""Drafts: the data of a stage as it was entered, valid or not.

A save is a merge patch. A patch is refused only if it has an unknown field, a field that the server
owns, or a value that JSON, Postgres or Temporal cannot store. Everything else is saved, valid
values in their canonical form, and the assessment reports the errors of the others.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn

from domain.errors import ErrorCode, FieldError, InvalidRequest, PayloadTooLarge
from domain.json_values import MAX_NUMBER, JsonObject, merge
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import SchemaModel, canonical, fields_by_alias, normalised
from domain.schemas.review import TERMS_VERSION
from domain.stages import TITLES, Stage
from domain.validation.texts import Path, field_error
from domain.values.tier_ids import with_tier_ids

MAX_SECTION_BYTES: Final = 96 * 1024
MAX_SECTIONS_BYTES: Final = 384 * 1024
"""Of all sections of a session together."""

MAX_DEPTH: Final = 16

_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_BROKEN: Final = re.compile("[\0\ud800-\udfff]")
_MAX_ERRORS: Final = 100
_ACCEPT_TERMS: Final = "acceptTerms"
_SERVER_OWNED: Final[dict[Stage, frozenset[str]]] = {
    Stage.REVIEW_PUBLISH: frozenset({"acceptedTerms"})
}

_Problem = tuple[Path, ErrorCode, JsonObject]
"""The path of a value, the code of its error, and the parameters of the text."""


@dataclass(frozen=True)
class Draft:
    """A section after a save."""

    data: JsonObject
    tiers_issued: int
    """How many tier ids the session has ever issued."""
    size: int
    """Of the data: see :func:`size_of`."""


def check_patch(stage: Stage, patch: object) -> JsonObject:
    """Returns the patch if it can be merged into any draft.

    Raises:
        InvalidRequest: with an error for each refused value, at most 100.
    """
    errors = _refusals(stage, patch)
    if errors or not isinstance(patch, dict):
        raise InvalidRequest(_summary(errors), errors=errors)
    return patch


def apply_patch(
    stage: Stage, current: JsonObject, patch: object, *, now: datetime, tiers_issued: int
) -> Draft:
    """Returns the section after the patch. Changes neither argument.

    Raises:
        InvalidRequest: as :func:`check_patch`.
        PayloadTooLarge: the section would be larger than 96 KiB of JSON.
    """
    accepted = canonical(INPUT_SCHEMAS[stage], normalised(check_patch(stage, patch)))
    if stage is Stage.REVIEW_PUBLISH:
        data = _with_acceptance(current, accepted, now)
    else:
        data = merge(current, accepted)
    if stage is Stage.TICKET_SETUP and isinstance(accepted.get("tiers"), list):
        tiers, tiers_issued = with_tier_ids(current.get("tiers"), data["tiers"], tiers_issued)
        data = {**data, "tiers": tiers}
    return Draft(data, tiers_issued, _checked_size(stage, data))


def check_total_size(section_sizes: Iterable[int]) -> None:
    """
    Raises:
        PayloadTooLarge: the sections together are larger than 384 KiB of JSON.
    """
    size = sum(section_sizes)
    if size > MAX_SECTIONS_BYTES:
        _refuse_size(None, (), of="session", max=MAX_SECTIONS_BYTES, size=size)


def acceptance(patch: JsonObject) -> bool | None:
    """True if the patch accepts the terms, false if it withdraws the acceptance, else None."""
    accepts = patch.get(_ACCEPT_TERMS)
    return accepts if isinstance(accepts, bool) else None


def size_of(data: Any) -> int:
    """The size of the compact JSON text, in bytes of UTF-8."""
    text = _COMPACT.encode(data)
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _refusals(stage: Stage, patch: object) -> list[FieldError]:
    """The errors of refused values; empty if the patch can be merged."""
    if not isinstance(patch, dict):
        return [field_error(stage, (), ErrorCode.INVALID_TYPE, expected="object")]
    errors: list[FieldError] = []
    for path, code, params in _problems(stage, patch):
        errors.append(field_error(stage, path, code, **params))
        if len(errors) == _MAX_ERRORS:
            break
    return errors


def _summary(errors: Sequence[FieldError]) -> str:
    codes = {error.code for error in errors}
    if codes == {ErrorCode.UNKNOWN_FIELD}:
        return "The data has fields that do not exist. Nothing was saved."
    return "The data cannot be saved. Nothing was changed."


def _problems(stage: Stage, patch: JsonObject) -> Iterator[_Problem]:
    yield from _unstorable(patch, ())
    server_owned = _SERVER_OWNED.get(stage, frozenset())
    for name in server_owned & patch.keys():
        yield (name,), ErrorCode.SERVER_OWNED, {}
    editable = {name: value for name, value in patch.items() if name not in server_owned}
    yield from _unknown_fields(editable, INPUT_SCHEMAS[stage], ())
    if stage is Stage.REVIEW_PUBLISH and not isinstance(editable.get(_ACCEPT_TERMS, False), bool):
        yield (_ACCEPT_TERMS,), ErrorCode.INVALID_TYPE, {"expected": "boolean"}


def _unstorable(value: Any, path: Path) -> Iterator[_Problem]:
    """Finds values that JSON, Postgres or Temporal cannot store."""
    match value:
        case dict() | list() if len(path) >= MAX_DEPTH:
            yield path, ErrorCode.TOO_DEEP, {"max": MAX_DEPTH}
        case dict():
            for key, member in value.items():
                if _is_name(key):
                    yield from _unstorable(member, (*path, key))
                else:
                    yield (*path, str(key)), ErrorCode.INVALID_CHARACTER, {"expected": "name"}
        case list():
            for index, entry in enumerate(value):
                yield from _unstorable(entry, (*path, index))
        case _:
            yield from _unstorable_scalar(value, path)


def _unstorable_scalar(value: Any, path: Path) -> Iterator[_Problem]:
    match value:
        case str():
            if _is_broken(value):
                yield path, ErrorCode.INVALID_CHARACTER, {"expected": "unicode"}
        case bool() | None:
            return
        case int() | float():
            if not abs(value) <= MAX_NUMBER:  # false for NaN as well
                yield path, ErrorCode.NUMBER_OUT_OF_RANGE, {"min": -MAX_NUMBER, "max": MAX_NUMBER}
        case _:
            yield path, ErrorCode.INVALID_TYPE, {"expected": "json"}


def _unknown_fields(value: JsonObject, model: type[SchemaModel], path: Path) -> Iterator[_Problem]:
    by_alias = fields_by_alias(model)
    for name, member in value.items():
        rule = by_alias.get(name)
        if rule is None:
            if _is_name(name):
                yield (*path, name), ErrorCode.UNKNOWN_FIELD, {}
        elif rule.model is not None:
            yield from _unknown_fields_within(member, rule.model, (*path, name))


def _unknown_fields_within(value: Any, model: type[SchemaModel], path: Path) -> Iterator[_Problem]:
    match value:
        case dict():
            yield from _unknown_fields(value, model, path)
        case list():
            for index, entry in enumerate(value):
                if isinstance(entry, dict):
                    yield from _unknown_fields(entry, model, (*path, index))


def _is_name(key: object) -> bool:
    match key:
        case str():
            return not _is_broken(key)
        case _:
            return False


def _is_broken(text: str) -> bool:
    return _BROKEN.search(text) is not None


def _with_acceptance(current: JsonObject, patch: JsonObject, now: datetime) -> JsonObject:
    accepts = acceptance(patch)
    if accepts is None:
        return dict(current)
    terms = {"version": TERMS_VERSION, "at": now.isoformat()} if accepts else None
    merged: JsonObject = merge(current, {"acceptedTerms": terms})
    return merged


def _checked_size(stage: Stage, data: JsonObject) -> int:
    """The size of a section. If it is too large, its largest field is refused."""
    size = size_of(data)
    if size > MAX_SECTION_BYTES:
        largest = max(data, key=lambda name: size_of(data[name]))
        _refuse_size(stage, (largest,), of="stage", max=MAX_SECTION_BYTES, size=size)
    return size


def _refuse_size(stage: Stage | None, path: Path, **params: Any) -> NoReturn:
    error = field_error(stage, path, ErrorCode.TOO_MANY_BYTES, **params)
    place = f"{TITLES[stage]}: " if stage else ""
    detail = f"{place}{error.message} The data would be {params['size']} bytes."
    raise PayloadTooLarge(detail, errors=[error])
