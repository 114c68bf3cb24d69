"""Parse a draft: the valid part becomes typed, the rest becomes errors.

Validation runs over the whole draft. The values that it refuses are removed from a copy, and the
copy is validated again, so that one mistyped field never hides the others.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.errors import ErrorCode, FieldError
from domain.json_values import JsonObject, is_at_or_below, pointer_to
from domain.schemas.base import FieldRule, SchemaModel, fields_of, normalised, present
from domain.stages import Stage

Model = TypeVar("Model", bound=SchemaModel)
Path = tuple[str | int, ...]

_MAX_PASSES: Final = 4

# pydantic's error types, each with our code and the text that follows the field's label.
_PROBLEMS: Final[dict[str, tuple[ErrorCode, str]]] = {
    "string_type": (ErrorCode.INVALID_TYPE, "has to be text, in quotes."),
    "int_type": (ErrorCode.INVALID_TYPE, "has to be a whole number, without quotes."),
    "int_from_float": (ErrorCode.INVALID_TYPE, "has to be a whole number."),
    "float_type": (ErrorCode.INVALID_TYPE, "has to be a number, without quotes."),
    "bool_type": (ErrorCode.INVALID_TYPE, "has to be true or false, without quotes."),
    "list_type": (ErrorCode.INVALID_TYPE, "has to be a list."),
    "model_type": (ErrorCode.INVALID_TYPE, "has to be an object."),
    "model_attributes_type": (ErrorCode.INVALID_TYPE, "has to be an object."),
    "dict_type": (ErrorCode.INVALID_TYPE, "has to be an object."),
    "string_too_short": (ErrorCode.TOO_SHORT, "is too short: enter at least {min_length}."),
    "string_too_long": (ErrorCode.TOO_LONG, "is too long: {max_length} at most."),
    "string_pattern_mismatch": (
        ErrorCode.INVALID_FORMAT,
        "is not one that the server gave out: leave it away for a new entry.",
    ),
    "string_unicode": (ErrorCode.INVALID_CHARACTER, "contains broken Unicode: type it again."),
    "greater_than_equal": (ErrorCode.TOO_SMALL, "is too small: it has to be {ge:g} or more."),
    "less_than_equal": (ErrorCode.TOO_LARGE, "is too large: it has to be {le:.10g} or less."),
    "too_short": (ErrorCode.TOO_FEW, "has too few entries: add at least {min_length}."),
    "too_long": (ErrorCode.TOO_MANY, "has too many entries: {max_length} at most."),
    "enum": (ErrorCode.INVALID_CHOICE, "has to be one of: {expected}."),
    "extra_forbidden": (ErrorCode.UNKNOWN_FIELD, "is not a field of this stage: remove it."),
}
_OWN_CODES: Final = frozenset(ErrorCode)
_NOT_AN_OBJECT: Final = frozenset({"model_type", "model_attributes_type", "dict_type"})


@dataclass(frozen=True)
class ParsedSection(Generic[Model]):
    data: Model
    """The valid part of the draft."""
    errors: list[FieldError]
    """Values that are not valid, then required values that are missing."""


def parse_section(stage: Stage, model: type[Model], raw: Mapping[str, Any]) -> ParsedSection[Model]:
    rest: JsonObject = present(normalised(dict(raw)))
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
        missing(stage, path)
        for path in _missing_paths(data, ())
        if not any(is_at_or_below(pointer_to(path), pointer) for pointer in wrong)
    ]
    return ParsedSection(data, found)


def field_error(stage: Stage, path: Path, code: ErrorCode, remark: str) -> FieldError:
    """``remark`` follows the field's label: "is too long: 100 at most."."""
    return FieldError(
        stage=stage, pointer=pointer_to(path), code=code, message=f"{label(path)} {remark}"
    )


def missing(stage: Stage, path: Path) -> FieldError:
    return field_error(stage, path, ErrorCode.MISSING, "is missing: please fill it in.")


def label(path: Path) -> str:
    """A path for people: ``("tiers", 0, "saleStart")`` is ``Tiers 1 > Sale start``."""
    labels: list[str] = []
    for segment in path:
        if isinstance(segment, int):
            labels[-1:] = [f"{labels[-1] if labels else 'Entry'} {segment + 1}"]
        else:
            labels.append(_label_of_name(pointer_to((segment,))[1:]))
    return " > ".join(labels) or "The section"


def _label_of_name(name: str) -> str:
    spaced = "".join(f" {char.lower()}" if char.isupper() else char for char in name)
    return spaced.replace("_", " ").strip().capitalize()


def _error_from(stage: Stage, problem: ErrorDetails) -> FieldError:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _OWN_CODES and kind not in _PROBLEMS:
        return field_error(stage, problem["loc"], ErrorCode(kind), problem["msg"])
    code, remark = _PROBLEMS.get(kind, (ErrorCode.INVALID_FORMAT, "is not valid."))
    if code is ErrorCode.INVALID_CHOICE and not isinstance(problem["input"], str):
        code, remark = ErrorCode.INVALID_TYPE, "has to be text: one of {expected}."
    return field_error(stage, problem["loc"], code, remark.format(**context))


def _remove_refused(data: JsonObject, problem: ErrorDetails) -> None:
    """Removes the value that was refused.

    An entry of a list of objects becomes empty instead, so that the others keep their places; a
    list of plain values is removed as a whole.
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


def _missing_paths(model: SchemaModel, base: Path) -> Iterator[Path]:
    for rule in fields_of(type(model)):
        path = (*base, rule.alias)
        value = getattr(model, rule.name)
        if isinstance(value, SchemaModel):
            yield from _missing_paths(value, path)
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                if isinstance(entry, SchemaModel):
                    yield from _missing_paths(entry, (*path, index))
        elif value is None and rule.required and rule.required.applies_to(model):
            yield from _leaves(rule, path)


def _leaves(rule: FieldRule, path: Path) -> Iterator[Path]:
    """The inputs that fill a required field: itself, or the required fields of its object."""
    if rule.model is None or rule.is_list or (rule.required and rule.required.as_one):
        yield path
    else:
        yield from _missing_paths(rule.model(), path)
