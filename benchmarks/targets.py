"""Figures with a limit, each computed from the results of one run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.measuring import ratio
from benchmarks.parts import streams
from benchmarks.parts.bursts import AT_ONCE_LATER, ONE_AT_A_TIME
from benchmarks.parts.fairness import JUDGED_MS
from benchmarks.parts.idle import WITH, WITHOUT
from benchmarks.parts.reference import TYPED
from benchmarks.parts.size import EMPTY, EMPTY_MINIMAL, LARGE, LARGE_MINIMAL
from benchmarks.subjects import ASYNC_SAVE, BARE_SAVE, BARE_SIGNAL, SAVE

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """A figure of one ``part``, and its limit."""

    name: str
    part: str
    measured: Callable[[Results], float]
    at_most: float | None = None
    at_least: float | None = None

    @property
    def limit(self) -> str:
        return f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"

    def judge(self, results: Results) -> "Judged":
        """Judges the results of a run that includes the part."""
        try:
            value = self.measured(results[self.part])
        except KeyError:  # a peer that is not installed
            return Judged(self.name, None, self.limit, "not measured")
        met = (self.at_most is None or value <= self.at_most) and (
            self.at_least is None or value >= self.at_least
        )
        return Judged(self.name, value, self.limit, "met" if met else "NOT MET")


@dataclass(frozen=True)
class Judged:
    name: str
    measured: float | None
    limit: str
    verdict: str


def judged(results: Results) -> list[Judged]:
    """The targets whose part was run."""
    return [target.judge(results) for target in TARGETS if target.part in results]


def _ratio_of(clients: str, subject: str, baseline: str, figure: str) -> Callable[[Results], float]:
    return lambda saves: ratio(saves[clients][subject], saves[clients][baseline], figure)


def _reference_actions(reference: Results) -> float:
    costs = reference[TYPED]
    return float(costs["session"]["actions"] + costs["stripe_events"]["actions"])


def _slowest_cold_save(cold: Results) -> float:
    slowest = max(*cold["cold_p50_ms"].values(), cold["evicted_within_a_burst_p50_ms"])
    return float(slowest / cold["warm_p50_ms"])


TARGETS: Final = (
    Target(
        "rush: tickets sold / tickets",
        "rush",
        lambda rush: float(rush["sold"] / rush["tickets"]),
        at_least=1,
    ),
    Target(
        "rush: tickets sold / tickets, never more",
        "rush",
        lambda rush: float(rush["sold"] / rush["tickets"]),
        at_most=1,
    ),
    Target(
        "rush: answers 503 and 429, percent",
        "rush",
        lambda rush: float(rush["busy_percent"]),
        at_most=1,
    ),
    Target(
        "rush: p99 of an order at 50 at once, seconds",
        "rush",
        lambda rush: float(rush["hold_p99_s"]),
        at_most=5,
    ),
    Target(
        "rush: save meanwhile / save beside 8 saving clients, p50",
        "rush",
        lambda rush: float(
            rush["save_during_rush_p50_ms"] / rush["save_beside_saving_clients_p50_ms"]
        ),
        at_most=1.5,
    ),
    Target(
        "HTTP save / bare save, p50, 1 client",
        "saves",
        _ratio_of("1", SAVE, BARE_SAVE, "p50_ms"),
        at_most=1.3,
    ),
    Target(
        "HTTP save / bare save, p50, 8 clients",
        "saves",
        _ratio_of("8", SAVE, BARE_SAVE, "p50_ms"),
        at_most=1.2,
    ),
    Target(
        "HTTP save / bare save, rate, 8 clients",
        "saves",
        _ratio_of("8", SAVE, BARE_SAVE, "per_second"),
        at_least=0.85,
    ),
    Target(
        "asynchronous save / bare signal, p50, 1 client",
        "saves",
        _ratio_of("1", ASYNC_SAVE, BARE_SIGNAL, "p50_ms"),
        at_most=1.5,
    ),
    Target(
        "asynchronous save / bare signal, p50, 8 clients",
        "saves",
        _ratio_of("8", ASYNC_SAVE, BARE_SIGNAL, "p50_ms"),
        at_most=1.5,
    ),
    Target(
        "asynchronous save / bare signal, rate, 8 clients",
        "saves",
        _ratio_of("8", ASYNC_SAVE, BARE_SIGNAL, "per_second"),
        at_least=0.75,
    ),
    Target(
        "history events per save, one at a time",
        "bursts",
        lambda bursts: float(bursts[ONE_AT_A_TIME]["events_per_save"]),
        at_most=5.4,
    ),
    Target(
        "billed actions per save, one at a time",
        "bursts",
        lambda bursts: float(bursts[ONE_AT_A_TIME]["actions_per_save"]),
        at_most=1.1,
    ),
    Target(
        "history events per save, 8 asynchronous at once",
        "bursts",
        lambda bursts: float(bursts[AT_ONCE_LATER]["events_per_save"]),
        at_most=3,
    ),
    Target("billed actions of the reference session", "reference", _reference_actions, at_most=66),
    Target(
        "requests to Stripe, event of 50 paid tickets",
        "publishing",
        lambda publishing: float(publishing["50"]["stripe_requests"]),
        at_most=170,
    ),
    Target(
        "publication beside eight large ones / alone, Stripe at 300 ms",
        "fairness",
        lambda fairness: float(
            fairness[str(JUDGED_MS)]["beside_s"] / fairness[str(JUDGED_MS)]["alone_s"]
        ),
        at_most=1.5,
    ),
    Target(
        "first answer of the assistant by rules, p50, ms",
        "copilot",
        lambda copilot: float(copilot["p50_ms"]),
        at_most=100,
    ),
    Target(
        "save at the 2 000th change / at the 10th, p50",
        "growth",
        lambda growth: float(growth["old_p50_ms"] / growth["young_p50_ms"]),
        at_most=1.15,
    ),
    Target(
        "history of a save, session of 80 KB / empty, bytes",
        "size",
        lambda size: float(
            size[LARGE]["history_bytes_per_save"] / size[EMPTY]["history_bytes_per_save"]
        ),
        at_most=1.5,
    ),
    Target(
        "save, session of 80 KB / empty, p50",
        "size",
        lambda size: ratio(size[LARGE], size[EMPTY], "p50_ms"),
        at_most=1.25,
    ),
    Target(
        "save with return=minimal, session of 80 KB / empty, p50",
        "size",
        lambda size: ratio(size[LARGE_MINIMAL], size[EMPTY_MINIMAL], "p50_ms"),
        at_most=1.1,
    ),
    Target("cold save / warm save, p50, slowest age", "cold", _slowest_cold_save, at_most=7.5),
    Target(
        "lag of the read model under load, p99, ms",
        "lag",
        lambda lag: float(lag["p99_ms"]),
        at_most=250,
    ),
    Target(
        "save to another screen's stream under load, p50, ms",
        "screens",
        lambda screens: float(screens["p50_ms"]),
        at_most=300,
    ),
    Target(
        "save with 1 000 open streams / without, p50",
        "streams",
        lambda open_streams: ratio(
            open_streams["saves"][streams.WITH], open_streams["saves"][streams.WITHOUT], "p50_ms"
        ),
        at_most=1.2,
    ),
    Target(
        "worker with idle sessions, MB",
        "idle",
        lambda idle: float(idle["worker_mb"]),
        at_most=300,
    ),
    Target(
        "Temporal's database per idle session, KB",
        "idle",
        lambda idle: float(idle["database_kb_per_session"]),
        at_most=45,
    ),
    Target(
        "save with idle sessions / without, p50",
        "idle",
        lambda idle: ratio(idle["saves"][WITH], idle["saves"][WITHOUT], "p50_ms"),
        at_most=1.1,
    ),
    Target(
        "slowest save after a worker was killed, s",
        "idle",
        lambda idle: float(idle["worker_killed"]["slowest_s"]),
        at_most=2.5,
    ),
)
