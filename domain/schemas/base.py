"""The base of the schemas of all stages.

A draft is rarely complete, so every field may be absent. The marker :class:`Required` is for fields
that a valid stage needs; it is checked after all values are validated. ``None``, empty text and an
empty object mean "absent". Text is stored in Unicode's composed form (NFC), without surrounding
white space and invisible characters. A value that can be written in several ways is stored in one
of them: see :class:`Canonical`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from domain.json_values import JsonObject
from domain.values.text import composed, trimmed


@dataclass(frozen=True)
class Required:
    """Marks a field that a valid stage needs."""

    field: str | None = None
    """If set, the marked field is required only if this field has one of ``values``."""
    values: tuple[str, ...] = ()
    as_one: bool = False
    """Whether a missing object is one error, instead of one for each of its required fields."""

    def applies_to(self, model: "SchemaModel") -> bool:
        return self.field is None or getattr(model, self.field) in self.values


REQUIRED: Final = Required()


@dataclass(frozen=True)
class Canonical:
    """Marks a type whose values are stored in one form, however they are typed.

    :func:`canonical` applies it, when a value is saved and before a draft is validated: drafts of
    earlier releases may have any form.
    """

    form: Callable[[Any], Any]
    """Takes any JSON value. Returns the canonical form of a valid one, which is its own canonical
    form, and any other value unchanged."""


@dataclass(frozen=True)
class FieldRule:
    """One field of a schema."""

    name: str
    """The name in Python."""
    alias: str
    """The name in JSON."""
    required: Required | None
    model: "type[SchemaModel] | None"
    """The schema of the field's value, or of the entries of a list."""
    is_list: bool
    canonical: Callable[[Any], Any] | None
    """The canonical form of the field's value, or of each entry of a list."""


class SchemaModel(BaseModel):
    """A frozen, partly filled object of a stage. Names in JSON are camelCase."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
    )

    schema_rules: ClassVar[JsonObject] = {}
    """Further keywords of the JSON Schema, for rules that a marker cannot express."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        _add_rules(handler.resolve_ref_schema(schema), cls)
        return schema

    def dump(self) -> JsonObject:
        """The JSON object, without absent fields."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def with_defaults(self, **defaults: Any) -> Self:
        """A copy in which absent fields have the given values."""
        absent = {name: value for name, value in defaults.items() if getattr(self, name) is None}
        return self.model_copy(update=absent)


@cache
def fields_of(model: type[SchemaModel]) -> tuple[FieldRule, ...]:
    return tuple(
        FieldRule(
            name=name,
            alias=info.alias or name,
            required=next((mark for mark in info.metadata if isinstance(mark, Required)), None),
            model=_model_in(info.annotation),
            is_list=_is_list(info.annotation),
            canonical=_canonical_form(info.annotation, info.metadata),
        )
        for name, info in model.model_fields.items()
    )


@cache
def fields_by_alias(model: type[SchemaModel]) -> dict[str, FieldRule]:
    return {rule.alias: rule for rule in fields_of(model)}


def normalised(value: Any) -> Any:
    """A copy of a JSON value with all text trimmed and in NFC. Keys are not changed."""
    match value:
        case str():
            return trimmed(composed(value))
        case dict():
            return {key: normalised(member) for key, member in value.items()}
        case list():
            return [normalised(entry) for entry in value]
        case _:
            return value


def canonical(model: type[SchemaModel], value: Any) -> Any:
    """A copy of an object of the schema, or of a patch of it, in which every valid value has its
    canonical form. Values that are not valid, and unknown fields, are not changed."""
    match value:
        case dict():
            rules = fields_by_alias(model)
            return {
                name: _canonical_member(rules[name], member) if name in rules else member
                for name, member in value.items()
            }
        case _:
            return value


def _canonical_member(rule: FieldRule, value: Any) -> Any:
    if rule.is_list and isinstance(value, list):
        return [_canonical_value(rule, entry) for entry in value]
    return _canonical_value(rule, value)


def _canonical_value(rule: FieldRule, value: Any) -> Any:
    if rule.model is not None:
        return canonical(rule.model, value)
    return rule.canonical(value) if rule.canonical else value


def present(value: Any) -> Any:
    """A copy of a JSON value without absent members: null, empty text, empty objects.

    Forms send empty text for an input that was cleared, and a merge patch that removes the last
    field of an object leaves an empty object. All entries of a list are kept, so that pointers into
    it remain valid.
    """
    match value:
        case dict():
            members = {key: present(member) for key, member in value.items()}
            return {key: member for key, member in members.items() if member not in (None, "", {})}
        case list():
            return [present(entry) for entry in value]
        case _:
            return value


def _add_rules(schema: JsonObject, model: type[SchemaModel]) -> None:
    """Adds required and conditionally required fields to a JSON Schema."""
    for field in schema.get("properties", {}).values():
        _remove_null(field)
    rules = fields_of(model)
    always = [rule.alias for rule in rules if rule.required and not rule.required.field]
    if always:
        schema["required"] = always
    conditions = {rule.required for rule in rules if rule.required and rule.required.field}
    by_alias = {rule.name: rule.alias for rule in rules}
    for condition in sorted(conditions, key=lambda required: required.values):
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


def _remove_null(field: JsonObject) -> None:
    """Removes null as a type and as a default, because clients omit absent fields."""
    field.pop("title", None)
    if "default" in field and field["default"] is None:
        del field["default"]
    types = [schema for schema in field.get("anyOf", []) if schema != {"type": "null"}]
    if len(types) == 1:
        del field["anyOf"]
        field.update({**types[0], **field})


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _parts(part)


def _canonical_form(annotation: Any, metadata: list[Any]) -> Callable[[Any], Any] | None:
    """The form of the marker of a field's type, which may be within a union or a list."""
    marks = [*metadata, *(mark for part in _parts(annotation) for mark in _metadata_of(part))]
    return next((mark.form for mark in marks if isinstance(mark, Canonical)), None)


def _metadata_of(annotation: Any) -> tuple[Any, ...]:
    metadata: tuple[Any, ...] = getattr(annotation, "__metadata__", ())
    return metadata


def _model_in(annotation: Any) -> type[SchemaModel] | None:
    for part in _parts(annotation):
        if isinstance(part, type) and issubclass(part, SchemaModel):
            return part
    return None


def _is_list(annotation: Any) -> bool:
    return any(getattr(part, "__origin__", None) is list for part in _parts(annotation))
