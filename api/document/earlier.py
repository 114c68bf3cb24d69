"""The contract of the earlier edge function in the document."""

from typing import Any, Final

from api.document.sections import nullable, ref, set_fields
from api.document.views import STORED, any_draft
from domain.json_values import JsonObject
from domain.stages import SECTION_OF, STAGES, Section

_TEXT: Final[JsonObject] = {"type": "string"}
_STAGE: Final[JsonObject] = {
    "type": "string",
    "enum": [*STAGES, *Section],
    "description": "A stage, or its section",
}

EARLIER_DATA: Final[JsonObject] = {
    "anyOf": [
        {
            "type": "object",
            "description": "For `update_stage_data`",
            "properties": {"stage": _STAGE, "stageData": any_draft()},
            "required": ["stage", "stageData"],
        },
        {
            "type": "object",
            "description": "For `transition`",
            "properties": {"fromStage": _STAGE, "toStage": _STAGE},
            "required": ["fromStage", "toStage"],
        },
        {"type": "object", "description": "For the others", "maxProperties": 0},
    ]
}
"""``data`` of a request."""


def type_earlier_contract(schemas: dict[str, Any]) -> None:
    """Gives sessions, events and errors their types, in the components of the document."""
    schemas["EarlierSession"] = _session(schemas["SessionView"])
    schemas["EarlierEvent"] = {
        "allOf": [
            ref("Event"),
            {"type": "object", "properties": {"id": _TEXT}, "required": ["id"]},
        ]
    }
    set_fields(
        schemas,
        {
            ("Answer", "session"): nullable(ref("EarlierSession")),
            ("Answer", "event"): nullable(ref("EarlierEvent")),
            ("Refusal", "errors"): {"type": "array", "items": ref("FieldError")},
        },
    )


def _session(view: JsonObject) -> JsonObject:
    """The fields of a session but its stages, and the columns of the earlier table."""
    properties = {
        "id": _TEXT,
        **{name: schema for name, schema in view["properties"].items() if name != "stages"},
        **{f"{section.value}_data": ref(STORED[stage]) for stage, section in SECTION_OF.items()},
        "payment_data": ref("Payments"),
        "stripe_account_id": nullable(_TEXT),
        "validation_errors": {
            "type": "object",
            "description": "The first message of each invalid field, by section and field",
            "properties": {
                section.value: {"type": "object", "additionalProperties": _TEXT}
                for section in Section
            },
        },
    }
    return {
        "type": "object",
        "description": "A session, as a row of the earlier design's table.",
        "properties": properties,
        "required": list(properties),
    }
