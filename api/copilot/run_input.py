"""What a client sends to run the assistant: the ``RunAgentInput`` of AG-UI.

Only the session, the messages, the names of the client's tools and how answers are shown are read.
State, context and instructions of a client are ignored: the server has its own.
"""

import re
from functools import partial
from typing import Annotated, Any, Final

import pydantic_core
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.errors import body_error
from copilot.context import Device
from copilot.conversation import ChatMessage, Role, ToolCall, check_limits
from copilot.tools import TOOLS, Tool
from domain.errors import ErrorCode, InvalidRequest, SessionNotFound
from domain.ids import canonical_id, required_id
from domain.json_values import JsonObject
from domain.schemas.fields import Timezone, refused
from domain.stages import Stage
from domain.validation.texts import Path

MAX_ID_LENGTH: Final = 200
MAX_TOOLS: Final = 200
DEFAULT_LOCALE: Final = "en"

_ROLES: Final = frozenset(Role)
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")


def _thread_id(text: str) -> str:
    thread_id = canonical_id(text)
    if thread_id is None:
        raise refused(ErrorCode.INVALID_FORMAT, format="uuid")
    return thread_id


def _locale(text: str) -> str:
    if _LOCALE.fullmatch(text) is None:
        raise refused(ErrorCode.INVALID_FORMAT, format="language")
    return text


def _text(value: object) -> object:
    """The text of a message, which may be a list of parts. Pictures and files are left out."""
    if value is None:
        return ""
    if not isinstance(value, list):
        return value
    parts = [part.get("text") for part in value if isinstance(part, dict)]
    return "\n".join(part for part in parts if isinstance(part, str))


MessageId = Annotated[str, Field(min_length=1, max_length=MAX_ID_LENGTH)]
MessageText = Annotated[str, BeforeValidator(_text, json_schema_input_type=str)]
Locale = Annotated[
    str,
    Field(max_length=35, json_schema_extra={"pattern": f"^{_LOCALE.pattern}$"}),
    AfterValidator(_locale),
]


class _WireModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class CalledFunction(_WireModel):
    name: str = Field(max_length=MAX_ID_LENGTH)
    arguments: str = Field(default="", description="A JSON object, as text")


class SentCall(_WireModel):
    """A call of a tool, as the assistant's message has it."""

    id: MessageId
    function: CalledFunction


class SentMessage(_WireModel):
    """A message of the conversation."""

    id: MessageId
    role: str = Field(
        max_length=40,
        description="`user`, `assistant` or `tool`. Messages of other roles are ignored",
        examples=["user"],
    )
    content: MessageText = Field(
        default="", description="Text. Of a list of parts, the texts are read"
    )
    tool_calls: list[SentCall] | None = Field(
        default=None, description="Only of `assistant`: the tools that it called"
    )
    tool_call_id: MessageId | None = Field(
        default=None, description="Only of `tool`: the call that has this result"
    )


class SentTool(_WireModel):
    """A tool of the client. Its description and parameters are not read."""

    name: str = Field(max_length=MAX_ID_LENGTH)


class ForwardedProps(_WireModel):
    """What the front end adds to each run: in CopilotKit, its ``properties``."""

    model_config = ConfigDict(alias_generator=None)

    session_id: Annotated[str, AfterValidator(partial(required_id, missing=SessionNotFound))] = (
        Field(description="The session that the person works on")
    )
    stage: Stage | None = Field(
        default=None, description="The stage that is on screen. Unless set, the current one"
    )
    device: Device = Device.DESKTOP
    links: bool = Field(
        default=False,
        description="Whether findings of the publish checks link to the fields, by addresses such "
        "as `/s/{session_id}/eventSetup#field-title`. For pages of the front end",
    )
    locale: Locale = Field(
        default=DEFAULT_LOCALE,
        description="The language of the person, a BCP 47 tag",
        examples=["en-GB"],
    )
    timezone: Timezone | None = Field(
        default=None,
        description="The time zone of the person, an IANA name",
        examples=["Europe/Lisbon"],
    )


_EXAMPLE: Final[JsonObject] = {
    "threadId": "5b0c0d6e-4f0e-4a52-9a3f-0a6f6f1f7c11",
    "runId": "run-1",
    "messages": [{"id": "message-1", "role": "user", "content": "What is missing?"}],
    "tools": [{"name": "autosaveEventData"}, {"name": "completeEventSetup"}],
    "forwardedProps": {"session_id": "0b0e7c1a-0000-4000-8000-000000000001", "locale": "en"},
}


class RunInput(_WireModel):
    """The `RunAgentInput` of AG-UI, as far as it is read. Other fields are ignored."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    thread_id: Annotated[str, AfterValidator(_thread_id)] = Field(
        description="The conversation: a UUID that the client chooses",
        json_schema_extra={"format": "uuid"},
    )
    run_id: MessageId
    messages: list[SentMessage] = Field(description="The whole conversation, oldest first")
    tools: list[SentTool] | None = Field(
        default=None,
        max_length=MAX_TOOLS,
        description="What the client can run. Only tools of the server's table are called",
    )
    forwarded_props: ForwardedProps

    def conversation(self) -> tuple[ChatMessage, ...]:
        """
        Raises:
            InvalidRequest: the arguments of a call are no JSON object, or there are too many
                messages or calls.
            PayloadTooLarge: a message or the conversation has too many bytes.
        """
        messages = tuple(
            _chat_message(message, index)
            for index, message in enumerate(self.messages)
            if message.role in _ROLES
        )
        check_limits(messages)
        return messages

    def offered(self) -> tuple[Tool, ...]:
        """Those of the table that the client can run."""
        names = {tool.name for tool in self.tools or ()}
        return tuple(tool for tool in TOOLS if tool.name in names)


def _chat_message(message: SentMessage, index: int) -> ChatMessage:
    role = Role(message.role)
    calls = (message.tool_calls or ()) if role is Role.ASSISTANT else ()
    return ChatMessage(
        message_id=message.id,
        role=role,
        text=message.content,
        calls=tuple(
            ToolCall(
                call.id,
                call.function.name,
                _arguments(call, ("messages", index, "toolCalls", place, "function", "arguments")),
            )
            for place, call in enumerate(calls)
        ),
        call_id=message.tool_call_id if role is Role.TOOL else None,
    )


def _arguments(call: SentCall, path: Path) -> JsonObject:
    try:
        arguments: Any = pydantic_core.from_json(
            call.function.arguments or "{}", allow_inf_nan=False
        )
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        error = body_error(path, ErrorCode.INVALID_FORMAT, format="json")
        raise InvalidRequest(error.message, errors=[error])
    return arguments
