"""A conversation with the assistant, and the limits of what a client may send.

Both agents, by rules and by a model, read a `Turn` and answer with `Reply` after `Reply`. The wire
(AG-UI, MCP) is made from them elsewhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from copilot.context import CopilotContext
from copilot.texts import Language, language_of
from copilot.tools import Tool
from copilot.understanding.facts import Circumstances
from domain.errors import ErrorCode, InvalidRequest, PayloadTooLarge
from domain.json_values import JsonObject
from domain.validation.texts import Path, field_error

MAX_MESSAGES: Final = 200
"""Of one run: a client sends the whole conversation."""
MAX_MESSAGE_BYTES: Final = 16 * 1024
MAX_CONVERSATION_BYTES: Final = 256 * 1024
MAX_CALLS_PER_MESSAGE: Final = 16
MAX_ARGUMENT_BYTES: Final = 96 * 1024
"""As much as a section of the data may have."""


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool. The browser runs it, and its id is the idempotency key of the change."""

    call_id: str
    tool: str
    arguments: JsonObject


@dataclass(frozen=True)
class AnswerChoice:
    """An answer that a person can give by a button."""

    label: str
    answer: str
    """What is sent as the person's message."""


@dataclass(frozen=True)
class ChatMessage:
    message_id: str
    role: Role
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    call_id: str | None = None
    """The id of the call that this message of a tool answers."""
    revision: int | None = None
    """Of the session that this answer was made from; null for a message that a client has sent."""
    choices: tuple[AnswerChoice, ...] = ()
    """Answers to this message. Empty for a message that a client has sent."""


@dataclass(frozen=True)
class Words:
    """A part of the assistant's message. Parts that follow one another are one message."""

    text: str


@dataclass(frozen=True)
class Choices:
    """What can be answered by a button. Part of no message, and last of the replies."""

    choices: tuple[AnswerChoice, ...]


Reply = Words | ToolCall | Choices


@dataclass(frozen=True)
class Turn:
    """All that an answer is made from: the same turn has the same answer by rules."""

    messages: tuple[ChatMessage, ...]
    """Oldest first."""
    context: CopilotContext
    tools: tuple[Tool, ...]
    """Those of the table that the client can run."""
    circumstances: Circumstances
    has_links: bool = False
    """Whether the client has the pages of the front end, which words may link to."""

    @property
    def language(self) -> Language:
        """The language of what is said to the person."""
        return language_of(self.context.locale)


def last_text(messages: Sequence[ChatMessage], role: Role) -> str:
    """The text of the newest message of a role; empty if there is none."""
    return next((message.text for message in reversed(messages) if message.role is role), "")


def has_gone_on(stored: Sequence[ChatMessage], sent: Sequence[ChatMessage]) -> bool:
    """Whether the stored conversation begins with what was sent, and the client has sent more
    since: ``sent`` is then late, and not an answer that is asked for again."""
    begins_alike = [message.message_id for message in stored[: len(sent)]] == [
        message.message_id for message in sent
    ]
    return begins_alike and any(
        message.role is not Role.ASSISTANT for message in stored[len(sent) :]
    )


def check_limits(messages: Sequence[ChatMessage]) -> None:
    """Refuses a conversation that is too long.

    Raises:
        InvalidRequest: too many messages, or too many calls in one.
        PayloadTooLarge: a message, an argument or the whole conversation has too many bytes.
    """
    if len(messages) > MAX_MESSAGES:
        raise _too_many(("messages",), MAX_MESSAGES)
    total = 0
    for index, message in enumerate(messages):
        if len(message.calls) > MAX_CALLS_PER_MESSAGE:
            raise _too_many(("messages", index, "toolCalls"), MAX_CALLS_PER_MESSAGE)
        size = len(message.text.encode("utf-8", "surrogatepass"))
        limit = MAX_ARGUMENT_BYTES if message.role is Role.TOOL else MAX_MESSAGE_BYTES
        arguments = [len(json.dumps(call.arguments)) for call in message.calls]
        if size > limit or any(length > MAX_ARGUMENT_BYTES for length in arguments):
            raise PayloadTooLarge(f"Message {index + 1} is too long.")
        total += size + sum(arguments)
    if total > MAX_CONVERSATION_BYTES:
        raise PayloadTooLarge("The conversation is too long. Start a new one.")


def _too_many(path: Path, limit: int) -> InvalidRequest:
    error = field_error(None, path, ErrorCode.TOO_MANY, max=limit)
    return InvalidRequest(error.message, errors=[error])
