"""The API's metrics, for ``GET /metrics``. Each application has its own registry.

Labels have few and fixed values, never ids or text from a request. Metrics that every request
updates have cached children.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from observability.worker_metrics import LAG_BUCKETS

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

OTHER: Final = "other"

DURATION_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class ApiMetrics:
    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        ProcessCollector(registry=registry)
        requests = Counter(
            "wizard_http_requests_total",
            "Answered requests; the route is the template",
            ["method", "route", "status"],
            registry=registry,
        )
        self._requests = cache(requests.labels)
        durations = Histogram(
            "wizard_http_request_duration_seconds",
            "From a request's first byte to the end of its answer",
            ["method", "route"],
            buckets=DURATION_BUCKETS,
            registry=registry,
        )
        self._durations = cache(durations.labels)
        self._refusals = Counter(
            "wizard_refusals_total",
            "Requests answered with an error, by its code",
            ["code"],
            registry=registry,
        )
        saves = Counter(
            "wizard_saves_total",
            "Accepted saves; an asynchronous save is not awaited",
            ["mode"],
            registry=registry,
        )
        self._saves = cache(saves.labels)
        self._webhooks = Counter(
            "wizard_webhooks_total",
            "Verified Stripe events: new, repeated, or of the other mode",
            ["outcome"],
            registry=registry,
        )
        lag = Histogram(
            "wizard_projection_lag_seconds",
            "From a change to its row in the read model",
            ["path"],
            buckets=LAG_BUCKETS,
            registry=registry,
        )
        self._live_lag = lag.labels("live")
        self._given_up = Counter(
            "wizard_write_behind_given_up_total",
            "Sessions whose newest view was dropped; the worker writes it",
            registry=registry,
        )
        self._waiting = Gauge(
            "wizard_write_behind_sessions",
            "Sessions waiting to be written to the read model",
            registry=registry,
        )
        self._oldest = Gauge(
            "wizard_write_behind_oldest_seconds",
            "How long the oldest of them has waited",
            registry=registry,
        )
        self._streams = Gauge(
            "wizard_streams_open",
            "Open streams of sessions",
            registry=registry,
        )
        self._listening = Gauge(
            "wizard_live_listening",
            "1 while announcements of Postgres arrive; 0 while the API polls for changes",
            registry=registry,
        )
        self._watched = Gauge(
            "wizard_live_sessions",
            "Sessions with changes that open streams or publications wait for",
            registry=registry,
        )
        self._found = Counter(
            "wizard_live_found_by_comparison_total",
            "Changes found by comparison, because their announcement did not arrive",
            registry=registry,
        )

    def request(
        self, method: str, route: str, status: int, seconds: float | None, refused_as: str | None
    ) -> None:
        """Counts a completed request.

        Args:
            seconds: None for a stream, whose duration is the client's choice.
            refused_as: the code of its error, if any.
        """
        method_label = method if method in METHODS else OTHER
        self._requests(method_label, route, str(status)).inc()
        if seconds is not None:
            self._durations(method_label, route).observe(seconds)
        if refused_as is not None:
            self._refusals.labels(refused_as).inc()

    def saved(self, mode: Literal["waiting", "async"]) -> None:
        self._saves(mode).inc()

    def webhook(self, outcome: Literal["new", "repeated", "other_mode"]) -> None:
        self._webhooks.labels(outcome).inc()

    def written(self, waited_seconds: float) -> None:
        """Records that a session's newest view was written, and how long it waited."""
        self._live_lag.observe(waited_seconds)

    def given_up(self) -> None:
        self._given_up.inc()

    def watch_live_projection(
        self, waiting: Callable[[], float], oldest_seconds: Callable[[], float]
    ) -> None:
        """Registers the functions that return the gauges' values at each scrape."""
        self._waiting.set_function(waiting)
        self._oldest.set_function(oldest_seconds)

    def watch_streams(self, open_streams: Callable[[], float]) -> None:
        """Registers the function that returns the gauge's value at each scrape."""
        self._streams.set_function(open_streams)

    def watch_hub(self, is_listening: Callable[[], float], sessions: Callable[[], float]) -> None:
        """Registers the functions that return the gauges' values at each scrape."""
        self._listening.set_function(is_listening)
        self._watched.set_function(sessions)

    def found_by_comparison(self, sessions: int) -> None:
        self._found.inc(sessions)

    def text(self) -> bytes:
        """All metrics, in the text format 0.0.4, which every version of Prometheus reads."""
        return generate_latest(self._registry)
