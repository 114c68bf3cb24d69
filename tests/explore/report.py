"""Prints what was explored: one table, and for each broken rule the schedule that repeats it."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from tests.explore.played import Played
from tests.explore.schedules import Schedule

WIDTH: Final = 120


def failure(played: Played) -> str:
    """Which rules were broken, how to repeat it, and the events of the workflow."""
    lines = [f"{played.schedule}: {len(played.breaches)} rules broken, it ended {played.ended}"]
    lines += [f"  {breach.rule}: {breach.detail}" for breach in played.breaches]
    lines += [f"  repeat it: make explore ONLY='{played.schedule}'"]
    return "\n".join([*lines, *(f"    {line}" for line in played.log)])


def show(
    played: Sequence[Played],
    seconds: float,
    cpu_seconds: float,
    console: Console | None = None,
) -> None:
    console = console or Console(width=WIDTH)
    table = Table(box=box.SIMPLE_HEAD)
    courses = list(dict.fromkeys(result.schedule.course for result in played))
    table.add_column("")
    for course in courses:
        table.add_column(course, justify="right")
    columns = [
        _figures([result for result in played if result.schedule.course == course])
        for course in courses
    ]
    for name in dict.fromkeys(name for column in columns for name in column):
        table.add_row(name, *(str(column.get(name, 0)) for column in columns))
    console.print(table)
    broken = sum(bool(result.breaches) for result in played)
    console.print(
        f"{len(played)} schedules, {broken} violations, "
        f"{seconds:.0f} seconds, {cpu_seconds:.0f} of CPU time"
    )


_KINDS: Final = {
    (1, 0): "one fault",
    (2, 0): "two faults",
    (0, 1): "a message",
    (1, 1): "a message and a fault",
}
"""By the numbers of faults and messages."""


def _kind(schedule: Schedule) -> str:
    messages = len(schedule.arrivals)
    return _KINDS.get((len(schedule.strikes) - messages, messages), "")


def _figures(played: Sequence[Played]) -> dict[str, int]:
    kinds = Counter(_kind(result.schedule) for result in played)
    clean = [result for result in played if not result.schedule.strikes]
    endings = Counter(result.ended for result in played)
    rules = Counter(breach.rule for result in played for breach in result.breaches)
    return {
        "steps without a fault": sum(len(result.steps) for result in clean),
        **{f"schedules with {kind}": kinds[kind] for kind in _KINDS.values()},
        "  with two, both were reached": sum(
            len(result.schedule.strikes) == 2 and not result.has_missed for result in played
        ),
        **{f"ended {name}": endings[name] for name in sorted(endings)},
        "violations": sum(bool(result.breaches) for result in played),
        **{f"  {rule}": count for rule, count in rules.items()},
    }
