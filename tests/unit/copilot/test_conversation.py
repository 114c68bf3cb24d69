"""The limits of a conversation, and calls without a result."""

from collections.abc import Sequence

import pytest

from copilot.conversation import (
    MAX_ARGUMENT_BYTES,
    MAX_CALLS_PER_MESSAGE,
    MAX_CONVERSATION_BYTES,
    MAX_MESSAGE_BYTES,
    MAX_MESSAGES,
    ChatMessage,
    Role,
    ToolCall,
    check_limits,
)
from domain.errors import InvalidRequest, PayloadTooLarge

CALL = ToolCall("call-1", "autosaveEventData", {"title": "Hats"})


def said(text: str) -> ChatMessage:
    return ChatMessage("m", Role.USER, text)


def called(*calls: ToolCall) -> ChatMessage:
    return ChatMessage("m", Role.ASSISTANT, calls=calls)


def test_a_conversation_at_its_limits_is_accepted() -> None:
    check_limits([said("x")] * MAX_MESSAGES)
    check_limits([said("x" * MAX_MESSAGE_BYTES), called(*[CALL] * MAX_CALLS_PER_MESSAGE)])


@pytest.mark.parametrize(
    ("messages", "pointer"),
    [
        ([said("x")] * (MAX_MESSAGES + 1), "/messages"),
        ([said("x"), called(*[CALL] * (MAX_CALLS_PER_MESSAGE + 1))], "/messages/1/toolCalls"),
    ],
)
def test_too_many_are_named(messages: Sequence[ChatMessage], pointer: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_limits(messages)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        (pointer, "too_many")
    ]


@pytest.mark.parametrize(
    "messages",
    [
        [said("é" * (MAX_MESSAGE_BYTES // 2 + 1))],
        [called(ToolCall("call-1", "addTier", {"name": "x" * MAX_ARGUMENT_BYTES}))],
        [said("x" * MAX_MESSAGE_BYTES)] * (MAX_CONVERSATION_BYTES // MAX_MESSAGE_BYTES + 1),
    ],
)
def test_too_many_bytes_are_refused(messages: Sequence[ChatMessage]) -> None:
    with pytest.raises(PayloadTooLarge):
        check_limits(messages)
