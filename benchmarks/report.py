"""What was found, as tables.

python -m benchmarks.report FILE      the tables of an earlier run, from its JSON
"""

import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figures
from benchmarks.measuring import ratio
from benchmarks.subjects import COMPARED_WITH, FLOORS, SAVE
from benchmarks.targets import judged

WIDTH: Final = 180


def tables(results: Mapping[str, Any]) -> Iterator[Figures]:
    """Those of the parts that were run, and the targets at the end."""
    yield Figures("Machine", ("", ""), list(_flat(results["machine"])))
    for clients, measured in results.get("saves", {}).items():
        yield _side_by_side(f"Saves, {clients} at a time", measured)
    if "requests" in results:
        yield _requests(results["requests"]["alone"])
        yield _side_by_side("Reads, 8 at a time", results["requests"]["reads"])
    if "bursts" in results:
        yield _bursts(results["bursts"])
    if "reference" in results:
        yield _reference(results["reference"])
    for part in ("lag", "growth", "cold", "idle"):
        if part in results:
            yield Figures(part.capitalize(), ("", ""), list(_flat(results[part])))
    yield _targets(results)


def _side_by_side(title: str, measured: Mapping[str, Any]) -> Figures:
    processes = list(next(iter(measured.values()))["cpu_ms"])
    cpu = [f"CPU {each}" for each in processes]
    rows = []
    for name, each in measured.items():
        beside = each if name in FLOORS else measured.get(COMPARED_WITH.get(name, SAVE), each)
        rows.append(
            (
                name,
                f"{each['p50_ms']:.1f}",
                f"{each['p99_ms']:.1f}",
                f"{each['per_second']:.0f}",
                f"{ratio(each, beside, 'p50_ms'):.2f}" if beside is not each else "",
                f"{ratio(each, beside, 'per_second'):.2f}" if beside is not each else "",
                *(f"{each['cpu_ms'][process]:.2f}" for process in processes),
                f"{math.fsum(each['cpu_ms'].values()):.2f}",  # alike in each version of Python
                f"{each['cores_elsewhere']:.1f}",
            )
        )
    headings = (
        "",
        "p50 ms",
        "p99 ms",
        "per s",
        "p50 ratio",
        "rate ratio",
        *cpu,
        "CPU all",
        "cores elsewhere",
    )
    return Figures(title, headings, rows)


def _requests(alone: Mapping[str, Any]) -> Figures:
    floor = alone["bare update"]["p50_ms"]
    rows = [
        (name, f"{each['p50_ms']:.1f}", f"{each['p95_ms']:.1f}", f"{each['p50_ms'] / floor:.2f}")
        for name, each in alone.items()
    ]
    return Figures("Requests, one at a time", ("", "p50 ms", "p95 ms", "by bare update"), rows)


def _bursts(bursts: Mapping[str, Any]) -> Figures:
    rows = [
        (
            name,
            f"{each['events_per_save']:.2f}",
            f"{each['actions_per_save']:.2f}",
            f"{each['history_bytes_per_save']:.0f}",
            f"{each['state_transitions_per_save']:.2f}",
        )
        for name, each in bursts.items()
    ]
    headings = ("per save", "events", "billed actions", "bytes", "state transitions")
    return Figures("Bursts of saves", headings, rows)


def _reference(reference: Mapping[str, Any]) -> Figures:
    rows = [
        (
            f"{pace}, {which.replace('_', ' ')}",
            *(
                str(played[which][name])
                for name in ("runs", "events", "history_bytes", "state_transitions", "actions")
            ),
        )
        for pace, played in reference.items()
        for which in ("session", "stripe_events")
    ]
    headings = ("", "runs", "events", "bytes", "state transitions", "billed actions")
    return Figures("Reference session", headings, rows)


def _flat(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            if "rounds" in value:
                yield f"{prefix}{name}, p50 ms", f"{value['p50_ms']:.1f}"
            else:
                yield from _flat(value, f"{prefix}{name}: ")
        else:
            yield f"{prefix}{name}", str(value)


def _targets(results: Mapping[str, Any]) -> Figures:
    rows = [
        (
            each.name,
            "" if each.measured is None else f"{each.measured:.2f}",
            each.limit,
            each.verdict,
        )
        for each in judged(results)
    ]
    return Figures("Targets", ("", "measured", "limit", ""), rows)


def show(results: Mapping[str, Any]) -> None:
    console = Console(stderr=True, width=WIDTH)
    for each in tables(results):
        shown = Table(title=each.title, title_justify="left")
        for number, heading in enumerate(each.headings):
            shown.add_column(heading, justify="left" if number == 0 else "right")
        for row in each.rows:
            shown.add_row(*row)
        console.print(shown)


if __name__ == "__main__":
    show(json.loads(Path(sys.argv[1]).read_text()))
