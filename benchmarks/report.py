"""Tables of the results of a run.

    python -m benchmarks.report FILE

shows those of an earlier run, from its JSON.
"""

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich import table as rich_table
from rich.console import Console

from benchmarks.measuring import ratio
from benchmarks.parts import size
from benchmarks.subjects import BARE_UPDATE, BASELINE, COMPARED_WITH, SAVE
from benchmarks.targets import judged

WIDTH: Final = 180

LABELS: Final = {
    "measured_at": "date",
    "cpus": "CPUs",
    "memory_gb": "memory, GB",
    "load_before": "load average before the run",
    "python": "Python",
    "system": "operating system",
    "packages": "package",
    "saves_per_second": "saves per second",
    "p50_ms": "p50, ms",
    "p95_ms": "p95, ms",
    "p99_ms": "p99, ms",
    "age": "changes of the old session",
    "old_p50_ms": "old session, p50, ms",
    "young_p50_ms": "new sessions, p50, ms",
    "warm_p50_ms": "warm save, p50, ms",
    "cold_p50_ms": "cold save, p50, ms; earlier changes",
    "evicted_within_a_burst_p50_ms": "evicted within a burst, p50, ms",
    "created_per_second": "sessions created per second",
    "database_kb_per_session": "Temporal's database per session, KB",
    "worker_mb": "worker, MB",
    "api_mb": "API, MB",
    "temporal_mb": "Temporal, MB",
    "worker_killed": "worker killed",
    "kb_per_stream": "API, KB per stream",
    "p50_s": "p50, s",
    "slowest_s": "slowest, s",
    "holds_per_second": "answers per second",
    "hold_p50_s": "answer to an order, p50, s",
    "hold_p99_s": "answer to an order, p99, s",
    "busy_percent": "answered with 503 or 429, percent",
    "save_beside_saving_clients_p50_ms": "save beside eight saving clients, p50, ms",
    "save_during_rush_p50_ms": "save during the rush, p50, ms",
}
"""Names in the JSON, and the labels of their rows. Other names are shown as they are."""


