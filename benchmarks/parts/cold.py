"""The first save of a session that no worker has in memory, beside a later one, which finds it.

It has a stack of its own, whose worker remembers few sessions.
"""

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from typing import Any, Final

from temporalio.client import Client

from benchmarks.measuring import percentile, timed
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack, own_stack
from benchmarks.wizard import Wizard
from tests.support.session_histories import at_rest
from workflows.wizard_session import CHANGES_PER_RUN

STACK: Final = 1
CACHED: Final = 10
AT_A_TIME: Final = 5
"""Sessions that are prepared together; less than the worker remembers."""

MOST: Final = CHANGES_PER_RUN - 1
AGES: Final = (1, CHANGES_PER_RUN // 2, *(runs * CHANGES_PER_RUN + MOST for runs in (0, 1, 4)))
"""Changes that a session has seen. All but the first two have as much to replay as there can be."""


def run(_: OwnStack, sizes: Sizes) -> dict[str, Any]:
    with own_stack(STACK, WORKER_MAX_CACHED_WORKFLOWS=str(CACHED)) as small:
        return asyncio.run(_measure(small, sizes.cold_sessions))


async def _measure(own: OwnStack, sessions: int) -> dict[str, Any]:
    by_age = {age: await _aged(own, sessions, age) for age in AGES}
    others = await _aged(own, 2 * CACHED, 1)  # the worker has these in memory now
    temporal = await own.temporal()
    await _rest(temporal, [*itertools.chain(*by_age.values()), *others])
    cold: dict[int, list[float]] = {age: [] for age in AGES}
    warm: list[float] = []
    for number in range(sessions):
        wizard = await Wizard.open(own)  # the API has ended one that was quiet meanwhile
        for age in AGES:
            session = wizard.session(by_age[age][number])
            cold[age].append(await timed(session.save))
            await session.save()  # one between, so that nothing of its waking up counts as warm
            warm.append(await timed(session.save))
        wizard.close()
        await _rest(temporal, [each[number] for each in by_age.values()])
    cut_off: list[float] = []
    for _ in range(max(1, sessions // 2)):
        cut_off.append(await _cut_off(own, others))
        await _rest(temporal, others)
    return {
        "sessions": sessions,
        "warm_p50_ms": round(1000 * percentile(warm, 50), 3),
        "cold_p50_ms": {
            str(age): round(1000 * percentile(each, 50), 3) for age, each in cold.items()
        },
        "cut_off_within_a_burst_p50_ms": round(1000 * percentile(cut_off, 50), 3),
    }


async def _rest(temporal: Client, sessions: Iterable[str]) -> None:
    """What comes at the end of a burst wakes sessions up as well, and is not to be measured."""
    for each in sessions:
        await at_rest(temporal, each)


async def _cut_off(own: OwnStack, others: Sequence[str]) -> float:
    """Seconds. Others take the worker's memory before the burst is over."""
    wizard = await Wizard.open(own)
    session = wizard.session(await _one_aged(wizard, MOST))
    for other in others[: CACHED + 1]:
        await wizard.session(other).save()
    duration = await timed(session.save)
    wizard.close()
    return duration


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
