"""The data of sessions in the document: drafts to send, and the stages of a session."""

from typing import Any, Final

from api.document.sections import SectionSchemas, ref
from copilot.tools import TOOLS
from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.review import ReviewSection
from domain.stages import SECTION_OF, STAGES, TITLES, Stage

DRAFTS: Final[dict[Stage, str]] = {
    stage: f"{SECTION_OF[stage].value.title()}Draft" for stage in STAGES
}
"""The components of what a client may send for each stage."""

STORED: Final[dict[Stage, str]] = {**DRAFTS, Stage.REVIEW_PUBLISH: "ReviewData"}
"""The components of what a session has of each stage."""

_STAGE_VIEWS: Final[dict[Stage, str]] = {
    stage: f"{SECTION_OF[stage].value.title()}StageView" for stage in STAGES
}

_SECTIONS: Final = SectionSchemas([*INPUT_SCHEMAS.values(), ReviewSection])

_NAMES: Final = {
    **{INPUT_SCHEMAS[stage].__name__: DRAFTS[stage] for stage in STAGES},
    ReviewSection.__name__: STORED[Stage.REVIEW_PUBLISH],
}

_PERCENT: Final[JsonObject] = {"type": "integer", "minimum": 0, "maximum": 100}

_KEPT: Final = (
    "A draft is kept as it was sent, even if it is not valid. So a value may also be of another "
    "type than here: then `errors` has an entry with its pointer."
)


def any_draft() -> JsonObject:
    """A merge patch of any stage. Which one it is, the path says."""
    return {
        "anyOf": [ref(name) for name in DRAFTS.values()],
        "description": "A merge patch (RFC 7396) of the data of the stage in the path: fields that "
        "are absent stay unchanged, and null removes a field.",
    }


def type_sessions(schemas: dict[str, Any]) -> None:
    """Gives the data of sessions its types, in the components of the document."""
    schemas |= _SECTIONS.enums() | _SECTIONS.drafts(_NAMES)
    generic = schemas.pop("StageView")
    for stage in STAGES:
        schemas[_STAGE_VIEWS[stage]] = _stage_view(generic, stage)
    view = schemas["SessionView"]["properties"]
    view["stages"] = _by_stage({stage: ref(_STAGE_VIEWS[stage]) for stage in STAGES})
    view["completion_details"] = {
        **_by_stage(dict.fromkeys(STAGES, _PERCENT)),
        "description": view["completion_details"]["description"],
    }
    sections = schemas["ListedAction"]["properties"]["sections"]
    sections["anyOf"] = [stored_sections(), {"type": "null"}]


def type_copilot(schemas: dict[str, Any]) -> None:
    """Gives the names of the assistant's tools and the data in its context their types."""
    schemas["CopilotToolName"] = {"type": "string", "enum": [tool.name for tool in TOOLS]}
    schemas["CopilotTool"]["properties"]["name"] = ref("CopilotToolName")
    context = schemas["CopilotContext"]["properties"]
    any_stage = {"anyOf": [ref(name) for name in STORED.values()]}
    for name, schema in (
        ("data", any_stage),
        ("organizer", ref(STORED[Stage.ORGANIZER_SETUP])),
        ("event", ref(STORED[Stage.EVENT_SETUP])),
    ):
        described = context[name].get("description", f"The data of the {name}")
        context[name] = {**schema, "description": described}
    progress = schemas["CopilotProgress"]["properties"]
    progress["stages"] = _by_stage(dict.fromkeys(STAGES, _PERCENT))


def stored_sections() -> JsonObject:
    """Sections of a session by their names."""
    return _by_section(STORED)


def sent_sections() -> JsonObject:
    """Drafts of sections by the sections' names."""
    return _by_section(DRAFTS)


def _by_section(names: dict[Stage, str]) -> JsonObject:
    return {
        "type": "object",
        "properties": {section.value: ref(names[stage]) for stage, section in SECTION_OF.items()},
        "additionalProperties": False,
    }


def _by_stage(schemas: dict[Stage, JsonObject]) -> JsonObject:
    return {
        "type": "object",
        "properties": {stage.value: schema for stage, schema in schemas.items()},
        "required": [stage.value for stage in schemas],
        "additionalProperties": False,
    }


def _stage_view(generic: JsonObject, stage: Stage) -> JsonObject:
    return {
        **generic,
        "title": _STAGE_VIEWS[stage],
        "description": f"The stage `{stage.value}` ({TITLES[stage]}): its data, and what is "
        f"missing or invalid. {_KEPT}",
        "properties": {**generic["properties"], "data": ref(STORED[stage])},
    }
