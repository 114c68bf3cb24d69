"""Saves of an old session and of new ones in turn, which show whether old sessions are slower."""

import asyncio
from typing import Any, Final

from benchmarks.api_client import ApiClient, ApiSession
from benchmarks.measuring import percentile, timed
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack

WARM_UP: Final = 4
SAVES: Final = 12
"""Saves of a young session after the warm-up: around its tenth change."""


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    return asyncio.run(_measure(bench, sizes))


async def _measure(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    client = await ApiClient.open(bench)
    old = await client.create()
    await _save(old, sizes.old_age)
    old_durations: list[float] = []
    young_durations: list[float] = []
    for _ in range(sizes.young_sessions):
        young = await client.create()
        await _save(young, WARM_UP)
        for _ in range(SAVES):
            old_durations.append(await timed(old.save))
            young_durations.append(await timed(young.save))
    return {
        "age": sizes.old_age,
        "old_p50_ms": round(1000 * percentile(old_durations, 50), 3),
        "young_p50_ms": round(1000 * percentile(young_durations, 50), 3),
        "saves": len(old_durations),
    }


async def _save(session: ApiSession, times: int) -> None:
    for _ in range(times):
        await session.save()
