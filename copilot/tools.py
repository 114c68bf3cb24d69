"""The tools of the assistant: one table for the rules, a model, AG-UI and MCP.

The parameters are JSON Schemas from the schemas of the stages. They never include the session: the
front end knows which one is open, and MCP adds its id. A tool is run with the person's token, so it
can do nothing that the person may not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.stages import STAGES, TITLES, Stage


class Effect(StrEnum):
    """What a tool can change."""

    READ = "read"
    """Nothing."""
    WRITE = "write"
    """The session. Each change can be undone."""
    PUBLISH = "publish"
    """The public: an event appears."""


@dataclass(frozen=True)
class Tool:
    name: str
    stage: Stage | None
    """The stage that the tool belongs to; null if it is offered at each."""
    effect: Effect
    asks_first: bool
    """Whether a person confirms each call before it has its effect."""
    description: str
    parameters: JsonObject
    """A JSON Schema of an object."""


NO_PARAMETERS: Final[JsonObject] = {
    "type": "object",
    "properties": {},
    "additionalProperties": False,
}
PUBLISH_AT: Final[JsonObject] = {
    "type": "string",
    "format": "date-time",
    "description": "When to publish, in the future. Omit it to publish now",
}
TIER_REFERENCE: Final[JsonObject] = {
    "type": "string",
    "description": "The id of the ticket tier, or its name",
}


def parameters(
    properties: Mapping[str, JsonObject], required: tuple[str, ...] = (), **keywords: Any
) -> JsonObject:
    """The schema of an object that has no other properties."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
        **keywords,
    }


def draft_of(stage: Stage) -> JsonObject:
    """The schema of a merge patch of a stage's data: a field may be absent, or null to be removed.

    This holds for the fields of an object, too; a list is sent whole. Terms are not part of it: a
    person accepts them.
    """
    schema = INPUT_SCHEMAS[stage].model_json_schema()
    definitions: dict[str, JsonObject] = schema.get("$defs", {})
    fields = {
        name: _patch_of(rule, definitions)
        for name, rule in schema["properties"].items()
        if name != "acceptTerms"
    }
    used = _used_in(fields, definitions)
    keywords: dict[str, Any] = {"$defs": used} if used else {}
    return parameters(fields, **keywords)


def _patch_of(rule: JsonObject, definitions: Mapping[str, JsonObject]) -> JsonObject:
    """The schema of a field of a merge patch."""
    referred = definitions.get(_referred(rule), {})
    if "properties" in referred:
        fields = referred["properties"].items()
        rule = parameters({name: _patch_of(inner, definitions) for name, inner in fields})
    return {"anyOf": [rule, {"type": "null"}]}


def _used_in(rule: Any, definitions: Mapping[str, JsonObject]) -> dict[str, JsonObject]:
    """The definitions that a schema refers to, directly or not."""
    used: dict[str, JsonObject] = {}
    pending = [rule]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            pending += part.values()
            name = _referred(part)
            if name in definitions and name not in used:
                used[name] = definitions[name]
                pending.append(definitions[name])
        elif isinstance(part, list):
            pending += part
    return used


def _referred(rule: JsonObject) -> str:
    return str(rule.get("$ref", "")).rpartition("/")[2]


def _tier_schema(required: tuple[str, ...], **properties: JsonObject) -> JsonObject:
    definitions = dict(INPUT_SCHEMAS[Stage.TICKET_SETUP].model_json_schema()["$defs"])
    fields = {
        name: rule for name, rule in definitions["Tier"]["properties"].items() if name != "id"
    }
    return parameters({**properties, **fields}, required, **{"$defs": definitions})


def _stage_tools(stage: Stage) -> tuple[Tool, ...]:
    title = TITLES[stage]
    name = stage.value[0].upper() + stage.value[1:]
    section = stage.section.value.capitalize()
    return (
        Tool(
            f"complete{name}",
            stage,
            Effect.WRITE,
            asks_first=False,
            description=f"Completes the stage {title}, if its data is valid, and opens the next",
            parameters=NO_PARAMETERS,
        ),
        Tool(
            f"autosave{section}Data",
            stage,
            Effect.WRITE,
            asks_first=False,
            description=f"Saves fields of the stage {title}. Null removes a field, others stay",
            parameters=draft_of(stage),
        ),
        Tool(
            f"suggest{section}Details",
            stage,
            Effect.READ,
            asks_first=False,
            description=f"Suggests values for empty fields of the stage {title}. Saves nothing",
            parameters=NO_PARAMETERS,
        ),
    )


