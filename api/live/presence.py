"""Who has which session open, in all API processes.

Each process has a row per person and session, which it renews. The rows of a process that is gone
are dead after a while.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import structlog

from api.live.shared_reads import SharedReads
from db.errors import DatabaseUnavailable
from db.pool import Pool
from db.presence import RENEW_SECONDS, PresenceReads, PresenceRows, Viewer
from domain.actors import Actor

LINGER_SECONDS: Final = 3.0
"""A person leaves so long after the last stream: a client that connects again does not leave."""

_Key = tuple[str, str, str]

_log = structlog.get_logger(__name__)


@dataclass
class _Person:
    """``streams`` of a person on one session; with none, ``leaving`` is the timer."""

    actor: Actor
    since: datetime
    streams: int = 0
    leaving: asyncio.TimerHandle | None = None


class Presence:
    def __init__(self, pool: Pool) -> None:
        self._rows = PresenceRows(pool, uuid4())
        self._people: dict[_Key, _Person] = {}
        self._gone: dict[_Key, Actor] = {}
        self._present: dict[str, frozenset[str]] = {}
        self._viewers = SharedReads(PresenceReads(pool).viewers)
        self._renewing: asyncio.Task[None] | None = None
        self._leaves: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._renewing = asyncio.create_task(self._keep_renewing(), name="renew presence")

    async def stop(self) -> None:
        """Everyone leaves at once."""
        for person in self._people.values():
            if person.leaving is not None:
                person.leaving.cancel()
        tasks = [*self._leaves, *([self._renewing] if self._renewing else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._people:
            with suppress(DatabaseUnavailable):
                await self._rows.end()

    @asynccontextmanager
    async def of(self, actor: Actor, session_id: str) -> AsyncIterator[None]:
        """The actor has the session open, for as long as the context is."""
        key = (session_id, str(actor.tenant), actor.user_id)
        person = self._people.get(key)
        is_new = person is None
        if person is None:
            person = self._people[key] = _Person(actor, datetime.now(UTC))
        if person.leaving is not None:
            person.leaving.cancel()
            person.leaving = None
        person.streams += 1
        try:
            if is_new:
                await self._enter(key, person)
            yield
        finally:
            person.streams -= 1
            if person.streams == 0:
                loop = asyncio.get_running_loop()
                person.leaving = loop.call_later(LINGER_SECONDS, self._leave, key)

    async def viewers(self, actor: Actor, session_id: str) -> list[Viewer]:
        """Who came first is first. Raises DatabaseUnavailable."""
        return await self._viewers.get(actor, session_id)

    def present(self, session_id: str) -> frozenset[str] | None:
        """The users that the last renewal found; None if it has not been. It finds changes whose
        announcement is lost."""
        return self._present.get(session_id)

    async def _enter(self, key: _Key, person: _Person) -> None:
        """Without Postgres, the next renewal finds that the row is missing."""
        with suppress(DatabaseUnavailable):
            await self._rows.enter(person.actor, key[0], person.since)

    def _leave(self, key: _Key) -> None:
        self._gone[key] = self._people.pop(key).actor
        task = asyncio.create_task(self._delete(key))
        self._leaves.add(task)
        task.add_done_callback(self._leaves.discard)

    async def _delete(self, key: _Key) -> None:
        """Without Postgres, the next renewal tries again: it renews all rows of the process."""
        with suppress(DatabaseUnavailable):
            await self._rows.leave(self._gone[key], key[0])
            self._gone.pop(key, None)
        person = self._people.get(key)
        if person is not None:  # opened again meanwhile
            await self._enter(key, person)

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            if self._people or self._gone:
                try:
                    await self._renew()
                except DatabaseUnavailable as error:
                    _log.warning("presence is not renewed", reason=str(error))

    async def _renew(self) -> None:
        for key in list(self._gone):
            await self._delete(key)
        rows = await self._rows.renew()
        present: dict[str, set[str]] = {}
        for row in rows:
            present.setdefault(row.session_id, set()).add(row.user_id)
        self._present = {session: frozenset(users) for session, users in present.items()}
        own = {(row.session_id, row.tenant, row.user_id) for row in rows if row.is_own}
        for key, person in list(self._people.items()):
            if key not in own:  # Postgres empties the table after a crash
                await self._enter(key, person)
