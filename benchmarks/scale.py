"""The projection in docs/scale.md, from one recorded session to the load and cost of many.

    python -m benchmarks.scale [FILE]

prints its tables from the JSON of a run, the recorded one unless given.
"""

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.parts.reference import TYPED
from benchmarks.report import Table, markdown

RECORDED: Final = Path(__file__).with_name("recorded.json")

SESSIONS_PER_MONTH: Final = (1_000, 1_000_000, 100_000_000)

SECONDS_PER_DAY: Final = 24 * 60 * 60
HOURS_PER_DAY: Final = 24
GB: Final = 1e9

SIGNIFICANT_DIGITS: Final = 3
SHOWN_AS_ZERO: Final = 0.01
MILLION: Final = 1e6


@dataclass(frozen=True)
class Assumptions:
    """Values that are not measured. Prices are Temporal's pay-as-you-go list prices of 2026-11."""

    days_per_month: float = 30.4
    peak_factor: float = 5
    """The rate of the busiest minutes, relative to the mean of the month."""

    days_open: float = 2
    """From creation to the end of a session: published, abandoned or expired. At most 7."""

    retention_days: float = 7
    """Retention of the namespace: Temporal keeps the history of an ended run for this time."""

    read_model_months: float = 12
    busy_cores: float = 0.5
    """Utilization of a core at the peak. The rest is reserve."""

    transitions_per_shard: float = 20
    """State transitions per second of a history shard, which writes one at a time."""

    tasks_per_partition: float = 200
    """Tasks per second of a partition of a task queue."""

    transitions_per_database: float = 5_000
    """State transitions per second of one primary of Temporal's database."""

    actions_per_namespace: float = 500
    """Actions per second that Temporal Cloud allows by default."""

    price_tiers: Sequence[tuple[float, float]] = (
        (5, 50),
        (5, 45),
        (10, 40),
        (30, 35),
        (50, 30),
        (float("inf"), 25),
    )
    """Millions of actions, and dollars per million. The price above 200 million is negotiated, so
    the last price is an upper limit."""

    active_gb_hour: float = 0.042
    retained_gb_hour: float = 0.00105
    plan_share: float = 0.1
    plan_minimum: float = 500


ASSUMED: Final = Assumptions()


@dataclass(frozen=True)
class Session:
    """One reference session, including the workflows of its webhooks."""

    requests: int
    events: int
    actions: int
    state_transitions: int
    tasks: int
    history_bytes: int
    runs: int
    idle_bytes: float
    read_model_rows: int
    read_model_bytes: int
    cpu_seconds: Mapping[str, float]

    @classmethod
    def recorded(cls, results: Mapping[str, Any]) -> "Session":
        played = results["reference"][TYPED]
        session, webhooks = played["session"], played["stripe_events"]
        billed_events = [workflows["billed"] for workflows in (session, webhooks)]
        tables = played["postgres"].values()
        return cls(
            requests=session["billed"]["workflow_execution_update_accepted"],
            events=session["events"] + webhooks["events"],
            actions=session["actions"] + webhooks["actions"],
            state_transitions=session["state_transitions"] + webhooks["state_transitions"],
            tasks=sum(
                billed.get("activity_task_scheduled", 0)
                + billed.get("workflow_execution_started", 0)
                for billed in billed_events
            ),
            history_bytes=session["history_bytes"] + webhooks["history_bytes"],
            runs=session["runs"],
            idle_bytes=1000 * results["idle"]["database_kb_per_session"],
            read_model_rows=sum(table["rows"] for table in tables),
            read_model_bytes=sum(table["bytes"] for table in tables),
            cpu_seconds={
                name: milliseconds / 1000
                for name, milliseconds in played["cpu_ms"].items()
                if name != "client"
            },
        )