_TIER_TOOLS: Final = (
    Tool(
        "addTier",
        Stage.TICKET_SETUP,
        Effect.WRITE,
        asks_first=False,
        description="Adds a ticket tier. unit_amount is in the minor unit of the currency",
        parameters=_tier_schema(("name", "unit_amount")),
    ),
    Tool(
        "changeTier",
        Stage.TICKET_SETUP,
        Effect.WRITE,
        asks_first=False,
        description="Changes the fields of a ticket tier that are given",
        parameters=_tier_schema(("tier",), tier=TIER_REFERENCE),
    ),
    Tool(
        "removeTier",
        Stage.TICKET_SETUP,
        Effect.WRITE,
        asks_first=False,
        description="Removes a ticket tier",
        parameters=parameters({"tier": TIER_REFERENCE}, ("tier",)),
    ),
    Tool(
        "connectPayments",
        Stage.TICKET_SETUP,
        Effect.WRITE,
        asks_first=True,
        description="Opens Stripe, where the person connects an account for paid tickets",
        parameters=NO_PARAMETERS,
    ),
)

_PUBLISH_TOOLS: Final = (
    Tool(
        "publishEvent",
        Stage.REVIEW_PUBLISH,
        Effect.PUBLISH,
        asks_first=True,
        description="Runs the checks and asks the person to confirm the publication",
        parameters=parameters({"publish_at": PUBLISH_AT}),
    ),
    Tool(
        "confirmPublish",
        Stage.REVIEW_PUBLISH,
        Effect.PUBLISH,
        asks_first=True,
        description="Publishes the event as it was checked. Refused if it has changed since",
        parameters=parameters(
            {
                "revision": {"type": "integer", "description": "The revision that was checked"},
                "checks_digest": {"type": "string", "description": "As runChecks returned it"},
                "publish_at": PUBLISH_AT,
            },
            ("revision", "checks_digest"),
        ),
    ),
)

_GENERAL_TOOLS: Final = (
    Tool(
        "createSession",
        None,
        Effect.WRITE,
        asks_first=False,
        description="Creates a session of the wizard: the draft of an event",
        parameters=NO_PARAMETERS,
    ),
    Tool(
        "goToStage",
        None,
        Effect.WRITE,
        asks_first=False,
        description="Opens a stage",
        parameters=parameters(
            {"stage": {"type": "string", "enum": [stage.value for stage in STAGES]}}, ("stage",)
        ),
    ),
    Tool(
        "undoLast",
        None,
        Effect.WRITE,
        asks_first=False,
        description="Restores the data as it was before the last change",
        parameters=NO_PARAMETERS,
    ),
    Tool(
        "runChecks",
        None,
        Effect.READ,
        asks_first=False,
        description="Runs the publish checks, and returns them with their digest",
        parameters=NO_PARAMETERS,
    ),
    Tool(
        "whatIsMissing",
        None,
        Effect.READ,
        asks_first=False,
        description="Lists what is missing or wrong before the event can be published",
        parameters=NO_PARAMETERS,
    ),
    Tool(
        "explainField",
        None,
        Effect.READ,
        asks_first=False,
        description="Explains a field: what it is for, its limits, and an example",
        parameters=parameters(
            {
                "stage": {"type": "string", "enum": [stage.value for stage in STAGES]},
                "pointer": {
                    "type": "string",
                    "description": "A JSON Pointer into the data of the stage, such as /startTime",
                },
            },
            ("stage", "pointer"),
        ),
    ),
    Tool(
        "fillFromText",
        None,
        Effect.READ,
        asks_first=False,
        description="Reads a sentence and proposes values for fields of all stages. Saves nothing",
        parameters=parameters({"text": {"type": "string", "maxLength": 4000}}, ("text",)),
    ),
)

TOOLS: Final[tuple[Tool, ...]] = (
    *(tool for stage in STAGES for tool in _stage_tools(stage)),
    *_TIER_TOOLS,
    *_PUBLISH_TOOLS,
    *_GENERAL_TOOLS,
)

_BY_NAME: Final = {tool.name: tool for tool in TOOLS}


def tool_named(name: str) -> Tool | None:
    return _BY_NAME.get(name)


def tools_for(stage: Stage) -> tuple[Tool, ...]:
    """The tools of a stage, and those that are offered at each."""
    return tuple(tool for tool in TOOLS if tool.stage in (stage, None))
