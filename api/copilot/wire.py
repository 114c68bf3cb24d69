"""The protocol AG-UI: the agent's replies as events, and messages as clients have them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from uuid import NAMESPACE_OID, uuid5

from ag_ui.core import (
    AssistantMessage,
    BaseEvent,
    FunctionCall,
    Message,
    MessagesSnapshotEvent,
    RunErrorEvent,
    RunFinishedEvent,
    RunStartedEvent,
    StateSnapshotEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
    ToolCallArgsEvent,
    ToolCallEndEvent,
    ToolCallStartEvent,
    ToolMessage,
    UserMessage,
)
from ag_ui.core import ToolCall as WireCall

from copilot.conversation import (
    AnswerChoice,
    ChatMessage,
    Choices,
    Reply,
    Role,
    ToolCall,
    Words,
)


def encoded(event: BaseEvent) -> bytes:
    """The event as a message of a stream. Its type is part of the data."""
    return f"data: {event.model_dump_json(by_alias=True)}\n\n".encode()


class RunEvents:
    """The events of one run, and the messages that they make.

    Words that follow one another are one message, and the calls after them belong to it. The ids of
    the messages follow from the conversation, like those of calls: a run that is repeated makes
    the same messages.

    The state of the client is what the run has read and what can be answered by a button
    (``revision``, ``choices``). It is part of the last message that the run has made, so a thread
    that is read back has the same state.
    """

    def __init__(
        self,
        thread_id: str,
        run_id: str,
        conversation: Sequence[ChatMessage],
        revision: int | None = None,
    ) -> None:
        """
        Args:
            revision: of the session that the answer is made from.
        """
        self._thread_id = thread_id
        self._run_id = run_id
        self._conversation = [message.message_id for message in conversation]
        self._revision = revision
        self._made: list[ChatMessage] = []
        self._choices: tuple[AnswerChoice, ...] = ()
        self._is_open = False

    @property
    def made(self) -> tuple[ChatMessage, ...]:
        """The assistant's messages so far."""
        return tuple(self._made)

    def started(self) -> Iterator[BaseEvent]:
        yield self._run_started()
        yield _state(self._revision, ())

    def replayed(self, messages: Sequence[ChatMessage]) -> Iterator[BaseEvent]:
        """A run that returns a conversation. Calls without a result are among its messages, so
        that the client can run them."""
        yield self._run_started()
        if messages:
            yield MessagesSnapshotEvent(messages=[wire_message(message) for message in messages])
            yield _state(messages[-1].revision, messages[-1].choices)
        else:
            yield _state(None, ())
        yield self._run_finished()

    def of(self, reply: Reply) -> Iterator[BaseEvent]:
        if isinstance(reply, Words):
            yield from self._words(reply.text)
        elif isinstance(reply, ToolCall):
            yield from self._call(reply)
        else:
            self._choose(reply)

    def finished(self) -> Iterator[BaseEvent]:
        yield from self._closed()
        yield _state(self._revision, self._choices)
        yield self._run_finished()

    def failed(self, code: str, message: str) -> Iterator[BaseEvent]:
        yield from self._closed()
        yield RunErrorEvent(code=code, message=message)

    def _words(self, text: str) -> Iterator[BaseEvent]:
        if not text:
            return
        if not self._is_open:
            self._begin()
            self._is_open = True
            yield TextMessageStartEvent(message_id=self._message.message_id, role="assistant")
        self._made[-1] = replace(self._message, text=self._message.text + text)
        yield TextMessageContentEvent(message_id=self._message.message_id, delta=text)

    def _call(self, call: ToolCall) -> Iterator[BaseEvent]:
        yield from self._closed()
        if not self._made:
            self._begin()
        self._made[-1] = replace(self._message, calls=(*self._message.calls, call))
        yield ToolCallStartEvent(
            tool_call_id=call.call_id,
            tool_call_name=call.tool,
            parent_message_id=self._message.message_id,
        )
        yield ToolCallArgsEvent(tool_call_id=call.call_id, delta=_as_json(call.arguments))
        yield ToolCallEndEvent(tool_call_id=call.call_id)

    def _choose(self, reply: Choices) -> None:
        self._choices = reply.choices
        if self._made:
            self._made[-1] = replace(self._message, choices=reply.choices)

    def _closed(self) -> Iterator[BaseEvent]:
        if self._is_open:
            self._is_open = False
            yield TextMessageEndEvent(message_id=self._message.message_id)

    @property
    def _message(self) -> ChatMessage:
        return self._made[-1]

    def _begin(self) -> None:
        content = [self._thread_id, self._conversation, len(self._made)]
        message_id = str(uuid5(NAMESPACE_OID, _as_json(content)))
        message = ChatMessage(message_id, Role.ASSISTANT, revision=self._revision)
        self._made.append(message)

    def _run_started(self) -> BaseEvent:
        return RunStartedEvent(thread_id=self._thread_id, run_id=self._run_id)

    def _run_finished(self) -> BaseEvent:
        return RunFinishedEvent(thread_id=self._thread_id, run_id=self._run_id)


def wire_message(message: ChatMessage) -> Message:
    """A message as clients send and get it."""
    if message.role is Role.USER:
        return UserMessage(id=message.message_id, content=message.text)
    if message.role is Role.TOOL:
        return ToolMessage(
            id=message.message_id, content=message.text, tool_call_id=message.call_id or ""
        )
    calls = [
        WireCall(
            id=call.call_id,
            function=FunctionCall(name=call.tool, arguments=_as_json(call.arguments)),
        )
        for call in message.calls
    ]
    return AssistantMessage(
        id=message.message_id, content=message.text or None, tool_calls=calls or None
    )


def _state(revision: int | None, choices: Sequence[AnswerChoice]) -> BaseEvent:
    return StateSnapshotEvent(
        snapshot={"revision": revision, "choices": [asdict(choice) for choice in choices]}
    )


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
