"""How far the read model is behind the answers, while eight others save without a pause."""

import asyncio
import json
import time
from typing import Any, Final

import asyncpg

from benchmarks.measuring import percentile
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack
from benchmarks.waiting import until
from benchmarks.wizard import BenchmarkSession, Wizard, new_sessions

CLIENTS: Final = 8
LOOK_EVERY: Final = 0.002
"""Seconds between two looks into the database."""

_REVISION: Final = "SELECT revision FROM wizard_sessions WHERE session_id = $1"


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    return asyncio.run(_measure(own, sizes.lag_samples))


async def _measure(own: OwnStack, samples: int) -> dict[str, Any]:
    database = await asyncpg.connect(own.stack.database_admin_url)
    watched = await (await Wizard.open(own)).create()
    others = [asyncio.create_task(_save_on(each)) for each in await new_sessions(own, CLIENTS)]
    began = time.perf_counter()
    lags = [await _lag(watched, database) for _ in range(samples)]
    elapsed = time.perf_counter() - began
    for each in others:
        each.cancel()
    counts = await asyncio.gather(*others)
    await database.close()
    return {
        "samples": samples,
        "saves_per_second": round((sum(counts) + samples) / elapsed, 1),
        **{f"p{share}_ms": round(1000 * percentile(lags, share), 3) for share in (50, 95, 99)},
    }


async def _lag(session: BenchmarkSession, database: asyncpg.Connection) -> float:
    """Seconds from the answer until its revision is in the read model."""
    revision = json.loads(await session.save())["revision"]

    async def is_there() -> bool:
        written = await database.fetchval(_REVISION, session.id)
        return written is not None and written >= revision

    return await until(is_there, pause=LOOK_EVERY)


async def _save_on(session: BenchmarkSession) -> int:
    """Until it is cancelled; how often it has saved."""
    count = 0
    try:
        while True:
            await session.save()
            count += 1
    except asyncio.CancelledError:
        return count
