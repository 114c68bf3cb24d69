"""The tools of the assistant as MCP has them: which are offered, their parameters, their hints."""

from functools import cache
from typing import Final

import mcp_types

from copilot.tools import TOOLS, Effect, Tool, tool_named
from domain.json_values import MAX_NUMBER, JsonObject

NOT_OFFERED: Final = {
    "publishEvent": "a page asks the person; here, confirmPublish takes what runChecks returned",
    "connectPayments": "the person connects an account at Stripe, in a browser",
    "autosaveReviewData": "the stage has no field but the terms, which the person accepts",
    "suggestReviewDetails": "the stage has no value to suggest",
}
"""With the reason for each."""

SESSION_ID: Final[JsonObject] = {
    "type": "string",
    "format": "uuid",
    "description": "The id of the session, as createSession returned it",
}
REVISION: Final[JsonObject] = {
    "type": "integer",
    "minimum": 0,
    "maximum": MAX_NUMBER,
    "description": "The revision that the change is based on, as the last result has it. If the "
    "session has another one, nothing is changed",
}
MIN_KEY: Final = 8
MAX_KEY: Final = 200
KEY: Final[JsonObject] = {
    "type": "string",
    "minLength": MIN_KEY,
    "maxLength": MAX_KEY,
    "pattern": "^[!-~]+$",
    "description": "A new random text for each session that you want, such as a UUID. The call "
    "returns the same session if it is repeated with the same key",
}

NEEDS_REVISION: Final = frozenset({"undoLast"})
"""Without it, a repeat would undo the undoing."""


@cache
def offered_tools() -> tuple[mcp_types.Tool, ...]:
    return tuple(_described(tool) for tool in TOOLS if tool.name not in NOT_OFFERED)


def offered_tool(name: str) -> Tool | None:
    return None if name in NOT_OFFERED else tool_named(name)


def _described(tool: Tool) -> mcp_types.Tool:
    return mcp_types.Tool(
        name=tool.name,
        description=f"{tool.description}.",
        input_schema=input_schema(tool),
        annotations=mcp_types.ToolAnnotations(
            read_only_hint=tool.effect is Effect.READ,
            # A change of a session can be undone, and a publication cannot.
            destructive_hint=tool.effect is Effect.PUBLISH,
            idempotent_hint=True,
            open_world_hint=tool.effect is Effect.PUBLISH,
        ),
    )


def input_schema(tool: Tool) -> JsonObject:
    """The parameters of the table, with those that name the session and its revision."""
    added: JsonObject = {"key": KEY} if tool.name == "createSession" else {"session_id": SESSION_ID}
    required = list(added)
    if tool.effect is Effect.WRITE and tool.name != "createSession":
        added["revision"] = REVISION
    if tool.name in NEEDS_REVISION:
        required.append("revision")
    own = tool.parameters
    return {
        **own,
        "properties": {**added, **own["properties"]},
        "required": [*required, *own.get("required", ())],
    }
