"""The worker's own metrics, served together with those of the SDK.

They use the SDK's meters, which record nothing while a workflow replays, or if ``METRICS_ADDRESS``
is not set. Labels have few and fixed values, never ids or text from a request.

This module is separate from ``metrics``, because workflows and activities import it: it imports
neither prometheus_client nor the database driver.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from temporalio import activity, workflow
from temporalio.common import MetricMeter

from domain.values.payments import StripeAnswer

# In Prometheus, names of histograms end with their unit, and names of counters with _total:
# wizard_projection_lag_seconds, wizard_publish_failures_total.
PROJECTION_LAG: Final = "wizard_projection_lag"
PUBLISH_DURATION: Final = "wizard_publish_duration"
PUBLISH_FAILURES: Final = "wizard_publish_failures"
ACCOUNT_FETCHES: Final = "wizard_account_fetches"
SESSIONS_LOST: Final = "wizard_sessions_lost"
SESSIONS: Final = "wizard_sessions"
INBOX_AGE: Final = "wizard_stripe_inbox_age_seconds"
ORDERS: Final = "wizard_orders"
TICKETS_HELD: Final = "wizard_tickets_held"
ORDER_OVERDUE: Final = "wizard_order_overdue_seconds"
ORDER_PAID: Final = "wizard_order_paid_duration"
ORDER_REFUSALS: Final = "wizard_order_refusals"
ORDERS_MENDED: Final = "wizard_orders_mended"
STRIPE_ANSWER: Final = "wizard_stripe_answer"

_SECONDS: Final = "seconds"

LAG_BUCKETS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)

BUCKETS: Final[Mapping[str, Sequence[float]]] = {
    PROJECTION_LAG: LAG_BUCKETS,
    PUBLISH_DURATION: (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0),
    ORDER_PAID: (
        5.0,
        15.0,
        30.0,
        60.0,
        120.0,
        300.0,
        600.0,
        1200.0,
        2400.0,
        3600.0,
        86400.0,
        604800.0,
    ),
}


def projected(oldest_change: datetime, now: datetime) -> None:
    """Records the lag of a write. Called by the activity; Temporal's clock sets
    ``oldest_change``."""
    lag = activity.metric_meter().create_histogram_float(
        PROJECTION_LAG, "From a change to its row in the read model", _SECONDS
    )
    lag.record(max(0.0, (now - oldest_change).total_seconds()), {"path": "durable"})


def publication_ended(state: str, took: timedelta) -> None:
    """Records the duration and the outcome of a publication. Called by the workflow."""
    duration = workflow.metric_meter().create_histogram_float(
        PUBLISH_DURATION, "From the start of a publication to its end", _SECONDS
    )
    duration.record(took.total_seconds(), {"outcome": state})


def publish_step_failed(step: str, code: str) -> None:
    """Counts a failed step of a publication. Called by the workflow."""
    failures = workflow.metric_meter().create_counter(
        PUBLISH_FAILURES, "Publication steps that failed permanently"
    )
    failures.add(1, {"step": step, "code": code})


def account_fetched(outcome: str) -> None:
    """Counts a response of Stripe about an account: its status, or the code of a refusal. Called by
    the activity."""
    fetches = activity.metric_meter().create_counter(
        ACCOUNT_FETCHES, "Stripe accounts fetched, by response"
    )
    fetches.add(1, {"outcome": outcome})


def sessions_lost(count: int, *, was_publishing: bool) -> None:
    """Called in the activity. A count of 0 makes the series exist before the first loss."""
    lost = activity.metric_meter().create_counter(
        SESSIONS_LOST, "Sessions that Temporal ended and the sweep closed"
    )
    lost.add(count, {"publishing": str(was_publishing).lower()})


def order_paid(took: timedelta) -> None:
    """Records how long a buyer took to pay. Called by the workflow of the order."""
    duration = workflow.metric_meter().create_histogram_float(
        ORDER_PAID, "From the hold of an order to its payment", _SECONDS
    )
    duration.record(max(0.0, took.total_seconds()))


def order_refused(code: str) -> None:
    """Counts an order that got no tickets, by the code of its error. Called by the workflow."""
    refusals = workflow.metric_meter().create_counter(
        ORDER_REFUSALS, "Orders that got no tickets, by the code of the error"
    )
    refusals.add(1, {"code": code})


def orders_mended(count: int, found: str) -> None:
    """Called in the activity of the sweep. A count of 0 makes the series exist before the first
    difference."""
    mended = activity.metric_meter().create_counter(
        ORDERS_MENDED, "Differences between inventory, orders and workflows that the sweep repaired"
    )
    mended.add(count, {"found": found})


class SampledGauges:
    """Gauges that are sampled from the database. All workers report the same values, so a query
    takes the maximum."""

    def __init__(self, meter: MetricMeter) -> None:
        self._sessions = meter.create_gauge(SESSIONS, "Sessions by stage and status")
        self._inbox_age = meter.create_gauge_float(
            INBOX_AGE, "Age of the oldest unprocessed Stripe event"
        )
        self._orders = meter.create_gauge(ORDERS, "Ticket orders by state")
        self._held = meter.create_gauge(TICKETS_HELD, "Tickets held for orders")
        self._overdue = meter.create_gauge_float(
            ORDER_OVERDUE, "Time since the oldest unpaid order expired"
        )

    def sessions(self, count: int, *, stage: str, status: str) -> None:
        self._sessions.set(count, {"stage": stage, "status": status})

    def inbox_age(self, seconds: float) -> None:
        """Sets the age of the oldest unprocessed event; 0 if there is none."""
        self._inbox_age.set(seconds)

    def orders(self, count: int, *, state: str) -> None:
        self._orders.set(count, {"state": state})

    def tickets_held(self, count: int) -> None:
        self._held.set(count)

    def order_overdue(self, seconds: float) -> None:
        """Sets how long the oldest order that is held or open is past its expiry; 0 if none is."""
        self._overdue.set(seconds)


class StripeGauge:
    """Stripe's last answer to this worker: 1 for it, and 0 for the others."""

    def __init__(self, meter: MetricMeter) -> None:
        self._answer = meter.create_gauge(STRIPE_ANSWER, "Stripe's last answer to the worker")

    def answered(self, last: StripeAnswer) -> None:
        for answer in StripeAnswer:
            self._answer.set(int(answer is last), {"answer": answer.value})