@dataclass(frozen=True)
class Table:
    """``headings`` and each row have the same number of cells."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def markdown(table: Table) -> str:
    rule = ["---", *["---:"] * (len(table.headings) - 1)]
    lines = [table.headings, rule, *table.rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables(results: Mapping[str, Any]) -> Iterator[Table]:
    """Of the machine, of each part that was run, and of the targets."""
    yield Table("Machine", ("", ""), list(_flat(results["machine"])))
    for clients, measured in results.get("saves", {}).items():
        yield _side_by_side(f"Saves, {clients} at a time", measured)
    if "requests" in results:
        yield _requests(results["requests"]["alone"])
        yield _side_by_side("Reads, 8 at a time", results["requests"]["reads"])
    if "orders" in results:
        yield _side_by_side("Orders, 8 at a time", results["orders"]["rates"])
        yield _orders(results["orders"]["costs"])
    for part, table_of in _TABLES.items():
        if part in results:
            yield table_of(results[part])
    for part in ("rush", "lag", "screens", "copilot", "streams", "growth", "cold", "idle"):
        if part in results:
            yield Table(part.capitalize(), ("", ""), list(_flat(results[part])))
    yield _targets(results)


def _side_by_side(title: str, measured: Mapping[str, Any]) -> Table:
    processes = list(next(iter(measured.values()))["cpu_ms"])
    rows = []
    for name, figures in measured.items():
        compared_with = COMPARED_WITH.get(name, SAVE)
        other = figures if name in BASELINE else measured.get(compared_with, figures)
        rows.append(
            (
                name,
                f"{figures['p50_ms']:.1f}",
                f"{figures['p99_ms']:.1f}",
                f"{figures['per_second']:.0f}",
                f"{ratio(figures, other, 'p50_ms'):.2f}" if other is not figures else "",
                f"{ratio(figures, other, 'per_second'):.2f}" if other is not figures else "",
                *(f"{figures['cpu_ms'][process]:.2f}" for process in processes),
                # sum() rounds differently before Python 3.12.
                f"{math.fsum(figures['cpu_ms'].values()):.2f}",
                f"{figures['cores_elsewhere']:.1f}",
            )
        )
    headings = (
        "",
        "p50 ms",
        "p99 ms",
        "per s",
        "p50 ratio",
        "rate ratio",
        *(f"CPU {process}" for process in processes),
        "CPU all",
        "cores elsewhere",
    )
    return Table(title, headings, rows)


def _requests(alone: Mapping[str, Any]) -> Table:
    baseline = alone[BARE_UPDATE]["p50_ms"]
    rows = [
        (
            name,
            f"{figures['p50_ms']:.1f}",
            f"{figures['p95_ms']:.1f}",
            f"{figures['p50_ms'] / baseline:.2f}",
        )
        for name, figures in alone.items()
    ]
    return Table("Requests, one at a time", ("", "p50 ms", "p95 ms", "p50 / bare update"), rows)


def _size(measured: Mapping[str, Any]) -> Table:
    rows = []
    for name, figures in measured.items():
        other = measured[size.COMPARED_WITH.get(name, name)]
        history_bytes = figures["history_bytes_per_save"]
        history_ratio = history_bytes / other["history_bytes_per_save"]
        rows.append(
            (
                name,
                f"{figures['p50_ms']:.1f}",
                f"{figures['p99_ms']:.1f}",
                f"{ratio(figures, other, 'p50_ms'):.2f}" if other is not figures else "",
                f"{history_bytes:.0f}",
                f"{history_ratio:.2f}" if other is not figures else "",
            )
        )
    headings = ("", "p50 ms", "p99 ms", "p50 ratio", "bytes of history", "bytes ratio")
    return Table("Size", headings, rows)


def _bursts(bursts: Mapping[str, Any]) -> Table:
    rows = [
        (
            name,
            f"{figures['events_per_save']:.2f}",
            f"{figures['actions_per_save']:.2f}",
            f"{figures['history_bytes_per_save']:.0f}",
            f"{figures['state_transitions_per_save']:.2f}",
        )
        for name, figures in bursts.items()
    ]
    headings = ("per save", "events", "billed actions", "bytes", "state transitions")
    return Table("Bursts of saves", headings, rows)


def _reference(reference: Mapping[str, Any]) -> Table:
    rows = [
        (
            f"{scenario}, {workflows.replace('_', ' ')}",
            *(
                str(costs[workflows][name])
                for name in ("runs", "events", "history_bytes", "state_transitions", "actions")
            ),
        )
        for scenario, costs in reference.items()
        for workflows in ("session", "stripe_events")
    ]
    headings = ("", "runs", "events", "bytes", "state transitions", "billed actions")
    return Table("Reference session", headings, rows)


def _publishing(published: Mapping[str, Any]) -> Table:
    rows = [
        (
            tiers,
            str(figures["stripe_requests"]),
            f"{figures['seconds']:.1f}",
            str(figures["actions"]),
        )
        for tiers, figures in published.items()
    ]
    headings = ("paid tickets", "requests to Stripe", "seconds", "billed actions")
    return Table("Publishing", headings, rows)


def _fairness(measured: Mapping[str, Any]) -> Table:
    rows = [
        (
            milliseconds,
            f"{figures['alone_s']:.2f}",
            f"{figures['beside_s']:.2f}",
            f"{figures['beside_s'] / figures['alone_s']:.2f}",
        )
        for milliseconds, figures in measured.items()
    ]
    headings = ("Stripe responds after, ms", "alone, s", "beside large events, s", "ratio")
    return Table("Fairness", headings, rows)


def _orders(costs: Mapping[str, Any]) -> Table:
    rows = [
        (
            state,
            str(cost["order"]["actions"]),
            str(cost["order"]["events"]),
            str(cost["order"]["history_bytes"]),
            str(cost["stripe_events"]["actions"]),
            str(cost["stripe_events"]["events"]),
            str(cost["stripe_events"]["history_bytes"]),
            str(cost["stripe_requests"]),
            str(cost["row_bytes"]),
        )
        for state, cost in costs.items()
    ]
    headings = (
        "order",
        "billed actions",
        "events",
        "bytes",
        "webhooks: actions",
        "events",
        "bytes",
        "requests to Stripe",
        "bytes in Postgres",
    )
    return Table("Cost of an order", headings, rows)


def _flat(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        label = f"{prefix}{LABELS.get(name, name)}"
        if isinstance(value, Mapping):
            if "rounds" in value:
                yield f"{label}, p50, ms", f"{value['p50_ms']:.1f}"
            else:
                yield from _flat(value, f"{label}: ")
        else:
            yield label, str(value)


def _targets(results: Mapping[str, Any]) -> Table:
    rows = [
        (
            target.name,
            "" if target.measured is None else f"{target.measured:.2f}",
            target.limit,
            target.verdict,
        )
        for target in judged(results)
    ]
    return Table("Targets", ("", "measured", "limit", ""), rows)


_TABLES: Final[Mapping[str, Callable[[Mapping[str, Any]], Table]]] = {
    "bursts": _bursts,
    "reference": _reference,
    "publishing": _publishing,
    "fairness": _fairness,
    "size": _size,
}
"""The tables of parts that have one each."""


def show(results: Mapping[str, Any]) -> None:
    console = Console(stderr=True, width=WIDTH)
    for table in tables(results):
        printed = rich_table.Table(title=table.title, title_justify="left")
        for number, heading in enumerate(table.headings):
            printed.add_column(heading, justify="left" if number == 0 else "right")
        for row in table.rows:
            printed.add_row(*row)
        console.print(printed)


if __name__ == "__main__":
    show(json.loads(Path(sys.argv[1]).read_text()))
