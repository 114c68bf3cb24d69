"""Subjects measured in turns, round after round, so that what else the machine does meets all.

What counts is the ratio of two subjects: that of each round, and of these the median.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.processes import Pids, busy_seconds, cpu_seconds

Operation = Callable[[], Awaitable[object]]


async def nothing() -> None:
    return None


@dataclass(frozen=True)
class Subject:
    """What is measured: ``operations`` has one for each client, which repeats it.

    ``prepare`` comes before each round and does not count. ``settle`` waits for work that was begun
    and not waited for: its CPU counts, its time does not. ``rest`` brings to its end what
    would come by itself a while later, in the turn of another; as ``prepare``, it does not count.
    """

    name: str
    operations: Sequence[Operation]
    prepare: Operation = nothing
    settle: Operation = nothing
    rest: Operation = nothing


@dataclass(frozen=True)
class Round:
    """Seconds of each operation, how long it took altogether, and CPU seconds by process.

    ``elsewhere`` are the cores that processes which are not measured kept busy.
    """

    durations: Sequence[float]
    elapsed: float
    cpu: Mapping[str, float]
    elsewhere: float

    @property
    def p50(self) -> float:
        return statistics.median(self.durations)

    @property
    def rate(self) -> float:
        return len(self.durations) / self.elapsed


@dataclass(frozen=True)
class Turns:
    """How many rounds there are, after one that only warms up, and how long each takes."""

    rounds: int
    seconds: float


@dataclass
class Measured:
    """The rounds of one subject."""

    rounds: list[Round] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Milliseconds, and operations per second. ``p99_ms`` is that of all rounds together."""
        everything = [each for one in self.rounds for each in one.durations]
        return {
            "p50_ms": round(1000 * statistics.median(one.p50 for one in self.rounds), 3),
            "p99_ms": round(1000 * percentile(everything, 99), 3),
            "per_second": round(statistics.median(one.rate for one in self.rounds), 1),
            "operations": len(everything),
            "cpu_ms": self._cpu_per_operation(),
            "cores_elsewhere": round(statistics.median(one.elsewhere for one in self.rounds), 2),
            "rounds": [
                {"p50_ms": round(1000 * one.p50, 3), "per_second": round(one.rate, 1)}
                for one in self.rounds
            ],
        }

    def _cpu_per_operation(self) -> dict[str, float]:
        return {
            name: round(
                1000 * statistics.median(one.cpu[name] / len(one.durations) for one in self.rounds),
                3,
            )
            for name in self.rounds[0].cpu
        }


async def measure(
    subjects: Sequence[Subject], turns: Turns, pids: Pids
) -> dict[str, dict[str, Any]]:
    """The figures of each subject by its name; ``pids`` are the processes whose CPU is counted."""
    measured = {each.name: Measured() for each in subjects}
    for number in range(turns.rounds + 1):
        for subject in subjects:
            done = await _round(subject, turns.seconds, pids)
            if number:
                measured[subject.name].rounds.append(done)
    return {name: each.figures() for name, each in measured.items()}


async def _round(subject: Subject, seconds: float, pids: Pids) -> Round:
    await subject.prepare()
    before, busy = cpu_seconds(pids), busy_seconds()
    durations: list[float] = []
    began = time.perf_counter()
    ends = began + seconds
    await asyncio.gather(*(_repeat(each, ends, durations) for each in subject.operations))
    elapsed = time.perf_counter() - began
    await subject.settle()
    after = cpu_seconds(pids)
    cpu = {name: after[name] - before[name] for name in pids}
    elsewhere = (busy_seconds() - busy - sum(cpu.values())) / (time.perf_counter() - began)
    await subject.rest()
    return Round(durations, elapsed, cpu, max(0.0, elsewhere))


async def _repeat(operation: Operation, ends: float, durations: list[float]) -> None:
    """At least once."""
    while True:
        durations.append(await timed(operation))
        if time.perf_counter() >= ends:
            return


async def timed(operation: Operation) -> float:
    """Seconds."""
    began = time.perf_counter()
    await operation()
    return time.perf_counter() - began


def percentile(values: Sequence[float], per_cent: int) -> float:
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[per_cent - 1]


def ratio(one: Mapping[str, Any], other: Mapping[str, Any], figure: str) -> float:
    """``one`` by ``other``, round by round, and of that the median."""
    pairs = zip(one["rounds"], other["rounds"], strict=True)
    ratios: list[float] = [mine[figure] / theirs[figure] for mine, theirs in pairs]
    return statistics.median(ratios)
