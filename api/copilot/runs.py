"""Runs of the assistant, as streams of AG-UI events."""

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from ag_ui.core import BaseEvent

from api.auth.claims import Identity
from api.copilot.agents import Agent
from api.copilot.run_input import RunInput
from api.copilot.running import RunningRuns, until_stopped
from api.copilot.threads import Conversations
from api.copilot.turns import Presentation, SessionSituation, TurnReads
from api.copilot.wire import RunEvents, encoded
from api.live.open_streams import OpenStreams
from api.live.session_stream import ENDED_BY_EXPIRY
from api.live.sse import OpenedStream, StreamRecord
from copilot.conversation import Turn
from copilot.suggestions.basis import OwnEvent
from db.errors import DatabaseUnavailable
from domain.actors import Actor
from domain.errors import Unauthenticated, WizardError

ENDED_BY_ITSELF: Final = "finished"
ENDED_BY_STOP: Final = "stopped"
ENDED_BY_ERROR: Final = "error"

_log = structlog.get_logger(__name__)


@dataclass
class _Run:
    asked: RunInput
    identity: Identity
    turn: Turn
    own_events: Sequence[OwnEvent]
    events: RunEvents
    record: StreamRecord
    begun: datetime
    """When the thread was stored with the person's messages."""
    is_saved: bool = False

    @property
    def actor(self) -> Actor:
        return self.identity.actor

    def seconds_left(self) -> float:
        """Until the token expires."""
        return max(0.0, self.identity.expires_at - time.time())


class CopilotRuns:
    def __init__(
        self, agent: Agent, reads: TurnReads, conversations: Conversations, streams: OpenStreams
    ) -> None:
        self._agent = agent
        self._reads = reads
        self._conversations = conversations
        self._streams = streams
        self._running = RunningRuns()

    @asynccontextmanager
    async def open_run(
        self, identity: Identity, asked: RunInput, record: StreamRecord
    ) -> AsyncIterator[OpenedStream]:
        """The events of a run, for as long as the context is open.

        The thread has the person's messages before the run begins, and the answers before it ends,
        unless a later run has begun.

        Raises:
            InvalidRequest, PayloadTooLarge, SessionNotFound, SessionLost, Unavailable: as
                :meth:`TurnReads.turn`.
            ThreadNotFound: the thread belongs to another person or session.
            DatabaseUnavailable: the thread cannot be stored.
            RateLimited: the person has too many streams and runs.
        """
        turn, own_events = await self._reads.turn(identity.actor, asked)
        events = RunEvents(asked.thread_id, asked.run_id, turn.messages, turn.context.revision)
        begun = await self._conversations.begin(
            identity.actor, asked.forwarded_props.session_id, asked.thread_id, turn.messages
        )
        run = _Run(asked, identity, turn, own_events, events, record, begun)
        with self._streams.open(run.actor) as stopping:
            try:
                yield OpenedStream(self._chunks(run), stopping)
            finally:
                if not run.is_saved and events.made:
                    await self._save_if_possible(run)

    @asynccontextmanager
    async def open_replay(
        self, identity: Identity, asked: RunInput, record: StreamRecord
    ) -> AsyncIterator[OpenedStream]:
        """The conversation of a thread, as events. That of a new thread is empty.

        Raises:
            SessionNotFound, SessionLost, Unavailable: as :meth:`TurnReads.require_session`.
            ThreadNotFound: the thread belongs to another person or session.
            DatabaseUnavailable: the thread cannot be read.
            RateLimited: the person has too many streams and runs.
        """
        session_id = asked.forwarded_props.session_id
        await self._reads.require_session(identity.actor, session_id)
        stored = await self._conversations.find(identity.actor, session_id, asked.thread_id)
        events = RunEvents(asked.thread_id, asked.run_id, stored)
        with self._streams.open(identity.actor) as stopping:
            record.ended_by = ENDED_BY_ITSELF
            yield OpenedStream(_sent(events.replayed(stored)), stopping)

    async def situation(
        self, actor: Actor, session_id: str, shown: Presentation
    ) -> SessionSituation:
        """See :meth:`TurnReads.situation`."""
        return await self._reads.situation(actor, session_id, shown)

    def stop(self, actor: Actor, thread_id: str) -> bool:
        """Ends a run of the person in this process. False if there is none."""
        return self._running.stop(actor, thread_id)

    async def _chunks(self, run: _Run) -> AsyncIterator[bytes]:
        """All of a run. Once it has begun, an error is an event."""
        events, record = run.events, run.record
        for event in events.started():
            yield encoded(event)
        ending: Iterable[BaseEvent]
        with self._running.run(run.actor, run.asked.thread_id) as stop:
            replies = self._agent.respond(run.turn, run.own_events)
            try:
                async with aclosing(until_stopped(replies, stop, run.seconds_left)) as coming:
                    async for reply in coming:
                        for event in events.of(reply):
                            yield encoded(event)
                record.ended_by = ENDED_BY_STOP if stop.is_set() else ENDED_BY_ITSELF
                ending = events.finished()
            except TimeoutError:
                record.ended_by = ENDED_BY_EXPIRY
                ending = events.failed(Unauthenticated.code, "The token has expired.")
            except Exception as error:  # noqa: BLE001 - the response has begun
                _log.error("a run of the assistant failed", reason=type(error).__name__)
                record.ended_by = ENDED_BY_ERROR
                ending = events.failed(WizardError.code, "The assistant failed. Try again.")
        await self._save_if_possible(run)
        for event in ending:
            yield encoded(event)

    async def _save_if_possible(self, run: _Run) -> None:
        """The client has the answer, and sends it with the next run, which saves it again."""
        run.is_saved = True
        messages = (*run.turn.messages, *run.events.made)
        session_id, thread_id = run.asked.forwarded_props.session_id, run.asked.thread_id
        try:
            await self._conversations.finish(run.actor, session_id, thread_id, messages, run.begun)
        except DatabaseUnavailable as error:
            _log.warning("an answer of the assistant is not stored", reason=type(error).__name__)


async def _sent(events: Iterable[BaseEvent]) -> AsyncIterator[bytes]:
    for event in events:
        yield encoded(event)
