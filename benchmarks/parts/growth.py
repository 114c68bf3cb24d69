"""Does a session become slower as it grows older? Old and young ones take turns, save by save."""

import asyncio
from typing import Any, Final

from benchmarks.measuring import percentile, timed
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack
from benchmarks.wizard import BenchmarkSession, Wizard

WARM_UP: Final = 4
SAVES: Final = 12
"""Of a young session, after the first ones: around its tenth change."""


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    return asyncio.run(_measure(own, sizes))


async def _measure(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    wizard = await Wizard.open(own)
    old = await wizard.create()
    await _saves(old, sizes.old_age)
    of_old: list[float] = []
    of_young: list[float] = []
    for _ in range(sizes.young_sessions):
        young = await wizard.create()
        await _saves(young, WARM_UP)
        for _ in range(SAVES):
            of_old.append(await timed(old.save))
            of_young.append(await timed(young.save))
    return {
        "age": sizes.old_age,
        "old_p50_ms": round(1000 * percentile(of_old, 50), 3),
        "young_p50_ms": round(1000 * percentile(of_young, 50), 3),
        "saves": len(of_old),
    }


async def _saves(session: BenchmarkSession, number: int) -> None:
    for _ in range(number):
        await session.save()
