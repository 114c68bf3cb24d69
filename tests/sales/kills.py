"""Sales on a stack whose processes are killed meanwhile."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from random import Random
from typing import Final

from benchmarks.stack import BenchStack, bench_stack
from tests.sales.market import open_sale
from tests.sales.opening import market_on_stack
from tests.sales.plans import NEEDS_A_CLOCK, Deed, Delivery, plan_of
from tests.sales.playing import Played, play_sale
from tests.support.waiting import eventually

COMPONENTS: Final = ("worker", "api", "temporal", "postgres")

KILLS: Final = 2
"""Per seed: the stack gives up a component that dies five times within a minute."""

_RESTARTED_WITHIN_SECONDS: Final = 60.0
_DEEDS: Final = tuple(deed for deed in Deed if deed not in NEEDS_A_CLOCK)
_DELIVERIES: Final = tuple(way for way in Delivery if way is not Delivery.NEVER)
"""Without a webhook, an order on a stack would wait for the real end of its hold."""


async def play_with_kills(seeds: Sequence[int]) -> AsyncIterator[Played]:
    """One sale after the other, on one stack."""
    with bench_stack(number=7, HOLDS_PER_ADDRESS="0") as bench:
        async with market_on_stack(bench) as market:
            for seed in seeds:
                await market.control("/reset")
                plan = plan_of(seed, deeds=_DEEDS, deliveries=_DELIVERIES)
                sale = await open_sale(market, plan)
                killing = asyncio.create_task(_kill(bench, seed))
                yield await play_sale(sale)
                await killing


async def _kill(bench: BenchStack, seed: int) -> None:
    random = Random(seed)
    for number in range(KILLS):
        await asyncio.sleep(random.uniform(0.5, 2))
        await _kill_one(bench, COMPONENTS[(KILLS * seed + number) % len(COMPONENTS)])


async def _kill_one(bench: BenchStack, name: str) -> None:
    """Returns when the stack has started it again."""
    killed = _pid(bench, name)
    if killed is None:
        return
    with suppress(ProcessLookupError):
        os.kill(killed, signal.SIGKILL)

    async def is_restarted() -> bool:
        return _pid(bench, name) not in {None, killed}

    await eventually(is_restarted, within=_RESTARTED_WITHIN_SECONDS, what=f"the restart of {name}")


def _pid(bench: BenchStack, name: str) -> int | None:
    stack = bench.state.read_stack()
    return stack.pids.get(name) if stack else None
