"""The live projection: writes sessions to the read model in the background, after the response.

A view may be lost here, by a crash or because Postgres is unavailable for too long: the workflow's
own activity then writes it. Only the freshness of the read model depends on this queue.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

import structlog

from db.errors import DatabaseUnavailable
from db.projection import LiveProjection
from domain.session.actions import Action
from domain.session.projection import Projected
from domain.session.view import SessionView
from observability.metrics import ApiMetrics

MAX_SESSIONS: Final = 5_000
"""The limit of waiting sessions while Postgres is unavailable; the oldest is dropped first."""

MAX_BATCH: Final = 100

PACE: Final = 0.1
"""Seconds between batches, so that many saves of one session become one write."""

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 1.0
"""Changes made during an outage are on all screens within 3 seconds after it."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Waiting:
    """``since``: when the oldest unwritten change was added, by the monotonic clock."""

    view: SessionView
    actions: tuple[Action, ...]
    since: float


class LiveProjectionQueue:
    """Keeps the newest view of each session until it is written."""

    def __init__(self, projection: LiveProjection, metrics: ApiMetrics) -> None:
        self._projection = projection
        self._metrics = metrics
        self._waiting: dict[str, _Waiting] = {}
        self._in_flight: dict[str, _Waiting] = {}
        self._something_waits = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._metrics.watch_live_projection(self._count, self._oldest_seconds)
        self._task = asyncio.create_task(self._run(), name="live projection")

    async def stop(self) -> None:
        """Tries once to write all waiting sessions."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._waiting = {**self._in_flight, **self._waiting}
        while self._waiting:
            try:
                await self._write(self._next_batch())
            except DatabaseUnavailable:
                _log.warning(
                    "live projection stopped with unwritten sessions", sessions=len(self._waiting)
                )
                break

    def add(self, view: SessionView, actions: Iterable[Action] = ()) -> None:
        self._keep(_Waiting(view, tuple(actions), since=time.monotonic()))

    def _keep(self, added: _Waiting) -> None:
        session_id = added.view.session_id
        earlier = self._waiting.get(session_id)
        # It keeps its place: a session that changes again and again does not wait for all others.
        self._waiting[session_id] = added if earlier is None else _merged(earlier, added)
        if len(self._waiting) > MAX_SESSIONS:
            del self._waiting[next(iter(self._waiting))]
            self._metrics.given_up()
        self._something_waits.set()

    def forget(self, session_id: str) -> None:
        """Also while the session is being written: what is erased is no longer read."""
        self._waiting.pop(session_id, None)
        self._in_flight.pop(session_id, None)
        if not self._waiting:
            self._something_waits.clear()

    def newest(self, session_id: str) -> SessionView | None:
        """The newest view that is not in the read model yet; None if there is none."""
        waiting = self._waiting.get(session_id) or self._in_flight.get(session_id)
        return waiting.view if waiting else None

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await self._something_waits.wait()
            try:
                await self._write(self._next_batch())
                pause = _FIRST_PAUSE
                await asyncio.sleep(PACE)
            except DatabaseUnavailable as error:
                _log.warning("live projection delayed: Postgres is unavailable", reason=str(error))
                self._put_back()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _next_batch(self) -> list[_Waiting]:
        session_ids = list(self._waiting)[:MAX_BATCH]
        self._in_flight = {session_id: self._waiting.pop(session_id) for session_id in session_ids}
        if not self._waiting:
            self._something_waits.clear()
        return list(self._in_flight.values())

    async def _write(self, batch: list[_Waiting]) -> None:
        await self._projection.write(
            [Projected(view=session.view, actions=session.actions) for session in batch]
        )
        self._in_flight = {}
        now = time.monotonic()
        for session in batch:
            self._metrics.written(now - session.since)

    def _put_back(self) -> None:
        """Puts a failed batch back, before the changes that were added in the meantime."""
        added_since, self._waiting = self._waiting, self._in_flight
        self._in_flight = {}
        for session in added_since.values():
            self._keep(session)
        self._something_waits.set()

    def _count(self) -> int:
        return len({*self._waiting, *self._in_flight})

    def _oldest_seconds(self) -> float:
        sessions = (*self._waiting.values(), *self._in_flight.values())
        if not sessions:
            return 0.0
        return time.monotonic() - min(session.since for session in sessions)


def _merged(earlier: _Waiting, later: _Waiting) -> _Waiting:
    return _Waiting(
        view=max(earlier.view, later.view, key=attrgetter("revision")),
        actions=(*earlier.actions, *later.actions),
        since=min(earlier.since, later.since),
    )
