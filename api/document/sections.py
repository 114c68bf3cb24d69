"""Schemas of the stages' data for the document: of drafts, and of published events.

Drafts are kept when they break a rule, and events may have been published under older rules. So
these schemas have names and types of the fields, while formats and limits are in the descriptions.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from domain.json_values import JsonObject
from domain.schemas.base import REQUIRED, FieldRule, SchemaModel, fields_of
from domain.values.pictures import PICTURE_PATTERN

REF: Final = "#/components/schemas/{model}"

_KEPT: Final = ("title", "description", "default")
_NULL: Final[JsonObject] = {"type": "null"}

_FORMATS: Final = {
    "date": "A date, as `YYYY-MM-DD`.",
    "email": "An email address.",
    "uri": "An `https` URL.",
    "uri-reference": f"A path that begins with `/media/`, or an `https` URL: `{PICTURE_PATTERN}`.",
}
_LONGEST_CHOICE: Final = 20
"""Longer lists of choices, such as currencies, are in the description of the wizard."""


def ref(name: str) -> JsonObject:
    return {"$ref": REF.format(model=name)}


def nullable(schema: JsonObject) -> JsonObject:
    kind = schema.get("type")
    if isinstance(kind, str):
        return {**schema, "type": [kind, "null"]}
    return schema if isinstance(kind, list) else {"anyOf": [*schema.get("anyOf", [schema]), _NULL]}


def set_fields(schemas: dict[str, Any], fields: Mapping[tuple[str, str], JsonObject]) -> None:
    """Replaces the types of fields, by component and name. Titles, descriptions and defaults stay.

    Raises:
        KeyError: there is no such component or field.
    """
    for (component, name), schema in fields.items():
        properties = schemas[component]["properties"]
        kept = {word: properties[name][word] for word in _KEPT if word in properties[name]}
        properties[name] = {**schema, **kept}


class SectionSchemas:
    """The schemas of some sections, with those of the models in them."""

    def __init__(self, sections: Iterable[type[SchemaModel]]) -> None:
        self.models = {model.__name__: model for root in sections for model in _models_in(root)}
        _, schema = models_json_schema(
            [(model, "validation") for model in self.models.values()], ref_template=REF
        )
        self._definitions: dict[str, JsonObject] = schema["$defs"]

    def enums(self) -> dict[str, JsonObject]:
        definitions = self._definitions.items()
        return {name: schema for name, schema in definitions if name not in self.models}

    def drafts(self, names: dict[str, str]) -> dict[str, JsonObject]:
        """Every field may be absent or null, and no other field is allowed.

        Args:
            names: the names of components by those of models, for models whose name differs.
        """
        return {
            names.get(name, name): self._object(
                name,
                {
                    rule.alias: {
                        **nullable(self._typed(self._property(name, rule), names)),
                        **_described(_rules_of(self._property(name, rule), rule, model)),
                    }
                    for rule in fields_of(model)
                },
                additionalProperties=False,
            )
            for name, model in self.models.items()
        }

    def published(self, names: dict[str, str]) -> dict[str, JsonObject]:
        """Absent fields are left out. A later release may add fields."""
        return {
            names.get(name, name): self._object(
                name,
                {
                    rule.alias: {
                        **self._typed(self._property(name, rule), names),
                        **_described(self._property(name, rule).get("description", "")),
                    }
                    for rule in fields_of(model)
                },
                required=[rule.alias for rule in fields_of(model) if rule.required == REQUIRED],
            )
            for name, model in self.models.items()
        }

    def _property(self, name: str, rule: FieldRule) -> JsonObject:
        schema: JsonObject = self._definitions[name]["properties"][rule.alias]
        return schema

    def _object(self, name: str, properties: JsonObject, **keywords: Any) -> JsonObject:
        described = _described(self._definitions[name].get("description", ""))
        return {"type": "object", **described, "properties": properties, **keywords}

    def _typed(self, schema: JsonObject, names: dict[str, str]) -> JsonObject:
        """A schema without formats, limits, defaults and descriptions."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return ref(names.get(name, name))
        if "anyOf" in schema:
            return {"anyOf": [self._typed(member, names) for member in schema["anyOf"]]}
        typed: JsonObject = {"type": schema["type"]}
        if "items" in schema:
            typed["items"] = self._typed(schema["items"], names)
        if isinstance(schema.get("additionalProperties"), dict):
            typed["additionalProperties"] = self._typed(schema["additionalProperties"], names)
        return typed


def _models_in(model: type[SchemaModel]) -> Iterator[type[SchemaModel]]:
    yield model
    for rule in fields_of(model):
        if rule.model is not None:
            yield from _models_in(rule.model)


def _described(text: str) -> JsonObject:
    return {"description": text} if text else {}


def _rules_of(schema: JsonObject, rule: FieldRule, model: type[SchemaModel]) -> str:
    """What a valid value is, as Markdown."""
    sentences = [
        _sentence(schema.get("description", "")),
        _requirement(rule, model),
        _format(schema),
        _limits(schema),
        f"Default: `{_shown(schema['default'])}`." if "default" in schema else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _sentence(text: str) -> str:
    return text if not text or text.endswith(".") else f"{text}."


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _requirement(rule: FieldRule, model: type[SchemaModel]) -> str:
    if rule.required is None:
        return ""
    if rule.required.field is None:
        return "Required."
    other = next(field for field in fields_of(model) if field.name == rule.required.field)
    values = " or ".join(f"`{value}`" for value in rule.required.values)
    return f"Required if `{other.alias}` is {values}."


def _format(schema: JsonObject) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    if "pattern" in schema:
        return f"The pattern is `{schema['pattern']}`."
    choices = schema.get("enum", [])
    if len(choices) > _LONGEST_CHOICE:
        return "A code that `GET /v1/wizard` lists."
    return f"One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else ""


def _limits(schema: JsonObject) -> str:
    for low, high, unit in (
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " entries"),
        ("minimum", "maximum", ""),
    ):
        least, most = schema.get(low), schema.get(high)
        if least is not None and most is not None:
            return f"From {least} to {most}{unit}."
        if most is not None:
            return f"At most {most}{unit}."
        if least is not None:
            return f"At least {least}{unit}."
    return ""
