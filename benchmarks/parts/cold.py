"""The first save of a session that no worker has in memory, beside a later one, which finds it.

It has a stack of its own, whose worker remembers few sessions.
"""

import asyncio
from typing import Any, Final

from benchmarks.measuring import percentile, timed
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack, own_stack
from benchmarks.wizard import Wizard
from workflows.wizard_session import CHANGES_PER_RUN

STACK: Final = 1
CACHED: Final = 10
AT_A_TIME: Final = 5
"""Sessions that are prepared together; less than the worker remembers."""

AGES: Final = (1, CHANGES_PER_RUN // 2, *(runs * CHANGES_PER_RUN - 1 for runs in (1, 2, 9)))
"""Changes that a session has seen. All but the first two stand before the last change of a run,
with as much to replay as there can be."""


def run(_: OwnStack, sizes: Sizes) -> dict[str, Any]:
    with own_stack(STACK, WORKER_MAX_CACHED_WORKFLOWS=str(CACHED)) as small:
        return asyncio.run(_measure(small, sizes.cold_sessions))


async def _measure(own: OwnStack, sessions: int) -> dict[str, Any]:
    by_age = {age: await _aged(own, sessions, age) for age in AGES}
    await _aged(own, 2 * CACHED, 1)  # which the worker has in memory now, instead of the others
    wizard = await Wizard.open(own)
    cold: dict[int, list[float]] = {age: [] for age in AGES}
    warm: list[float] = []
    for number in range(sessions):
        for age in AGES:
            session = wizard.session(by_age[age][number])
            cold[age].append(await timed(session.save))
            await session.save()  # often the first of a new run, which is no usual one either
            warm.append(await timed(session.save))
    return {
        "sessions": sessions,
        "warm_p50_ms": round(1000 * percentile(warm, 50), 3),
        "cold_p50_ms": {
            str(age): round(1000 * percentile(each, 50), 3) for age, each in cold.items()
        },
    }


async def _aged(own: OwnStack, sessions: int, age: int) -> list[str]:
    """Their ids."""
    wizards = [await Wizard.open(own) for _ in range(AT_A_TIME)]
    made: list[str] = []
    while len(made) < sessions:
        made += await asyncio.gather(*(_one_aged(each, age) for each in wizards))
    return made[:sessions]


async def _one_aged(wizard: Wizard, age: int) -> str:
    session = await wizard.create()
    for _ in range(age):
        await session.save()
    return session.id
