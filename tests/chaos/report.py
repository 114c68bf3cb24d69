"""Prints what happened in a run: a table, and for each violation all that led to it."""

from collections import Counter
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from tests.chaos.judge import Harm
from tests.chaos.plan import FaultKind
from tests.chaos.running import Result

WIDTH: Final = 120


def failure(result: Result) -> str:
    """Why a run was wrong, and how to repeat it."""
    found = [
        f"  {violation.harm}: {violation.detail} {violation.session_id or violation.order_id or ''}"
        for violation in result.violations
    ]
    minutes = f"{result.seconds / 60:g}"
    return "\n".join(
        [
            f"seed {result.seed}: {len(found)} violations",
            *found,
            *result.log,
            f"  repeat it: make chaos SEED={result.seed} MINUTES={minutes}",
        ]
    )


def show(result: Result, console: Console | None = None) -> None:
    console = console or Console(width=WIDTH)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("")
    table.add_column(f"seed {result.seed}, {result.seconds:.0f} s", justify="right")
    for name, value in figures(result).items():
        table.add_row(name, value)
    console.print(table)


def figures(result: Result) -> dict[str, str]:
    """The rows of the table."""
    ledger, harms = result.ledger, Counter(found.harm for found in result.violations)
    sessions = result.evidence.sessions
    states = Counter(session.model.status for session in sessions)
    orders = [order for sale in result.evidence.sales for order in sale.orders]
    slowest, operation = ledger.slowest
    silence, ended = ledger.longest_silence
    return {
        **_faults(result),
        "sessions": str(len(sessions)),
        "  completed, abandoned": f"{states['completed']}, {states['abandoned']}",
        "orders": str(len(orders)),
        "  paid": str(sum(order.state == "paid" for order in orders)),
        "pictures": str(sum(len(session.pictures) for session in sessions)),
        "operations tried": str(ledger.tried),
        "  attempts": str(ledger.attempts),
        "  acknowledged": str(ledger.acknowledged),
        "  refused": str(ledger.refused),
        "longest time without an answer": f"{silence:.1f} s (until {ended:.0f} s)",
        "slowest operation": f"{slowest:.1f} s ({operation})",
        "settled after the faults": f"{result.settled_after:.1f} s",
        **{str(harm): str(harms[harm]) for harm in Harm},
    }


def _faults(result: Result) -> dict[str, str]:
    """Faults by kind, with how many of each target."""
    done = result.faults
    rows = {"faults": str(done.total())}
    for kind in FaultKind:
        targets = {target: count for (which, target), count in done.items() if which is kind}
        if targets:
            named = ", ".join(f"{target} {count}" for target, count in sorted(targets.items()))
            rows[f"  {kind}"] = f"{sum(targets.values())} ({named})"
    return rows