@dataclass(frozen=True)
class Load:
    """The load of ``sessions`` per month, under the assumptions."""

    sessions: int
    session: Session
    assumptions: Assumptions

    @property
    def peak(self) -> float:
        """Sessions started per second at the peak."""
        mean = self.sessions / (self.assumptions.days_per_month * SECONDS_PER_DAY)
        return mean * self.assumptions.peak_factor

    @property
    def open_sessions(self) -> float:
        return self.sessions * self.assumptions.days_open / self.assumptions.days_per_month

    def at_peak(self, per_session: float) -> float:
        """A rate per second at the peak, from a number per session."""
        return self.peak * per_session

    def cores(self, process: str) -> float:
        return self.at_peak(self.session.cpu_seconds[process]) / self.assumptions.busy_cores

    @property
    def shards(self) -> int:
        """History shards: a power of two, which cannot be changed once the cluster exists."""
        needed = (
            self.at_peak(self.session.state_transitions) / self.assumptions.transitions_per_shard
        )
        return 1 << max(2, (max(1, round(needed)) - 1).bit_length())

    @property
    def partitions(self) -> int:
        """Partitions of the task queue; four is the server's default."""
        return max(
            4,
            -(-int(self.at_peak(self.session.tasks)) // int(self.assumptions.tasks_per_partition)),
        )

    @property
    def databases(self) -> float:
        """Number of primaries of Temporal's database."""
        transitions = self.at_peak(self.session.state_transitions)
        return transitions / self.assumptions.transitions_per_database

    @property
    def active_gb(self) -> float:
        """Histories of open sessions: of the last run, and at least that of an idle session."""
        run = max(self.session.idle_bytes, self.session.history_bytes / self.session.runs)
        return self.open_sessions * run / GB

    @property
    def retained_gb(self) -> float:
        retained_months = self.assumptions.retention_days / self.assumptions.days_per_month
        return self.sessions * retained_months * self.session.history_bytes / GB

    @property
    def read_model_gb(self) -> float:
        return (
            self.sessions * self.assumptions.read_model_months * self.session.read_model_bytes / GB
        )

    @property
    def action_dollars(self) -> float:
        """Dollars per month for actions."""
        remaining, dollars = self.sessions * self.session.actions / MILLION, 0.0
        for millions, price in self.assumptions.price_tiers:
            billed = min(remaining, millions)
            dollars += billed * price
            remaining -= billed
        return dollars

    @property
    def storage_dollars(self) -> float:
        hours = self.assumptions.days_per_month * HOURS_PER_DAY
        return hours * (
            self.active_gb * self.assumptions.active_gb_hour
            + self.retained_gb * self.assumptions.retained_gb_hour
        )

    @property
    def plan_dollars(self) -> float:
        usage = self.action_dollars + self.storage_dollars
        return max(self.assumptions.plan_minimum, usage * self.assumptions.plan_share)

    @property
    def dollars(self) -> float:
        return self.action_dollars + self.storage_dollars + self.plan_dollars


Row = tuple[str, Callable[[Load], float]]

_LOADS: Final[Sequence[Row]] = (
    ("sessions open at the same time", lambda load: load.open_sessions),
    (
        "saves and other changes per second, at the peak",
        lambda load: load.at_peak(load.session.requests),
    ),
    ("state transitions per second", lambda load: load.at_peak(load.session.state_transitions)),
    ("tasks per second through task queues", lambda load: load.at_peak(load.session.tasks)),
    (
        "rows per second into the read model",
        lambda load: load.at_peak(load.session.read_model_rows),
    ),
    ("read model after a year, GB", lambda load: load.read_model_gb),
    ("cores: API processes", lambda load: load.cores("api")),
    ("cores: workers", lambda load: load.cores("worker")),
    ("cores: Postgres of the read model", lambda load: load.cores("postgres")),
)

_SELF_HOSTED: Final[Sequence[Row]] = (
    ("cores: Temporal with its database", lambda load: load.cores("temporal")),
    ("history shards, at least", lambda load: load.shards),
    ("partitions of the task queue", lambda load: load.partitions),
    ("primaries of Temporal's database", lambda load: load.databases),
    ("histories of open sessions, GB", lambda load: load.active_gb),
    ("retained histories of ended runs, GB", lambda load: load.retained_gb),
)

_CLOUD: Final[Sequence[Row]] = (
    ("actions per month, millions", lambda load: load.sessions * load.session.actions / MILLION),
    ("actions per second, at the peak", lambda load: load.at_peak(load.session.actions)),
    (
        "namespaces at their first limit",
        lambda load: load.at_peak(load.session.actions) / load.assumptions.actions_per_namespace,
    ),
    ("active storage, GB", lambda load: load.active_gb),
    ("retained storage, GB", lambda load: load.retained_gb),
    ("actions, $ per month", lambda load: load.action_dollars),
    ("storage, $ per month", lambda load: load.storage_dollars),
    ("plan, $ per month", lambda load: load.plan_dollars),
    ("total, $ per month", lambda load: load.dollars),
    ("total, $ per thousand sessions", lambda load: 1000 * load.dollars / load.sessions),
)


def tables(results: Mapping[str, Any], assumptions: Assumptions = ASSUMED) -> Iterator[Table]:
    """The tables of docs/scale.md."""
    session = Session.recorded(results)
    loads = [Load(number, session, assumptions) for number in SESSIONS_PER_MONTH]
    headings = ("sessions per month", *(_shown(number) for number in SESSIONS_PER_MONTH))
    yield Table("one session", ("one reference session", ""), list(_one(session)))
    for title, rows in (("load", _LOADS), ("self-hosted", _SELF_HOSTED), ("cloud", _CLOUD)):
        yield Table(title, headings, [_row(name, figure, loads) for name, figure in rows])


def _one(session: Session) -> Iterator[tuple[str, str]]:
    yield "changes requested", _shown(session.requests)
    yield "history events", _shown(session.events)
    yield "state transitions", _shown(session.state_transitions)
    yield "billed actions", _shown(session.actions)
    yield "tasks through task queues", _shown(session.tasks)
    yield "bytes of history", _shown(session.history_bytes)
    yield "runs", _shown(session.runs)
    yield "bytes of a new session in Temporal's database", _shown(session.idle_bytes)
    yield "rows in the read model", _shown(session.read_model_rows)
    yield "bytes in the read model, without indexes", _shown(session.read_model_bytes)
    for process, seconds in session.cpu_seconds.items():
        yield f"CPU seconds: {process}", _shown(seconds)


def _row(name: str, figure: Callable[[Load], float], loads: Sequence[Load]) -> Sequence[str]:
    return (name, *(_shown(figure(load)) for load in loads))


def _shown(value: float) -> str:
    """The value with three significant digits, thousands separated by spaces."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", " ")
    if value < SHOWN_AS_ZERO:
        return "< 0.01"
    whole = 10 ** (math.floor(math.log10(value)) - SIGNIFICANT_DIGITS + 1)
    rounded = round(value / whole) * whole
    decimals = max(0, -math.floor(math.log10(whole)))
    return f"{rounded:,.{decimals}f}".replace(",", " ")


if __name__ == "__main__":
    recorded = Path(sys.argv[1]) if len(sys.argv) > 1 else RECORDED
    for table in tables(json.loads(recorded.read_text())):
        print(f"{table.title}\n\n{markdown(table)}\n")
