"""How a run ends: by itself, stopped, with its token, by a fault, at shutdown; what is stored."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest
from starlette.types import Message, Scope

from api.auth.claims import Identity
from api.copilot.run_input import RunInput
from api.copilot.runs import CopilotRuns
from api.copilot.threads import Conversations
from api.copilot.turns import TurnReads
from api.live.open_streams import OpenStreams
from api.live.sse import EventStream, StreamRecord, noted_stream
from copilot.conversation import (
    AnswerChoice,
    ChatMessage,
    Choices,
    Reply,
    Role,
    ToolCall,
    Turn,
    Words,
)
from copilot.suggestions.basis import OwnEvent
from db.errors import DatabaseUnavailable
from domain.actors import Actor
from domain.errors import RateLimited, ThreadNotFound
from tests.unit.copilot.agent.conversations import said, turn

ADA = Actor(user_id="ada")
BEGUN = datetime(2031, 5, 9, tzinfo=UTC)
CALL = ToolCall("call-1", "completeEventSetup", {})


class Slow:
    """An agent that says its replies, and then waits for the test."""

    def __init__(self, *replies: Reply, error: Exception | None = None, ends: bool = False) -> None:
        self._replies = replies
        self._error = error
        self._ends = ends
        self.has_said = asyncio.Event()

    async def respond(self, _turn: Turn, _events: Sequence[OwnEvent]) -> AsyncIterator[Reply]:
        for reply in self._replies:
            yield reply
        self.has_said.set()
        if self._error is not None:
            raise self._error
        if not self._ends:
            await asyncio.Event().wait()


class Reads:
    async def turn(self, _actor: Actor, _asked: RunInput) -> tuple[Turn, Sequence[OwnEvent]]:
        return turn(said("Hello")), ()


class Kept:
    """The conversation as it is stored, and how often it was."""

    def __init__(self, *refusals: Exception | None) -> None:
        self.messages: list[ChatMessage] = []
        self._refusals = list(refusals)

    async def begin(
        self, _actor: Actor, _session: str, _thread: str, messages: Sequence[ChatMessage]
    ) -> datetime:
        self._take(messages)
        return BEGUN

    async def finish(
        self,
        _actor: Actor,
        _session: str,
        _thread: str,
        messages: Sequence[ChatMessage],
        begun: datetime,
    ) -> None:
        assert begun == BEGUN
        self._take(messages)

    def _take(self, messages: Sequence[ChatMessage]) -> None:
        refusal = self._refusals.pop(0) if self._refusals else None
        if refusal is not None:
            raise refusal
        self.messages = list(messages)


class Client:
    """Takes the events of one run."""

    def __init__(self, agent: Slow, kept: Kept | None = None, *, seconds: float = 60.0) -> None:
        self.kept = kept or Kept()
        self.streams = OpenStreams()
        self.runs = CopilotRuns(
            agent, cast("TurnReads", Reads()), cast("Conversations", self.kept), self.streams
        )
        self.thread_id = str(uuid4())
        self.leaving = asyncio.Event()
        self._agent = agent
        self._expires_at = time.time() + seconds
        self._sent = b""

    async def run(self) -> StreamRecord:
        scope: Scope = {"type": "http"}
        await EventStream(self._opening)(scope, self._receive, self._send)
        record = noted_stream(scope)
        assert record is not None
        return record

    async def start(self) -> "asyncio.Task[StreamRecord]":
        """A run whose agent has said all that it says."""
        running = asyncio.create_task(self.run())
        await self._agent.has_said.wait()
        return running

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line[6:]) for line in self._sent.decode().splitlines() if line]

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]

    @property
    def states(self) -> list[dict[str, Any]]:
        return [event["snapshot"] for event in self.events if event["type"] == "STATE_SNAPSHOT"]

    def _opening(self, record: StreamRecord) -> Any:
        asked = RunInput.model_validate(
            {
                "threadId": self.thread_id,
                "runId": "run-1",
                "messages": [],
                "forwardedProps": {"session_id": str(uuid4())},
            }
        )
        return self.runs.open_run(Identity(ADA, None, self._expires_at), asked, record)

    async def _receive(self) -> Message:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, sent: Message) -> None:
        self._sent += sent.get("body", b"")


async def test_words_and_calls_are_messages_in_their_order() -> None:
    client = Client(Slow(Words("Saved."), Words("\nNext."), CALL, Words("Done."), ends=True))

    assert (await client.run()).ended_by == "finished"

    assert client.kinds == [
        "RUN_STARTED",
        "STATE_SNAPSHOT",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "TOOL_CALL_START",
        "TOOL_CALL_ARGS",
        "TOOL_CALL_END",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "STATE_SNAPSHOT",
        "RUN_FINISHED",
    ]
    first, second = client.kept.messages[1:]
    assert (first.text, first.calls) == ("Saved.\nNext.", (CALL,))
    assert (second.text, second.role) == ("Done.", Role.ASSISTANT)
    ids = [event["messageId"] for event in client.events if event["type"] == "TEXT_MESSAGE_START"]
    assert ids == [first.message_id, second.message_id]
    assert client.events[6]["parentMessageId"] == first.message_id


async def test_a_stopped_run_ends_with_what_was_said() -> None:
    client = Client(Slow(Words("Half a ")))
    running = await client.start()

    assert not client.runs.stop(Actor(user_id="eve"), client.thread_id)
    assert not client.runs.stop(ADA, str(uuid4()))
    assert client.runs.stop(ADA, client.thread_id)

    assert (await running).ended_by == "stopped"
    assert client.kinds[-3:] == ["TEXT_MESSAGE_END", "STATE_SNAPSHOT", "RUN_FINISHED"]
    assert client.states[-1] == {"revision": 7, "choices": []}
    assert client.kept.messages[-1].text == "Half a "
    assert not client.runs.stop(ADA, client.thread_id)


async def test_a_state_names_the_revision_and_then_the_choices() -> None:
    yes = AnswerChoice("Save these", "yes")
    client = Client(Slow(Words("Shall I?"), Choices((yes,)), ends=True))

    await client.run()

    shown = {"label": "Save these", "answer": "yes"}
    assert client.states == [{"revision": 7, "choices": []}, {"revision": 7, "choices": [shown]}]
    assert (client.kept.messages[-1].revision, client.kept.messages[-1].choices) == (7, (yes,))


async def test_a_run_ends_with_its_token() -> None:
    client = Client(Slow(Words("Half a ")), seconds=0.05)

    assert (await client.run()).ended_by == "expired"

    assert client.events[-1]["type"] == "RUN_ERROR"
    assert client.events[-1]["code"] == "unauthenticated"


async def test_a_fault_of_the_agent_is_an_event_without_its_text() -> None:
    client = Client(Slow(Words("Half a "), error=ValueError("a secret")))

    assert (await client.run()).ended_by == "error"

    assert client.kinds[-2:] == ["TEXT_MESSAGE_END", "RUN_ERROR"]
    assert client.events[-1]["code"] == "internal_error"
    assert "secret" not in str(client.events)
    assert client.kept.messages[-1].text == "Half a "


async def test_a_run_ends_at_shutdown_and_keeps_what_was_said() -> None:
    client = Client(Slow(Words("Half a ")))
    running = await client.start()

    client.streams.close()

    assert (await running).ended_by == "shutdown"
    assert "RUN_FINISHED" not in client.kinds
    assert client.kept.messages[-1].text == "Half a "


async def test_a_run_ends_when_its_client_leaves() -> None:
    client = Client(Slow(Words("Half a ")))
    running = await client.start()

    client.leaving.set()

    assert (await running).ended_by == "client"
    assert client.kept.messages[-1].text == "Half a "


@pytest.mark.parametrize("refusal", [ThreadNotFound(), DatabaseUnavailable("away")])
async def test_a_run_whose_thread_is_refused_does_not_begin(refusal: Exception) -> None:
    client = Client(Slow(ends=True), Kept(refusal))

    with pytest.raises(type(refusal)):
        await client.run()

    assert client.events == []


async def test_an_answer_that_cannot_be_stored_is_sent_all_the_same() -> None:
    client = Client(Slow(Words("Saved."), ends=True), Kept(None, DatabaseUnavailable("away")))

    assert (await client.run()).ended_by == "finished"

    assert client.kinds[-1] == "RUN_FINISHED"


async def test_runs_count_as_streams_of_the_person() -> None:
    client = Client(Slow(ends=True))
    with pytest.raises(RateLimited):
        await _with_ten_open(client)


async def _with_ten_open(client: Client) -> None:
    opened = [client.streams.open(ADA) for _ in range(10)]
    for stream in opened:
        stream.__enter__()
    await client.run()
