"""Plays a run: the ramp, the hold, the overload and the recovery."""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import psutil

from benchmarks.measuring import wait_until
from benchmarks.stack import BenchStack
from tests.load.comparing import lost_from_workflows, lost_orders, lost_rows
from tests.load.figures import Phase, phase_of
from tests.load.gauges import Gauges, gauges_of
from tests.load.lag import Lag, lag_of
from tests.load.pacing import Pacer
from tests.load.sizes import LoadSizes
from tests.load.traffic import Traffic, traffic_on

HELD_SHARE: Final = 0.7
"""Of the rate that the machine takes."""

GROWTH: Final = 1.1
"""The ramp ends after two steps whose rates are less than this, relative to the best one before."""

P99_GROWTH: Final = 8.0
"""The ramp also ends after a step whose p99 is more than so many times the first one's."""

SAMPLE: Final = 200
"""Sessions that are read from their workflows after the overload."""

LONGEST_PHASE: Final = 300.0
"""Seconds until the fewest requests of a phase are answered, also on a machine that is busy."""

_SETTLING: Final = 1.0
"""Seconds in which the clients that a step adds begin their work."""


@dataclass(frozen=True)
class LoadRun:
    """``lost`` has a line for each acknowledged change that the system does not have."""

    sizes: LoadSizes
    cores: int
    """Of the machine."""
    ramp: list[Phase]
    hold: list[Phase]
    """Minute by minute."""
    overload: Phase
    recovery: list[Phase]
    """Its first half, and its second."""
    lost: list[str]
    compared: int
    """Sessions that were compared with what was acknowledged."""

    @property
    def capacity(self) -> float:
        """Requests per second."""
        return max(step.rate for step in self.ramp)

    @property
    def held_rate(self) -> float:
        """The rate that the hold and the recovery ask for."""
        return HELD_SHARE * self.capacity

    @property
    def phases(self) -> Iterator[tuple[str, Phase]]:
        yield from (("ramp", step) for step in self.ramp)
        yield from (("hold", minute) for minute in self.hold)
        yield "overload", self.overload
        yield from (("recovery", half) for half in self.recovery)


async def play(bench: BenchStack, sizes: LoadSizes, say: Callable[[str, Phase], None]) -> LoadRun:
    """``say`` is told each phase as soon as it is over, and its name."""
    async with (
        traffic_on(bench) as traffic,
        gauges_of(bench) as gauges,
        lag_of(bench, traffic.kept) as lag,
    ):
        return await _Playing(bench, sizes, say, traffic=traffic, gauges=gauges, lag=lag).play()


class _Playing:
    def __init__(
        self,
        bench: BenchStack,
        sizes: LoadSizes,
        say: Callable[[str, Phase], None],
        *,
        traffic: Traffic,
        gauges: Gauges,
        lag: Lag,
    ) -> None:
        self._bench = bench
        self._sizes = sizes
        self._traffic = traffic
        self._gauges = gauges
        self._lag = lag
        self._say = say

    async def play(self) -> LoadRun:
        sizes, traffic = self._sizes, self._traffic
        ramp = await self._ramp()
        best = max(ramp, key=lambda step: step.rate)
        held = Pacer(HELD_SHARE * best.rate)
        traffic.pacer = held
        await traffic.have(2 * best.clients)
        hold = [await self._phase(f"minute {n + 1}", sizes.period) for n in range(sizes.periods)]

        before = len(traffic.kept.sessions)
        traffic.pacer = Pacer()
        overload = await self._overload(2 * best.clients)
        traffic.pacer = held
        recovery = [await self._phase("recovery", sizes.recovery / 2) for _ in range(2)]

        await traffic.have(0)
        records = list(traffic.kept.sessions.values())
        lost = [
            *await lost_from_workflows(self._bench, records[before:][-SAMPLE:]),
            *await lost_rows(self._gauges.database, records),
            *await lost_orders(self._gauges.database, traffic.kept.orders),
        ]
        return LoadRun(
            sizes, psutil.cpu_count() or 1, ramp, hold, overload, recovery, lost, len(records)
        )

    async def _ramp(self) -> list[Phase]:
        steps: list[Phase] = []
        for clients in self._sizes.clients:
            await self._traffic.have(clients)
            await asyncio.sleep(min(_SETTLING, self._sizes.step))
            steps.append(await self._phase("ramp", self._sizes.step))
            if is_saturated(steps):
                break
        return steps

    async def _overload(self, clients_after: int) -> Phase:
        """Until the last of its requests is answered."""
        await self._traffic.have(self._sizes.overload_clients)
        begins = time.perf_counter()
        await asyncio.sleep(self._sizes.overload)
        clients = self._traffic.clients
        await self._traffic.have(clients_after)
        return await self._since(begins, "overload", clients)

    async def _phase(self, name: str, seconds: float) -> Phase:
        begins = time.perf_counter()
        await asyncio.sleep(seconds)
        await wait_until(lambda: self._has_least(begins), timeout=LONGEST_PHASE)
        return await self._since(begins, name, self._traffic.clients)

    async def _has_least(self, begins: float) -> bool:
        self._traffic.check()
        return len(self._traffic.ledger.between(begins, math.inf)) >= self._sizes.least

    async def _since(self, begins: float, name: str, clients: int) -> Phase:
        self._traffic.check()
        self._gauges.read()
        ends = time.perf_counter()
        phase = phase_of(
            self._traffic.ledger.between(begins, ends),
            self._gauges.between(begins, ends),
            await self._gauges.counts(),
            clients=clients,
            seconds=ends - begins,
            lag=self._lag.longest(begins, ends),
        )
        self._say(name, phase)
        return phase


def is_saturated(steps: Sequence[Phase]) -> bool:
    """Whether more clients than in the last step are of no use."""
    *before, last = steps
    if before and last.times.p99 > P99_GROWTH * steps[0].times.p99:
        return True
    return len(steps) > 2 and all(
        step.rate < GROWTH * max(earlier.rate for earlier in steps[:number])
        for number, step in list(enumerate(steps))[-2:]
    )
