"""Explanations of fields, made from the schemas: label, limits, choices, default and an example."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency

from copilot.texts import Language, language_of
from copilot.texts.en.purposes import PURPOSES
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import FieldRule, Required, SchemaModel, fields_by_alias
from domain.schemas.review import ReviewSection
from domain.stages import Stage
from domain.validation.texts import Path

LISTED_CHOICES: Final = 12
"""A field with more choices, such as a country, has no list of them."""

_LIMITS: Final = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")
"""Keywords of JSON Schema."""
_TIMES: Final = frozenset({"startTime", "endTime", "doorsTime", "opens", "closes"})
_AMOUNTS: Final = frozenset({"unit_amount", "minAmount"})
_DATES: Final = frozenset({"date", "endDate"})
_MOMENTS: Final = frozenset({"saleStart", "saleEnd"})


@dataclass(frozen=True)
class Explanation:
    language: Language
    stage: Stage
    pointer: str
    label: str
    purpose: str
    """What the field is for."""
    required: bool
    required_if: JsonObject
    """The field and its values with which this field is required; empty if there is none."""
    limits: JsonObject
    """Keywords of JSON Schema, such as ``maxLength``."""
    choices: tuple[str, ...]
    default: object
    example: object
    """A valid value."""
    example_shown: str
    """The example as text. Dates, times and amounts are written as the locale does."""

    @property
    def text(self) -> str:
        """All of it as sentences."""
        language, sentences = self.language, self.language.explanations
        parts = [f"{self.label}: {self.purpose}"]
        if self.required:
            parts.append(sentences["required"])
        if self.required_if:
            parts.append(language.condition(**self.required_if))
        if self.choices:
            parts.append(sentences["choices"].format(choices=language.choices(self.choices)))
        parts += [
            sentences[name].format(limit=limit) for name, limit in self.limits.items() if limit != 0
        ]
        if self.example_shown:
            parts.append(sentences["example"].format(example=self.example_shown.rstrip(".")))
        return " ".join(parts)


def path_of(pointer: str) -> Path:
    """The path of a JSON Pointer. A segment of digits is an index."""
    segments = [segment.replace("~1", "/").replace("~0", "~") for segment in pointer.split("/")[1:]]
    return tuple(
        int(segment) if segment.isascii() and segment.isdecimal() else segment
        for segment in segments
    )


def explain(stage: Stage, pointer: str, locale: str) -> Explanation | None:
    """Explains a field; None if the stage has no such field.

    Args:
        pointer: into the data of the stage. The index of an entry may be ``-``.
        locale: a BCP 47 tag, for the texts, and for dates, times and amounts in examples.
    """
    path = path_of(pointer)
    found = _found(stage, tuple(segment for segment in path if not _is_index(segment)))
    if found is None:
        return None
    model, rule = found
    schema = _schema_of(model)[rule.alias]
    required = rule.required
    name = f"{model.__name__}.{rule.alias}"
    language = language_of(locale)
    example = language.field_examples.get(name, PURPOSES[name][1])
    choices = schema.get("enum", ())
    return Explanation(
        language=language,
        stage=stage,
        pointer=pointer,
        label=language.label(tuple(0 if segment == "-" else segment for segment in path), stage),
        purpose=language.purposes[name],
        required=required is not None and required.field is None,
        required_if=_condition(required),
        limits={name: schema[name] for name in _LIMITS if name in schema},
        choices=tuple(choices) if len(choices) <= LISTED_CHOICES else (),
        default=schema.get("default"),
        example=example,
        example_shown=_shown(rule.alias, example, "enum" in schema, locale),
    )


def _models(stage: Stage) -> tuple[type[SchemaModel], ...]:
    """What a client sends, and what is stored if it differs."""
    stored = (ReviewSection,) if stage is Stage.REVIEW_PUBLISH else ()
    return (INPUT_SCHEMAS[stage], *stored)


def _found(stage: Stage, names: Path) -> tuple[type[SchemaModel], FieldRule] | None:
    for model in _models(stage):
        found = _found_in(model, names)
        if found is not None:
            return found
    return None


def _found_in(model: type[SchemaModel], names: Path) -> tuple[type[SchemaModel], FieldRule] | None:
    if not names:
        return None
    first, *rest = names
    rule = fields_by_alias(model).get(str(first))
    if rule is None:
        return None
    if rule.model is not None and rest:
        return _found_in(rule.model, tuple(rest))
    is_tier_name = model.__name__ == "Translation" and rule.alias == "tiers" and len(rest) == 1
    return (model, rule) if not rest or is_tier_name else None


def _is_index(segment: str | int) -> bool:
    return isinstance(segment, int) or segment == "-"


def _condition(required: Required | None) -> JsonObject:
    if required is None or required.field is None:
        return {}
    return {"field": required.field, "values": [str(value) for value in required.values]}


@cache
def _schema_of(model: type[SchemaModel]) -> dict[str, JsonObject]:
    """The rules of each field, with those of the type that it refers to."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    return {
        name: {**definitions.get(_reference(rule), {}), **rule}
        for name, rule in schema["properties"].items()
    }


def _reference(rule: JsonObject) -> str:
    return str(rule.get("$ref", "")).removeprefix("#/$defs/")


def _shown(name: str, example: Any, is_choice: bool, locale: str) -> str:
    language = language_of(locale)
    if name in _DATES | _TIMES | _MOMENTS:
        return ", ".join(_moment_words(name, example, locale))
    if name in _AMOUNTS:
        return format_currency(Decimal(example) / 100, "EUR", locale=locale_of(locale))
    if isinstance(example, bool):
        return language.explanations["yes" if example else "no"]
    if is_choice:
        return language.choices([example])
    return str(example) if isinstance(example, str | int | float) else ""


def _moment_words(name: str, example: str, locale: str) -> Iterator[str]:
    """The day, the time of day, or both."""
    if name not in _TIMES:
        day = date.fromisoformat(example[:10])
        yield format_date(day, format="full", locale=locale_of(locale))
    if name not in _DATES:
        at = time.fromisoformat(example[-5:])
        yield format_time(at, format="short", locale=locale_of(locale))


@cache
def locale_of(tag: str) -> Locale:
    """The locale of a tag; English if babel does not know it."""
    try:
        return Locale.parse(tag.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
