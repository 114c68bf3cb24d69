"""Prints what was played: one table, and for each violation all that led to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from tests.sales.playing import Played

WIDTH: Final = 120

IN_PROCESS: Final = "in process"
WITH_KILLS: Final = "with kills"

RULES: Final = ("oversold", "miscounted", "charged", "unsold", "still held")
"""Of these, the table shows also that there is no violation; others are counted together."""


@dataclass(frozen=True)
class Group:
    """Seeds that were played in the same way, in so many seconds together."""

    name: str
    played: Sequence[Played]
    seconds: float


def failure(played: Played) -> str:
    """Why the sale of a seed was wrong, and how to repeat it."""
    repeat = f"  repeat it: make sales SEED={played.seed} BUYERS={played.buyers}"
    return f"seed {played.seed}: {explained(played)}\n{repeat}"


def explained(played: Played) -> str:
    """The violations of a sale, its operations, and the histories of its orders."""
    lines = [f"{len(played.violations)} violations"]
    lines += [
        f"  {found.rule}: {found.detail} {found.order_id or ''}" for found in played.violations
    ]
    return "\n".join([*lines, *played.log])


def show(groups: Sequence[Group], console: Console | None = None) -> None:
    console = console or Console(width=WIDTH)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("")
    for group in groups:
        table.add_column(group.name, justify="right")
    columns = [_figures(group) for group in groups]
    for name in columns[0]:
        table.add_row(name, *(column[name] for column in columns))
    console.print(table)


def _figures(group: Group) -> dict[str, str]:
    played = group.played
    states = sum((sale.orders for sale in played), Counter[str]())
    rules = Counter(found.rule for sale in played for found in sale.violations)
    others = sum(count for rule, count in rules.items() if rule not in RULES)
    durations = sorted(sale.seconds for sale in played)
    return {
        "seeds": str(len(played)),
        "places": str(sum(sale.capacity for sale in played)),
        "tickets sold": str(sum(sale.sold for sale in played)),
        "sold out": f"{sum(sale.sold == sale.capacity for sale in played)} seeds",
        "orders": str(states.total()),
        **{f"  {state}": str(states[state]) for state in ("paid", "disputed", "refunded")},
        "  cancelled": str(states["cancelled"]),
        "  expired": str(states["expired"]),
        "refused": str(sum(sale.refused for sale in played)),
        **{rule: str(rules[rule]) for rule in RULES},
        "other violations": str(others),
        "seconds per seed, median": f"{durations[len(durations) // 2]:.1f}" if durations else "",
        "seconds in all": f"{group.seconds:.0f}",
    }
