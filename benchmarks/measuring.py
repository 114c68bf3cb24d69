"""Measuring subjects side by side: durations, CPU time of processes, and ratios.

Subjects take turns, round after round, so that other load on the machine affects them all. A ratio
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
"""Process ids by the name under which their CPU time is summed."""

WAIT_TIMEOUT: Final = 120.0
"""Seconds."""


async def do_nothing() -> None:
    return None


@dataclass(frozen=True)
class Subject:
    """An operation that is measured, with its preparation and clean-up."""

    name: str

    operations: Sequence[Operation]
    """One operation per client, which repeats it."""

    prepare: Operation = do_nothing
    """Runs before each round. Not measured."""

    finish: Operation = do_nothing
    """Waits for work that the operations started in the background: its CPU time is measured, its
    duration is not."""

    cool_down: Operation = do_nothing
    """Completes pending work that would otherwise run in another subject's turn. Not measured."""


@dataclass(frozen=True)
class Round:
    """One turn of a subject. Times are in seconds."""

    durations: Sequence[float]
    """Durations of the operations."""

    elapsed: float
    cpu: Mapping[str, float]
    """CPU time by name of the processes."""

    cores_elsewhere: float
    """Cores that other processes used during the round."""

    @property
    def p50(self) -> float:
        return statistics.median(self.durations)

    @property
    def rate(self) -> float:
        """Operations per second, of all clients together."""
        return len(self.durations) / self.elapsed


@dataclass(frozen=True)
class Turns:
    """The number of measured rounds, after a warm-up round, and the length of each."""

    rounds: int
    seconds: float


@dataclass
class SubjectRounds:
    """The rounds of one subject."""

    rounds: list[Round] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Milliseconds, and operations per second. ``p99_ms`` is the percentile over all rounds."""
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
    started = time.perf_counter()
    ends = started + seconds
    await asyncio.gather(*(_repeat(operation, ends, durations) for operation in subject.operations))
    elapsed = time.perf_counter() - started
    await subject.finish()
    cpu_after = cpu_seconds(pids)
    cpu = {name: cpu_after[name] - cpu_before[name] for name in pids}
    cpu_elsewhere = machine_cpu_seconds() - machine_before - sum(cpu.values())
    cores_elsewhere = max(0.0, cpu_elsewhere / (time.perf_counter() - started))
    await subject.cool_down()
    return Round(durations, elapsed, cpu, cores_elsewhere)


async def _repeat(operation: Operation, ends: float, durations: list[float]) -> None:
    """Repeats the operation until ``ends``, at least once."""
    while True:
        durations.append(await timed(operation))
        if time.perf_counter() >= ends:
            return


async def timed(operation: Operation) -> float:
    """Seconds."""
    started = time.perf_counter()
    await operation()
    return time.perf_counter() - started


async def wait_until(
    condition: Callable[[], Awaitable[bool]],
    *,
    interval: float = 0.01,
    timeout: float = WAIT_TIMEOUT,  # noqa: ASYNC109 (the condition is polled, not cancelled)
) -> float:
    """Returns the seconds it took; ``interval`` is the pause between two checks, in seconds.

    Raises:
        TimeoutError: the condition is still false after ``timeout`` seconds.
    """
    started = time.perf_counter()
    while time.perf_counter() < started + timeout:
        if await condition():
            return time.perf_counter() - started
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
    """User and system time since the start of the processes, by name."""
    return {name: sum(map(_cpu_seconds_of, group)) for name, group in pids.items()}


def machine_cpu_seconds() -> float:
    """CPU time of the whole machine."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def resident_bytes(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)


def _cpu_seconds_of(pid: int) -> float:
    """CPU time of a process and its descendants; of this process alone, which starts all others.

    Ended children are included in the times of their parent.
    """
    if pid == os.getpid():
        cpu_times = psutil.Process().cpu_times()
        return cpu_times.user + cpu_times.system
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total
