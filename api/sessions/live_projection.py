"""The live way of a session to the read model: in the background, after the answer.

What is lost here, by a crash or because Postgres is away for too long, the workflow's own activity
brings to the read model: nobody waits for this, and nothing depends on it.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from db.errors import DatabaseUnavailable
from domain.session.actions import Action
from domain.session.projection import Projected
from domain.session.view import SessionView
from observability.metrics import ApiMetrics

if TYPE_CHECKING:
    from db.projection import LiveProjection

MAX_SESSIONS: Final = 5_000
"""What waits at the most while Postgres is away; the oldest is given up first."""

MAX_BATCH: Final = 100

PACE: Final = 0.1
"""Seconds from one batch to the next: many saves of one session become one write."""

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Waiting:
    """``since`` is by the monotonic clock: when the first change came that is not written yet."""

    projected: Projected
    since: float


class LiveProjectionQueue:
    """Keeps the newest view of each session until it is written, and shows it to readers."""

    def __init__(self, projection: "LiveProjection", metrics: ApiMetrics) -> None:
        self._projection = projection
        self._metrics = metrics
        self._waiting: dict[str, _Waiting] = {}
        self._in_flight: dict[str, _Waiting] = {}
        self._something_waits = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._metrics.watch_write_behind(self._count, self._oldest_seconds)
        self._task = asyncio.create_task(self._run(), name="write-behind")

    async def stop(self) -> None:
        """Tries once to write what waits."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._waiting = {**self._in_flight, **self._waiting}
        while self._waiting:
            try:
                await self._write(self._next_batch())
            except DatabaseUnavailable:
                _log.warning("read model not reached", sessions=len(self._waiting))
                break

    def add(self, view: SessionView, actions: Iterable[Action] = ()) -> None:
        self._keep(Projected(view=view, actions=tuple(actions)), since=time.monotonic())

    def _keep(self, projected: Projected, *, since: float) -> None:
        view, actions = projected.view, projected.actions
        known = self._waiting.pop(view.session_id, None)
        if known is not None:
            actions = (*known.projected.actions, *actions)
            view = max(known.projected.view, view, key=lambda each: each.revision)
            since = min(known.since, since)
        self._waiting[view.session_id] = _Waiting(Projected(view=view, actions=actions), since)
        if len(self._waiting) > MAX_SESSIONS:
            del self._waiting[next(iter(self._waiting))]
            self._metrics.given_up()
        self._something_waits.set()

    def forget(self, session_id: str) -> None:
        self._waiting.pop(session_id, None)
        if not self._waiting:
            self._something_waits.clear()

    def newest(self, session_id: str) -> SessionView | None:
        """What the read model does not have yet."""
        known = self._waiting.get(session_id) or self._in_flight.get(session_id)
        return known.projected.view if known else None

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await self._something_waits.wait()
            try:
                await self._write(self._next_batch())
                pause = _FIRST_PAUSE
                await asyncio.sleep(PACE)
            except DatabaseUnavailable as error:
                _log.warning("read model not reached", reason=str(error))
                self._put_back()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _next_batch(self) -> list[_Waiting]:
        ids = list(self._waiting)[:MAX_BATCH]
        self._in_flight = {each: self._waiting.pop(each) for each in ids}
        if not self._waiting:
            self._something_waits.clear()
        return list(self._in_flight.values())

    async def _write(self, batch: list[_Waiting]) -> None:
        await self._projection.write([each.projected for each in batch])
        self._in_flight = {}
        now = time.monotonic()
        for each in batch:
            self._metrics.written(now - each.since)

    def _put_back(self) -> None:
        """Before what came in the meantime, which is newer."""
        came_since, self._waiting = self._waiting, self._in_flight
        self._in_flight = {}
        for each in came_since.values():
            self._keep(each.projected, since=each.since)
        self._something_waits.set()

    def _count(self) -> int:
        return len({*self._waiting, *self._in_flight})

    def _oldest_seconds(self) -> float:
        moments = [each.since for each in (*self._waiting.values(), *self._in_flight.values())]
        return time.monotonic() - min(moments) if moments else 0.0
