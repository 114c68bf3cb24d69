"""Prints a run: each phase as it ends, and the tables in the form of docs/reliability.md."""

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.report import Table, markdown
from tests.load.answers import Kind
from tests.load.figures import Phase, Times
from tests.load.gauges import PROCESSES
from tests.load.rules import was_slower
from tests.load.running import LoadRun

MEGABYTE: Final = 2**20

_ROWS: Final[Sequence[tuple[str, Callable[[Phase], str]]]] = (
    ("clients", lambda phase: str(phase.clients)),
    ("requests", lambda phase: f"{phase.requests:,}"),
    ("… done per second", lambda phase: f"{phase.rate:.0f}"),
    ("… 429 or 503 with `Retry-After`", lambda phase: f"{phase.busy:,}"),
    ("… … of which late", lambda phase: f"{phase.late_refusals:,}"),
    ("… 500, other errors, dropped, no answer", lambda phase: str(len(phase.broken))),
    ("p50, ms", lambda phase: f"{1000 * phase.times.p50:.0f}"),
    ("p99, ms", lambda phase: f"{1000 * phase.times.p99:.0f}"),
    ("p99 of 429 or 503, ms", lambda phase: f"{1000 * phase.refusals.p99:.0f}"),
    *(
        (f"memory of {name}, MB", lambda phase, name=name: f"{phase.memory[name] / MEGABYTE:.1f}")
        for name in PROCESSES
    ),
    ("open files of api", lambda phase: str(phase.files["api"])),
    ("open files of worker", lambda phase: str(phase.files["worker"])),
    ("connections to Postgres", lambda phase: str(phase.counts.connections)),
    ("open sessions", lambda phase: str(phase.counts.sessions)),
    ("open workflows", lambda phase: str(phase.counts.workflows)),
    ("longest lag of the read model, s", lambda phase: f"{phase.lag:.1f}"),
    ("cores used by other processes", lambda phase: f"{phase.cores_elsewhere:.1f}"),
)


def line_of(name: str, phase: Phase) -> str:
    """A phase that has just ended."""
    memory = ", ".join(f"{name} {phase.memory[name] / MEGABYTE:.1f}" for name in PROCESSES)
    kinds = ", ".join(f"{kind} {times.count}" for kind, times in phase.by_kind.items())
    return (
        f"{name}: {phase.clients} clients, {phase.rate:.0f} requests per second, "
        f"p50 {1000 * phase.times.p50:.0f} ms, p99 {1000 * phase.times.p99:.0f} ms, "
        f"{phase.busy} busy (p99 {1000 * phase.refusals.p99:.0f} ms, {phase.late_refusals} late), "
        f"{len(phase.broken)} broken, MB: {memory}, "
        f"files: api {phase.files['api']}, worker {phase.files['worker']}, "
        f"connections {phase.counts.connections}, sessions {phase.counts.sessions}, "
        f"workflows {phase.counts.workflows}, lag {phase.lag:.1f} s, "
        f"elsewhere {phase.cores_elsewhere:.1f} cores\n    {kinds}"
    )


def verdict(run: LoadRun, broken: Sequence[str]) -> str:
    """The tables, and the rules that are broken."""
    lines = [tables(run), ""]
    if not run.lost:
        lines.append(f"{run.compared:,} sessions have all that was acknowledged.")
    if any(was_slower(phase, run) for _, phase in run.phases):
        lines.append(
            "At times the machine was slower than in the ramp: its rates of then are not judged."
        )
    lines += [f"BROKEN: {rule}" for rule in broken] or ["No rule is broken."]
    return "\n".join(lines)


def tables(run: LoadRun) -> str:
    return "\n\n".join(markdown(table) for table in (_ramp(run), _phases(run), _kinds(run)))


def _ramp(run: LoadRun) -> Table:
    headings = ("clients of the ramp", *(str(step.clients) for step in run.ramp))
    rows = [
        (label, *(value(step) for step in run.ramp))
        for label, value in _ROWS
        if label in ("… done per second", "p50, ms", "p99, ms", "cores used by other processes")
    ]
    return Table("", headings, rows)


def _phases(run: LoadRun) -> Table:
    columns = {
        **{f"minute {number}": minute for number, minute in enumerate(run.hold, 1)},
        "overload": run.overload,
        **{f"recovery, half {number}": half for number, half in enumerate(run.recovery, 1)},
    }
    rows = [(label, *(value(phase) for phase in columns.values())) for label, value in _ROWS]
    return Table("", ("", *columns), rows)


def _kinds(run: LoadRun) -> Table:
    """Of the last minute of the hold, of the overload, and of the end of the recovery."""
    phases = {
        "last minute": run.hold[-1],
        "overload": run.overload,
        "recovery, half 2": run.recovery[-1],
    }
    headings = ["", *(heading for name in phases for heading in (name, "p50, ms", "p99, ms"))]
    rows = [
        (str(kind), *(shown for phase in phases.values() for shown in _times(phase.by_kind[kind])))
        for kind in Kind
    ]
    return Table("", headings, rows)


def _times(times: Times) -> tuple[str, str, str]:
    return f"{times.count:,}", f"{1000 * times.p50:.0f}", f"{1000 * times.p99:.0f}"
