"""Parses a draft into a typed model of its valid values, and errors for the others.

The whole draft is validated. Refused values are removed from a copy, which is validated again, so
that one invalid value never hides the others.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.errors import ErrorCode, FieldError
from domain.json_values import MAX_NUMBER, JsonObject, is_at_or_below
from domain.schemas.base import FieldRule, SchemaModel, canonical, fields_of, normalised, present
from domain.stages import Stage
from domain.validation.texts import Path, field_error

Model = TypeVar("Model", bound=SchemaModel)

_MAX_PASSES: Final = 4

_TEXT: Final = {"expected": "text"}
_INTEGER: Final = {"expected": "integer"}
_NUMBER: Final = {"expected": "number"}
_BOOLEAN: Final = {"expected": "boolean"}
_OBJECT: Final = {"expected": "object"}
_DATE_TIME: Final = {"format": "date_time"}

_PYDANTIC_ERRORS: Final[dict[str, tuple[ErrorCode, JsonObject]]] = {
    "missing": (ErrorCode.MISSING, {}),
    "string_type": (ErrorCode.INVALID_TYPE, _TEXT),
    "int_type": (ErrorCode.INVALID_TYPE, _INTEGER),
    "int_parsing": (ErrorCode.INVALID_TYPE, _INTEGER),
    "int_from_float": (ErrorCode.INVALID_TYPE, _INTEGER),
    "int_parsing_size": (ErrorCode.TOO_LARGE, {"max": MAX_NUMBER}),
    "float_type": (ErrorCode.INVALID_TYPE, _NUMBER),
    "bool_type": (ErrorCode.INVALID_TYPE, _BOOLEAN),
    "bool_parsing": (ErrorCode.INVALID_TYPE, _BOOLEAN),
    "list_type": (ErrorCode.INVALID_TYPE, {"expected": "list"}),
    "model_type": (ErrorCode.INVALID_TYPE, _OBJECT),
    "model_attributes_type": (ErrorCode.INVALID_TYPE, _OBJECT),
    "dict_type": (ErrorCode.INVALID_TYPE, _OBJECT),
    "string_too_short": (ErrorCode.TOO_SHORT, {}),
    "string_too_long": (ErrorCode.TOO_LONG, {}),
    "string_unicode": (ErrorCode.INVALID_CHARACTER, {"expected": "unicode"}),
    "greater_than_equal": (ErrorCode.TOO_SMALL, {}),
    "less_than_equal": (ErrorCode.TOO_LARGE, {}),
    "too_short": (ErrorCode.TOO_FEW, {}),
    "too_long": (ErrorCode.TOO_MANY, {}),
    "enum": (ErrorCode.INVALID_CHOICE, {"expected": "value"}),
    "literal_error": (ErrorCode.INVALID_CHOICE, {"expected": "value"}),
    "extra_forbidden": (ErrorCode.UNKNOWN_FIELD, {}),
    "uuid_type": (ErrorCode.INVALID_FORMAT, {"format": "uuid"}),
    "uuid_parsing": (ErrorCode.INVALID_FORMAT, {"format": "uuid"}),
    "datetime_type": (ErrorCode.INVALID_FORMAT, _DATE_TIME),
    "datetime_parsing": (ErrorCode.INVALID_FORMAT, _DATE_TIME),
    "datetime_from_date_parsing": (ErrorCode.INVALID_FORMAT, _DATE_TIME),
    "timezone_aware": (ErrorCode.INVALID_FORMAT, _DATE_TIME),
    "json_invalid": (ErrorCode.INVALID_FORMAT, {"format": "json"}),
}
"""Maps pydantic's error types to our codes and parameters."""

_LIMITS: Final = {"min_length": "min", "max_length": "max", "ge": "min", "le": "max"}
_QUOTED: Final = re.compile(r"'([^']*)'")
_OWN_CODES: Final = frozenset(ErrorCode)
_NOT_AN_OBJECT: Final = frozenset({"model_type", "model_attributes_type", "dict_type"})


@dataclass(frozen=True)
class ParsedSection(Generic[Model]):
    data: Model
    """The valid part of the draft."""
    errors: list[FieldError]
    """Invalid values, then missing required values."""


