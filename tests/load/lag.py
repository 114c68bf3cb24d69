"""The lag of the read model behind an acknowledged change."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from benchmarks.measuring import wait_until
from benchmarks.stack import BenchStack
from tests.load.acknowledged import Acknowledged, SessionRecord

PAUSE: Final = 0.5
"""Seconds between two probes."""

_POLL_INTERVAL: Final = 0.01
_NEWEST: Final = 100
"""Of so many sessions, the one that changes next is probed."""

_REVISION: Final = "SELECT revision FROM wizard_sessions WHERE session_id = $1"


class Lag:
    """``probes`` has for each probe when it ended, and the lag in seconds."""

    def __init__(self, database: asyncpg.Connection, kept: Acknowledged) -> None:
        self.probes: list[tuple[float, float]] = []
        self._database = database
        self._kept = kept

    def longest(self, begins: float, ends: float) -> float:
        return max((lag for at, lag in self.probes if begins <= at < ends), default=0.0)

    async def keep_probing(self) -> None:
        """Probes the first change that is acknowledged after each pause. The last one before it
        may have been written for long."""
        while True:
            await self._probe(await self._next_changed(time.perf_counter()))
            await asyncio.sleep(PAUSE)

    async def _next_changed(self, since: float) -> SessionRecord:
        while True:
            newest = itertools.islice(reversed(self._kept.sessions.values()), _NEWEST)
            session = max(newest, key=lambda session: session.answered_at, default=None)
            if session is not None and session.answered_at > since:
                return session
            await asyncio.sleep(_POLL_INTERVAL)

    async def _probe(self, session: SessionRecord) -> None:
        revision, answered_at = session.revision, session.answered_at

        async def is_written() -> bool:
            written = await self._database.fetchval(_REVISION, session.session_id)
            return written is not None and written >= revision

        await wait_until(is_written, interval=_POLL_INTERVAL)
        now = time.perf_counter()
        self.probes.append((now, now - answered_at))


@asynccontextmanager
async def lag_of(bench: BenchStack, kept: Acknowledged) -> AsyncIterator[Lag]:
    database = await asyncpg.connect(bench.stack.database_admin_url)
    lag = Lag(database, kept)
    probing = asyncio.create_task(lag.keep_probing())
    try:
        yield lag
    finally:
        probing.cancel()
        await database.close()
