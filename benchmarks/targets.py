"""What is held to a limit, each computed from the figures of one run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.measuring import ratio
from benchmarks.parts.bursts import AT_ONCE_LATER, ONE_BY_ONE
from benchmarks.parts.idle import BESIDE, WITHOUT
from benchmarks.parts.reference import TYPED
from benchmarks.peers.running import DBOS_WORKFLOW
from benchmarks.subjects import ASYNC_SAVE, BARE_SIGNAL, BARE_UPDATE, SAVE

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """A figure of the ``part``, and the limit that it is held to."""

    name: str
    part: str
    measured: Callable[[Figures], float]
    at_most: float | None = None
    at_least: float | None = None

    @property
    def limit(self) -> str:
        return f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"

    def judge(self, results: Figures) -> "Judged":
        """By the results of a run that had its part."""
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


def judged(results: Figures) -> list[Judged]:
    """Each target whose part was run."""
    return [target.judge(results) for target in TARGETS if target.part in results]


def _beside(clients: str, subject: str, other: str, figure: str) -> Callable[[Figures], float]:
    return lambda saves: ratio(saves[clients][subject], saves[clients][other], figure)


def _actions(reference: Figures) -> float:
    played = reference[TYPED]
    return float(played["session"]["actions"] + played["stripe_events"]["actions"])


def _coldest(cold: Figures) -> float:
    slowest = max(*cold["cold_p50_ms"].values(), cold["cut_off_within_a_burst_p50_ms"])
    return float(slowest / cold["warm_p50_ms"])


TARGETS: Final = (
    Target(
        "HTTP save by bare update, p50, alone",
        "saves",
        _beside("1", SAVE, BARE_UPDATE, "p50_ms"),
        at_most=1.25,
    ),
    Target(
        "HTTP save by bare update, p50, 8 clients",
        "saves",
        _beside("8", SAVE, BARE_UPDATE, "p50_ms"),
        at_most=1.25,
    ),
    Target(
        "HTTP saves by bare updates, rate, 8 clients",
        "saves",
        _beside("8", SAVE, BARE_UPDATE, "per_second"),
        at_least=0.80,
    ),
    Target(
        "asynchronous save by bare signal, p50, alone",
        "saves",
        _beside("1", ASYNC_SAVE, BARE_SIGNAL, "p50_ms"),
        at_most=1.5,
    ),
    Target(
        "asynchronous save by bare signal, p50, 8 clients",
        "saves",
        _beside("8", ASYNC_SAVE, BARE_SIGNAL, "p50_ms"),
        at_most=1.5,
    ),
    Target(
        "asynchronous saves by bare signals, rate, 8 clients",
        "saves",
        _beside("8", ASYNC_SAVE, BARE_SIGNAL, "per_second"),
        at_least=0.75,
    ),
    Target(
        "HTTP saves by those of DBOS, session as workflow, rate, 8 clients",
        "saves",
        _beside("8", SAVE, DBOS_WORKFLOW.name, "per_second"),
        at_least=6,
    ),
    Target(
        "history events per save, one after the other",
        "bursts",
        lambda bursts: float(bursts[ONE_BY_ONE]["events_per_save"]),
        at_most=5.4,
    ),
    Target(
        "billed actions per save, one after the other",
        "bursts",
        lambda bursts: float(bursts[ONE_BY_ONE]["actions_per_save"]),
        at_most=1.1,
    ),
    Target(
        "history events per save, eight asynchronous ones at once",
        "bursts",
        lambda bursts: float(bursts[AT_ONCE_LATER]["events_per_save"]),
        at_most=3,
    ),
    Target("billed actions of the reference session", "reference", _actions, at_most=60),
    Target(
        "save at the 2 000th change by that at the 10th, p50",
        "growth",
        lambda growth: float(growth["old_p50_ms"] / growth["young_p50_ms"]),
        at_most=1.15,
    ),
    Target("cold save by a warm one, p50, worst age", "cold", _coldest, at_most=7.5),
    Target(
        "lag of the read model under load, p99, ms",
        "lag",
        lambda lag: float(lag["p99_ms"]),
        at_most=250,
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
        "save beside idle sessions by one without, p50",
        "idle",
        lambda idle: ratio(idle["saves"][BESIDE], idle["saves"][WITHOUT], "p50_ms"),
        at_most=1.1,
    ),
    Target(
        "slowest next save after a worker was killed, s",
        "idle",
        lambda idle: float(idle["worker_killed"]["slowest_s"]),
        at_most=2.5,
    ),
)
