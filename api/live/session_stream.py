"""The stream of a session: its view after each change, its publication's steps, who is present.

It sends state, not a log: what changed several times while a reader was slow is sent once.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from api.auth.claims import Identity
from api.live.hub import Subscription
from api.live.sse import PING, RETRY, StreamRecord, message
from db.errors import DatabaseUnavailable
from db.presence import Viewer
from domain.actors import Actor
from domain.session.view import PublicationStep, SessionView

PING_SECONDS: Final = 15.0

READ_AGAIN_SECONDS: Final = 1.0
"""After Postgres did not respond."""

PRESENCE_SECONDS: Final = 1.0
"""At least, between two messages about presence: many people come at once after a restart."""

ENDED_BY_EXPIRY: Final = "expired"
ENDED_BY_ERASURE: Final = "erased"

_VIEWERS: Final = TypeAdapter(list[Viewer])


@dataclass(frozen=True)
class Shown:
    """A view as it is sent, which the streams of a session share."""

    revision: int
    steps: Sequence[PublicationStep]
    chunk: bytes

    @classmethod
    def of(cls, view: SessionView) -> "Shown":
        chunk = message("session", view.model_dump_json(), view.revision)
        return cls(view.revision, view.publication.steps, chunk)


@dataclass(frozen=True)
class Sources:
    """What a stream reads. Each raises DatabaseUnavailable but the last.

    ``view`` is None if the session has no row. ``present`` are the users that are known without a
    read, if any are.
    """

    view: Callable[[Actor, str], Awaitable[Shown | None]]
    was_erased: Callable[[Actor, str], Awaitable[bool]]
    viewers: Callable[[Actor, str], Awaitable[list[Viewer]]]
    present: Callable[[str], frozenset[str] | None]


class SessionStream:
    """Keeps no text of what it sent, because there are many streams."""

    def __init__(
        self,
        identity: Identity,
        session_id: str,
        subscription: Subscription,
        sources: Sources,
        record: StreamRecord,
        *,
        clock: Callable[[], float] = time.time,  # of the token's expiry
    ) -> None:
        self._actor = identity.actor
        self._expires_at = identity.expires_at
        self._session_id = session_id
        self._subscription = subscription
        self._sources = sources
        self._record = record
        self._clock = clock
        self._sent = _Sent()
        self._view_due = False
        self._presence_due = True
        self._presence_from = self._read_from = 0.0
        self._is_erased = False

    async def chunks(self, first: Shown, last_id: str | None) -> AsyncIterator[bytes]:
        """All of the stream, until the token expires or the session is erased.

        Args:
            last_id: the revision that the client has; if it is that of ``first``, it is not sent.
        """
        yield RETRY
        self._sent.note(first)
        if last_id != str(first.revision):
            yield first.chunk
        ping_at = self._clock() + PING_SECONDS
        while self._clock() < self._expires_at:
            for chunk in [*await self._view_news(), *await self._presence_news()]:
                yield chunk
            if self._is_erased:
                self._record.ended_by = ENDED_BY_ERASURE
                return
            if self._clock() >= ping_at:
                yield PING
                ping_at = self._clock() + PING_SECONDS
                self._presence_due |= self._missed_presence()
            await self._wait(min(ping_at, self._expires_at))
        self._record.ended_by = ENDED_BY_EXPIRY
        yield message("expired", "{}", self._sent.revision)

    async def _wait(self, until: float) -> None:
        if self._view_due:
            until = min(until, self._read_from)
        if self._presence_due:
            until = min(until, max(self._presence_from, self._read_from))
        announced = await self._subscription.next(max(0.0, until - self._clock()))
        if announced is not None:
            self._view_due |= announced.view
            self._presence_due |= announced.presence

    async def _view_news(self) -> list[bytes]:
        if not self._view_due or self._clock() < self._read_from:
            return []
        self._view_due = False
        try:
            shown = await self._sources.view(self._actor, self._session_id)
            if shown is None:  # or it has no row yet
                self._is_erased = await self._sources.was_erased(self._actor, self._session_id)
        except DatabaseUnavailable:
            self._view_due = True
            self._read_from = self._clock() + READ_AGAIN_SECONDS
            return []
        return [] if shown is None else list(self._news_of(shown))

    def _news_of(self, shown: Shown) -> Iterator[bytes]:
        """A row may be older than the view that was sent: the API has it before it is written. A
        row of the same revision is the same."""
        if shown.revision <= self._sent.revision:
            return
        steps = [step for step in shown.steps if step not in self._sent.steps]
        self._sent.note(shown)
        yield shown.chunk
        for step in steps:
            yield message("publication", step.model_dump_json(), shown.revision)

    async def _presence_news(self) -> list[bytes]:
        now = self._clock()
        if not self._presence_due or now < max(self._presence_from, self._read_from):
            return []
        self._presence_due = False
        self._presence_from = now + PRESENCE_SECONDS
        try:
            viewers = await self._sources.viewers(self._actor, self._session_id)
        except DatabaseUnavailable:
            self._presence_due = True
            self._read_from = now + READ_AGAIN_SECONDS
            return []
        text = _VIEWERS.dump_json(viewers).decode()
        if not self._sent.note_viewers(viewers, text):
            return []
        return [message("presence", text, self._sent.revision)]

    def _missed_presence(self) -> bool:
        present = self._sources.present(self._session_id)
        return present is not None and present != self._sent.users


class _Sent:
    """What the client has, as far as it is needed to see what is new."""

    def __init__(self) -> None:
        self.revision = 0
        self.steps: Sequence[PublicationStep] = ()
        self.users: frozenset[str] = frozenset()
        self._viewers = 0

    def note(self, shown: Shown) -> None:
        self.revision, self.steps = shown.revision, shown.steps

    def note_viewers(self, viewers: Sequence[Viewer], text: str) -> bool:
        """Whether they are others than before."""
        self.users = frozenset(viewer.user_id for viewer in viewers)
        before, self._viewers = self._viewers, hash(text)
        return before != self._viewers
