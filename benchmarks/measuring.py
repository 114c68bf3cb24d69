"""Measuring subjects side by side: durations, CPU time of processes, and ratios.

Subjects take turns, round after round, so that other load on the machine meets all of them. A ratio
of two subjects is the median of the ratios of the rounds.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psutil

Operation = Callable[[], Awaitable[object]]

Pids = Mapping[str, Sequence[int]]
"""Processes by the name under which they are counted together."""

WAIT_TIMEOUT: Final = 120.0
"""Seconds."""


async def do_nothing() -> None:
    return None


@dataclass(frozen=True)
class Subject:
    """What is measured."""

    name: str

    operations: Sequence[Operation]
    """One for each client, which repeats it."""

    prepare: Operation = do_nothing
    """Runs before each round. Not measured."""

    finish: Operation = do_nothing
    """Waits for work that the operations began and did not wait for: its CPU is measured, its time
    is not."""

    cool_down: Operation = do_nothing
    """Does now what would otherwise happen later, in another subject's turn. Not measured."""


@dataclass(frozen=True)
class Round:
    """One turn of a subject. Times are in seconds."""

    durations: Sequence[float]
    """Of each operation."""

    elapsed: float
    cpu: Mapping[str, float]
    """By name of the processes."""

    cores_elsewhere: float
    """Cores that other processes kept busy meanwhile."""

    @property
    def p50(self) -> float:
        return statistics.median(self.durations)

    @property
    def rate(self) -> float:
        """Operations per second, of all clients together."""
        return len(self.durations) / self.elapsed


@dataclass(frozen=True)
class Turns:
    """How many rounds are measured, after one that only warms up, and how long each takes."""

    rounds: int
    seconds: float


@dataclass
class SubjectRounds:
    """The rounds of one subject."""

    rounds: list[Round] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Milliseconds, and operations per second. ``p99_ms`` is that of all rounds together."""
        durations = [duration for turn in self.rounds for duration in turn.durations]
        return {
            "p50_ms": round(1000 * statistics.median(turn.p50 for turn in self.rounds), 3),
            "p99_ms": round(1000 * percentile(durations, 99), 3),
            "per_second": round(statistics.median(turn.rate for turn in self.rounds), 1),
            "operations": len(durations),
            "cpu_ms": self._cpu_per_operation(),
            "cores_elsewhere": round(
                statistics.median(turn.cores_elsewhere for turn in self.rounds), 2
            ),
            "rounds": [
                {"p50_ms": round(1000 * turn.p50, 3), "per_second": round(turn.rate, 1)}
                for turn in self.rounds
            ],
        }

    def _cpu_per_operation(self) -> dict[str, float]:
        """Milliseconds, by name of the processes."""
        return {
            name: round(
                1000
                * statistics.median(turn.cpu[name] / len(turn.durations) for turn in self.rounds),
                3,
            )
            for name in self.rounds[0].cpu
        }


async def measure(
    subjects: Sequence[Subject], turns: Turns, pids: Pids
) -> dict[str, dict[str, Any]]:
    """The figures of each subject by its name; ``pids`` are the processes whose CPU is counted."""
    measured = {subject.name: SubjectRounds() for subject in subjects}
    for number in range(turns.rounds + 1):
        for subject in subjects:
            turn = await _round(subject, turns.seconds, pids)
            if number:
                measured[subject.name].rounds.append(turn)
    return {name: subject_rounds.figures() for name, subject_rounds in measured.items()}


async def _round(subject: Subject, seconds: float, pids: Pids) -> Round:
    await subject.prepare()
    cpu_before, machine_before = cpu_seconds(pids), machine_cpu_seconds()
    durations: list[float] = []
    began = time.perf_counter()
    ends = began + seconds
    await asyncio.gather(*(_repeat(operation, ends, durations) for operation in subject.operations))
    elapsed = time.perf_counter() - began
    await subject.finish()
    cpu_after = cpu_seconds(pids)
    cpu = {name: cpu_after[name] - cpu_before[name] for name in pids}
    cpu_elsewhere = machine_cpu_seconds() - machine_before - sum(cpu.values())
    cores_elsewhere = max(0.0, cpu_elsewhere / (time.perf_counter() - began))
    await subject.cool_down()
    return Round(durations, elapsed, cpu, cores_elsewhere)


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


async def wait_until(
    condition: Callable[[], Awaitable[bool]],
    *,
    interval: float = 0.01,
    timeout: float = WAIT_TIMEOUT,  # noqa: ASYNC109 (the condition is polled, not cancelled)
) -> float:
    """Seconds that it took; ``interval`` is the pause between two checks, in seconds.

    Raises:
        TimeoutError: the condition is still false after ``timeout`` seconds.
    """
    began = time.perf_counter()
    while time.perf_counter() < began + timeout:
        if await condition():
            return time.perf_counter() - began
        await asyncio.sleep(interval)
    raise TimeoutError(f"{condition.__name__} is still false after {timeout:g} s")


def percentile(values: Sequence[float], percent: int) -> float:
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def ratio(numerator: Mapping[str, Any], denominator: Mapping[str, Any], figure: str) -> float:
    """The median of the ratios of the rounds, of two results of ``measure``."""
    pairs = zip(numerator["rounds"], denominator["rounds"], strict=True)
    ratios: list[float] = [above[figure] / below[figure] for above, below in pairs]
    return statistics.median(ratios)


def cpu_seconds(pids: Pids) -> dict[str, float]:
    """User and system time since the processes began, by name."""
    return {name: sum(map(_cpu_seconds_of, group)) for name, group in pids.items()}


def machine_cpu_seconds() -> float:
    """CPU time of the whole machine."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def resident_bytes(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


def _cpu_seconds_of(pid: int) -> float:
    """With all processes that it has started, unless it is this one, which starts all others.

    Children that have ended are in their parent's own account.
    """
    if pid == os.getpid():
        own = psutil.Process().cpu_times()
        return own.user + own.system
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total
