"""The description of the wizard (``GET /v1/wizard``) in the document."""

from typing import Any, Final

from api.document.sections import ref
from domain.json_values import JsonObject
from domain.stages import Section
from domain.validation.check_codes import Severity
from domain.wizard_description import ENUMS, describe_wizard

COMPONENT: Final = "WizardDescription"

_TEXT: Final[JsonObject] = {"type": "string"}
_INTEGER: Final[JsonObject] = {"type": "integer"}


def describe_description(schemas: dict[str, Any]) -> None:
    """Adds the component of the description of the wizard."""
    schemas[COMPONENT] = _object(
        stages=_list(
            _object(
                stage=ref("Stage"),
                title=_TEXT,
                section={"type": "string", "enum": [section.value for section in Section]},
                weight={**_INTEGER, "description": "The share of the progress, in percent"},
                schema={
                    "type": "object",
                    "description": "The JSON Schema of the stage's valid data",
                    "additionalProperties": True,
                },
            ),
            "The stages in order",
        ),
        enums=_object(**{name: _list(ref(enum.__name__)) for name, enum in ENUMS.items()}),
        currencies=_list(
            _object(
                code=_TEXT,
                decimals=_INTEGER,
                multiple_of={**_INTEGER, "description": "Amounts are multiples of this"},
                minimum_amount={**_INTEGER, "description": "The least that a ticket may cost"},
                maximum_amount=_INTEGER,
            ),
            "The currencies of paid tickets. Amounts are in the minor unit",
        ),
        default_currency=_TEXT,
        default_timezone=_TEXT,
        countries=_list(_TEXT, "The codes of countries (ISO 3166-1 alpha-2)"),
        terms_version={**_TEXT, "description": "The version of the terms to accept"},
        limits=_object(**dict.fromkeys(describe_wizard()["limits"], _INTEGER)),
        error_codes=_by_code("ErrorCode", _TEXT, "What each code of a field error means"),
        check_codes=_by_code(
            "CheckCode",
            _object(
                severity={"type": "string", "enum": [severity.value for severity in Severity]},
                meaning=_TEXT,
            ),
            "What each code of a publish check means",
        ),
    )


def _object(**properties: JsonObject) -> JsonObject:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: JsonObject, description: str = "") -> JsonObject:
    described = {"description": description} if description else {}
    return {"type": "array", "items": items, **described}


def _by_code(codes: str, value: JsonObject, description: str) -> JsonObject:
    return {
        "type": "object",
        "additionalProperties": value,
        "propertyNames": ref(codes),
        "description": description,
    }
