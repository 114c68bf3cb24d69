"""The rules of a run: ratios and counts, never times of their own. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.load.answers import Kind
from tests.load.figures import Phase
from tests.load.gauges import OURS
from tests.load.running import LoadRun

HELD: Final = 0.95
"""The least rate of the hold, and of the end of the recovery, relative to the one asked for."""

SLOWER: Final = 0.9
"""Of the cores that other processes left to the best step of the ramp. A phase that had less was
slower than the ramp had found, and neither its rate nor 503 are judged."""

WARM_UP: Final = 1
"""Minutes of the hold whose memory is not judged: caches fill, and the allocator's arenas grow."""

BYTES_PER_REQUEST: Final = 512
"""By which memory may grow. A leaked view, event or request is several thousand."""

MEMORY_NOISE: Final = 4 * 2**20
"""Bytes by which the median memory of a minute differs from the next without a leak."""

FILES_NOISE: Final = 10
"""Open files, which vary with the streams that are open at a moment."""

OPEN_AT_ONCE: Final = 3
"""Workflows of a client that may be open: its session's, and those of its orders."""

OVERLOAD_MEMORY: Final = 1.5
"""The memory in the overload, relative to the last minute before it."""

OVERLOAD_RATE: Final = 0.5
"""The least rate in the overload, relative to the best of the ramp."""

RECOVERED_P50: Final = 2.0
"""The p50 at the end of the recovery, relative to the hold's."""

RECOVERED_PUBLISH: Final = 4.0
"""The p50 of publications at the end of the recovery, relative to the hold's. There are few of
them, so that their p50 varies more; one that waits for those of the overload takes seconds."""


def broken_rules(run: LoadRun) -> list[str]:
    """A line for each rule that does not hold."""
    return [
        *_answers(run),
        *run.lost,
        *(_comparisons(run) if run.sizes.is_full else ()),
    ]


def was_slower(phase: Phase, run: LoadRun) -> bool:
    best = max(run.ramp, key=lambda step: step.rate)
    return run.cores - phase.cores_elsewhere < SLOWER * (run.cores - best.cores_elsewhere)


def _answers(run: LoadRun) -> Iterator[str]:
    for name, phase in run.phases:
        yield from (f"{name}: {answer}" for answer in phase.broken)


def _comparisons(run: LoadRun) -> Iterator[str]:
    for number, minute in enumerate(run.hold, 1):
        yield from _held(f"minute {number}", minute, run)
    yield from memory_growth(run.hold)
    yield from _files_and_workflows(run.hold)
    yield from _overload(run)
    yield from _recovery(run)


def _held(name: str, phase: Phase, run: LoadRun) -> Iterator[str]:
    if was_slower(phase, run):
        return
    if phase.busy:
        yield f"{name}: {phase.busy} answers are 429 or 503"
    if phase.rate < HELD * run.held_rate:
        yield f"{name}: {phase.rate:.0f} requests per second instead of {run.held_rate:.0f}"


def memory_growth(hold: Sequence[Phase]) -> Iterator[str]:
    """From the first minute after the warm-up to the last."""
    judged = hold[WARM_UP:]
    if len(judged) < 2:
        return
    between = sum(minute.requests for minute in judged[1:])
    for process in OURS:
        grown = judged[-1].memory[process] - judged[0].memory[process]
        if grown > MEMORY_NOISE + BYTES_PER_REQUEST * between:
            yield f"{process}: grew by {grown / between:.0f} bytes per request"


def _files_and_workflows(hold: Sequence[Phase]) -> Iterator[str]:
    first, last = hold[0], hold[-1]
    for process in OURS:
        if last.files[process] > first.files[process] + FILES_NOISE:
            yield f"{process}: {last.files[process]} open files, {first.files[process]} before"
    if last.counts.workflows > first.counts.workflows + OPEN_AT_ONCE * last.clients:
        yield f"{last.counts.workflows} workflows are open, {first.counts.workflows} were before"


def _overload(run: LoadRun) -> Iterator[str]:
    overload, before = run.overload, run.hold[-1]
    if overload.late_refusals and not was_slower(overload, run):
        yield f"overload: {overload.late_refusals} answers 429 or 503 are late"
    for process in OURS:
        if overload.memory[process] > OVERLOAD_MEMORY * before.memory[process]:
            ratio = overload.memory[process] / before.memory[process]
            yield f"overload: {process} has {ratio:.1f} times the memory"
    if overload.rate < OVERLOAD_RATE * run.capacity and not was_slower(overload, run):
        yield f"overload: {overload.rate:.0f} of {run.capacity:.0f} requests per second are done"


def _recovery(run: LoadRun) -> Iterator[str]:
    end, held = run.recovery[-1], run.hold[-1]
    yield from _held("recovery", end, run)
    if was_slower(end, run):
        return
    published, before = end.by_kind[Kind.PUBLISH], held.by_kind[Kind.PUBLISH]
    if end.times.p50 > RECOVERED_P50 * held.times.p50:
        yield f"recovery: p50 is {end.times.p50 / held.times.p50:.1f} times the hold's"
    if before.count and published.p50 > RECOVERED_PUBLISH * before.p50:
        yield f"recovery: publications take {published.p50 / before.p50:.1f} times the hold's p50"
