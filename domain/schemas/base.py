"""What the schemas of all stages share.

A draft is rarely complete, so every field of a schema may be absent. A marker, :class:`Required`,
says which fields a stage needs to be valid; it is evaluated after the values themselves have been
validated. ``None``, empty text and an empty object all mean "absent". Text is stored in Unicode's
composed form (NFC), without surrounding white space.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, Self
from unicodedata import is_normalized, normalize

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from domain.json_values import JsonObject


@dataclass(frozen=True)
class Required:
    """Marks a field that a valid stage has.

    With ``field``, only where that one has one of ``values``. An object is asked for input by
    input, unless it is filled ``as_one``.
    """

    field: str | None = None
    values: tuple[str, ...] = ()
    as_one: bool = False

    def applies_to(self, model: "SchemaModel") -> bool:
        return self.field is None or getattr(model, self.field) in self.values


REQUIRED: Final = Required()


@dataclass(frozen=True)
class FieldRule:
    """One field of a schema, by its name in Python and its name in JSON."""

    name: str
    alias: str
    required: Required | None
    model: "type[SchemaModel] | None"
    """The schema of the field's value, or of the entries where it is a list."""
    is_list: bool


def _described(schema: JsonObject, model: "type[SchemaModel]") -> None:
    """Says in JSON Schema what the markers say: which fields are required, and when."""
    for described in schema.get("properties", {}).values():
        _without_null(described)
    rules = fields_of(model)
    always = [rule.alias for rule in rules if rule.required and not rule.required.field]
    if always:
        schema["required"] = always
    conditions = {rule.required for rule in rules if rule.required and rule.required.field}
    by_alias = {rule.name: rule.alias for rule in rules}
    for condition in sorted(conditions, key=lambda each: each.values):
        discriminator = by_alias[str(condition.field)]
        schema.setdefault("allOf", []).append(
            {
                "if": {
                    "properties": {discriminator: {"enum": list(condition.values)}},
                    "required": [discriminator],
                },
                "then": {"required": [rule.alias for rule in rules if rule.required == condition]},
            }
        )
    schema.update(model.schema_rules)


def _without_null(described: JsonObject) -> None:
    described.pop("title", None)
    if "default" in described and described["default"] is None:
        del described["default"]
    choices = [each for each in described.get("anyOf", []) if each != {"type": "null"}]
    if len(choices) == 1:
        del described["anyOf"]
        described.update({**choices[0], **described})


class SchemaModel(BaseModel):
    """A frozen, partly filled object of a stage. Names in JSON are camelCase."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        json_schema_extra=_described,
    )

    schema_rules: ClassVar[JsonObject] = {}
    """Further keywords of the JSON Schema, for rules that no marker can tell."""

    def dump(self) -> JsonObject:
        """As JSON has it, in the schema's own names, without what is not there."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def with_defaults(self, **defaults: Any) -> Self:
        """A copy in which fields that are not there have the given values."""
        absent = {name: value for name, value in defaults.items() if getattr(self, name) is None}
        return self.model_copy(update=absent)


@cache
def fields_of(model: type[SchemaModel]) -> tuple[FieldRule, ...]:
    return tuple(
        FieldRule(
            name=name,
            alias=info.alias or name,
            required=next((each for each in info.metadata if isinstance(each, Required)), None),
            model=_model_in(info.annotation),
            is_list=_is_list(info.annotation),
        )
        for name, info in model.model_fields.items()
    )


@cache
def fields_by_alias(model: type[SchemaModel]) -> dict[str, FieldRule]:
    return {rule.alias: rule for rule in fields_of(model)}


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _parts(part)


def _model_in(annotation: Any) -> type[SchemaModel] | None:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, SchemaModel):
            return part
    return None


def _is_list(annotation: Any) -> bool:
    return any(getattr(part, "__origin__", None) is list for part in _parts(annotation))


def normalised(value: Any) -> Any:
    """A copy of a JSON value in which every text is NFC and trimmed. Keys stay as they are."""
    if isinstance(value, str):
        return (value if is_normalized("NFC", value) else normalize("NFC", value)).strip()
    if isinstance(value, dict):
        return {key: normalised(each) for key, each in value.items()}
    if isinstance(value, list):
        return [normalised(each) for each in value]
    return value


def present(value: Any) -> Any:
    """A copy of a JSON value without what is not there: null, empty text, empty objects.

    Forms send empty texts for inputs that were cleared, and a merge patch that removes the last
    field of an object leaves an empty object. The entries of a list all stay, so that pointers
    into it stay true.
    """
    if isinstance(value, dict):
        kept = {key: present(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in (None, "", {})}
    if isinstance(value, list):
        return [present(each) for each in value]
    return value