def parse_section(stage: Stage, model: type[Model], raw: Mapping[str, Any]) -> ParsedSection[Model]:
    rest: JsonObject = present(canonical(model, normalised(dict(raw))))
    errors: dict[tuple[str, str], FieldError] = {}
    for _ in range(_MAX_PASSES):
        try:
            data = model.model_validate(rest)
            break
        except ValidationError as refused:
            rest = deepcopy(rest)
            for problem in refused.errors(include_url=False):
                error = _error_from(stage, problem)
                errors.setdefault((error.pointer, error.code), error)
                _remove_refused(rest, problem)
    else:
        data = model()
    found = list(errors.values())
    wrong = [error.pointer for error in found]
    found += [
        error
        for error in _missing_values(stage, data, ())
        if not any(is_at_or_below(error.pointer, pointer) for pointer in wrong)
    ]
    return ParsedSection(data, found)


@lru_cache(maxsize=1024)  # a draft lacks the same values at every assessment
def missing(stage: Stage, path: Path, expected: str | None = None) -> FieldError:
    params = {"expected": expected} if expected else {}
    return field_error(stage, path, ErrorCode.MISSING, **params)


def code_and_params(problem: Mapping[str, Any]) -> tuple[ErrorCode, JsonObject]:
    """Our code and parameters for an error of pydantic, whose own messages are not used."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _OWN_CODES and kind not in _PYDANTIC_ERRORS:
        return ErrorCode(kind), dict(context)
    code, params = _PYDANTIC_ERRORS.get(kind, (ErrorCode.INVALID_FORMAT, {"format": "other"}))
    limits = {name: _number(context[bound]) for bound, name in _LIMITS.items() if bound in context}
    choices = _QUOTED.findall(context.get("expected", ""))
    return code, {**params, **limits, **({"choices": choices} if choices else {})}


def _error_from(stage: Stage, problem: ErrorDetails) -> FieldError:
    code, params = code_and_params(problem)
    if code is ErrorCode.INVALID_CHOICE and not isinstance(problem["input"], str):
        code, params = ErrorCode.INVALID_TYPE, _TEXT
    return field_error(stage, problem["loc"], code, **params)


def _number(limit: float) -> float:
    """A limit without a needless fraction: 90, not 90.0."""
    return int(limit) if limit == int(limit) else limit


def _remove_refused(data: JsonObject, problem: ErrorDetails) -> None:
    """Removes a refused value.

    An entry in a list of objects becomes an empty object instead, so that the others keep their
    indexes. A list of plain values is removed as a whole.
    """
    *ancestors, last = problem["loc"]
    container: Any = data
    owner: Any = None
    for segment in ancestors:
        owner, container = container, _child(container, segment)
    if isinstance(container, dict):
        container.pop(last, None)
    elif isinstance(container, list) and isinstance(last, int) and last < len(container):
        if problem["type"] in _NOT_AN_OBJECT:
            container[last] = {}
        elif isinstance(owner, dict):
            owner.pop(ancestors[-1], None)


def _child(container: Any, segment: str | int) -> Any:
    if isinstance(container, dict):
        return container.get(segment)
    if isinstance(container, list) and isinstance(segment, int) and segment < len(container):
        return container[segment]
    return None


def _missing_values(stage: Stage, model: SchemaModel, base: Path) -> Iterator[FieldError]:
    for rule in fields_of(type(model)):
        value = getattr(model, rule.name)
        if value is None:
            if rule.required and rule.required.applies_to(model):
                yield from _missing_inputs(stage, rule, (*base, rule.alias))
        elif rule.model is not None and rule.is_list:
            for index, entry in enumerate(value):
                yield from _missing_values(stage, entry, (*base, rule.alias, index))
        elif rule.model is not None:
            yield from _missing_values(stage, value, (*base, rule.alias))


def _missing_inputs(stage: Stage, rule: FieldRule, path: Path) -> Iterator[FieldError]:
    """The errors of a missing field: its own, or those of the required fields of its object."""
    if rule.is_list:
        yield missing(stage, path, "list")
    elif rule.model is None or (rule.required and rule.required.as_one):
        yield missing(stage, path)
    else:
        yield from _missing_values(stage, rule.model(), path)
