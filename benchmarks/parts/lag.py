"""The lag of the read model behind a save, while eight other sessions save continuously."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from benchmarks.api_client import ApiClient, ApiSession, new_sessions
from benchmarks.measuring import percentile, wait_until
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack

CLIENTS: Final = 8
POLL_INTERVAL: Final = 0.002
"""Seconds between two queries of the read model."""

_REVISION: Final = "SELECT revision FROM wizard_sessions WHERE session_id = $1"


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    return asyncio.run(_measure(bench, sizes.lag_samples))


async def _measure(bench: BenchStack, samples: int) -> dict[str, Any]:
    database = await asyncpg.connect(bench.stack.database_admin_url)
    measured = await (await ApiClient.open(bench)).create()
    async with saving_meanwhile(bench) as counts:
        started = time.perf_counter()
        lags = [await _lag(measured, database) for _ in range(samples)]
        elapsed = time.perf_counter() - started
    await database.close()
    return {
        "samples": samples,
        "saves_per_second": round((sum(counts) + samples) / elapsed, 1),
        **{
            f"p{percent}_ms": round(1000 * percentile(lags, percent), 3) for percent in (50, 95, 99)
        },
    }


@asynccontextmanager
async def saving_meanwhile(bench: BenchStack) -> AsyncIterator[list[int]]:
    """Eight sessions that save without a pause during the block. Afterwards, the list has the
    number of saves of each."""
    others = [
        asyncio.create_task(_save_until_cancelled(session))
        for session in await new_sessions(bench, CLIENTS)
    ]
    counts: list[int] = []
    yield counts
    for task in others:
        task.cancel()
    counts += await asyncio.gather(*others)


async def _lag(session: ApiSession, database: asyncpg.Connection) -> float:
    """Seconds from the response of a save until its revision is in the read model."""
    revision = json.loads(await session.save())["revision"]

    async def is_written() -> bool:
        written = await database.fetchval(_REVISION, session.id)
        return written is not None and written >= revision

    return await wait_until(is_written, interval=POLL_INTERVAL)


async def _save_until_cancelled(session: ApiSession) -> int:
    """The number of saves."""
    count = 0
    try:
        while True:
            await session.save()
            count += 1
    except asyncio.CancelledError:
        return count
