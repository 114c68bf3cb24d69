"""What was found, as tables for people."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.measuring import ratio

_BESIDE: Final = {
    "HTTP save": "bare update",
    "HTTP save, respond-async": "bare signal",
}


def show(results: Mapping[str, Any]) -> None:
    console = Console(stderr=True, width=170)
    if "saves" in results:
        for clients, measured in results["saves"].items():
            console.print(_subjects(f"{clients} at a time", measured))


def _subjects(title: str, measured: Mapping[str, Any]) -> Table:
    processes = list(next(iter(measured.values()))["cpu_ms"])
    table = Table(title=f"{title}; CPU in ms per operation", title_justify="left")
    table.add_column("")
    for heading in ("p50 ms", "p99 ms", "per s", "p50 ratio", "rate ratio", *processes, "all CPU"):
        table.add_column(heading, justify="right")
    for name, each in measured.items():
        beside = measured[_BESIDE[name]] if name in _BESIDE else None
        table.add_row(
            name,
            f"{each['p50_ms']:.1f}",
            f"{each['p99_ms']:.1f}",
            f"{each['per_second']:.0f}",
            f"{ratio(each, beside, 'p50_ms'):.2f}" if beside else "",
            f"{ratio(each, beside, 'per_second'):.2f}" if beside else "",
            *(f"{each['cpu_ms'][process]:.2f}" for process in processes),
            f"{sum(each['cpu_ms'].values()):.2f}",
        )
    return table
