"""What a probe of the read model measures."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.load import lag
from tests.load.acknowledged import Acknowledged, SessionRecord
from tests.load.lag import Lag
from tests.support.waiting import eventually

LONG_AGO = 3600.0
"""Seconds."""


class WrittenRows:
    """A read model that has the revisions of these sessions."""

    def __init__(self) -> None:
        self.revisions: dict[str, int] = {}
        self.reads = 0

    async def fetchval(self, _statement: str, session_id: str) -> int | None:
        self.reads += 1
        return self.revisions.get(session_id)


@asynccontextmanager
async def probing(rows: WrittenRows, kept: Acknowledged) -> AsyncIterator[Lag]:
    probes = Lag(rows, kept)  # type: ignore[arg-type] # fake
    task = asyncio.create_task(probes.keep_probing())
    await asyncio.sleep(0)
    yield probes
    task.cancel()
    await asyncio.wait([task])


def acknowledge(kept: Acknowledged, session_id: str, *, ago: float = 0.0) -> float:
    """Returns when."""
    at = time.perf_counter() - ago
    kept.sessions[session_id] = SessionRecord(
        session_id, "organization-1", revision=1, answered_at=at
    )
    return at


async def has_probed(probes: Lag) -> None:
    async def has_one() -> bool:
        return bool(probes.probes)

    await eventually(has_one, what="a probe")


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag, "PAUSE", 0)


async def test_a_time_without_answers_is_no_lag() -> None:
    """Such as while all clients wait for their publications."""
    rows, kept = WrittenRows(), Acknowledged()
    rows.revisions = {"old": 1, "new": 1}
    began = acknowledge(kept, "old", ago=LONG_AGO)
    async with probing(rows, kept) as probes:
        acknowledge(kept, "new")
        await has_probed(probes)

    assert 0 < probes.longest(began, time.perf_counter()) < LONG_AGO


async def test_a_change_that_is_not_written_lags() -> None:
    rows, kept = WrittenRows(), Acknowledged()

    async def is_looked_for() -> bool:
        return rows.reads > 2

    async with probing(rows, kept) as probes:
        acknowledged_at = acknowledge(kept, "new")
        await eventually(is_looked_for, what="the session's row is read")
        assert probes.probes == []
        written_at = time.perf_counter()
        rows.revisions = {"new": 1}
        await has_probed(probes)

    lagged = probes.longest(acknowledged_at, time.perf_counter())
    assert lagged >= written_at - acknowledged_at
