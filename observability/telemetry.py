"""Metrics and traces of a process, if they are configured."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from structlog.typing import Processor
from temporalio.client import Plugin
from temporalio.common import MetricMeter
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from observability import worker_metrics
from observability.process import end_as_misconfigured

if TYPE_CHECKING:
    from fastapi import FastAPI

    from observability.tracing import Tracing


class Telemetry:
    """Without arguments, nothing is exported, and no exporter is imported."""

    def __init__(self, runtime: Runtime | None = None, tracing: "Tracing | None" = None) -> None:
        self.runtime = runtime
        self._tracing = tracing

    @classmethod
    def start(
        cls, metrics_address: str | None, otlp_endpoint: str | None, *, service: str
    ) -> "Telemetry":
        """Starts the configured exporters. Call it at most once per process.

        Raises:
            ValueError: the metrics address is in use; the message names the setting.
        """
        runtime = _runtime_of(metrics_address) if metrics_address else None
        if otlp_endpoint is None:
            return cls(runtime)
        from observability.tracing import Tracing  # noqa: PLC0415 - it imports OpenTelemetry

        return cls(runtime, Tracing(otlp_endpoint, service=service))

    @classmethod
    def start_or_end(
        cls, metrics_address: str | None, otlp_endpoint: str | None, *, service: str
    ) -> "Telemetry":
        """As :meth:`start`; ends the process with one line if the metrics address is in use."""
        try:
            return cls.start(metrics_address, otlp_endpoint, service=service)
        except ValueError as error:
            end_as_misconfigured(error)

    @property
    def plugins(self) -> Sequence[Plugin]:
        """For Temporal's client, and for the workers that use it."""
        return (self._tracing.plugin,) if self._tracing else ()

    @property
    def log_processors(self) -> Sequence[Processor]:
        return (self._tracing.add_trace_ids,) if self._tracing else ()

    @property
    def meter(self) -> MetricMeter | None:
        """None if the process has no metrics endpoint."""
        return self.runtime.metric_meter if self.runtime else None

    def instrument(self, app: "FastAPI") -> None:
        if self._tracing:
            self._tracing.instrument(app)

    def stop(self) -> None:
        """Exports the queued traces."""
        if self._tracing:
            self._tracing.stop()


def _runtime_of(metrics_address: str) -> Runtime:
    try:
        return runtime_at(metrics_address)
    except ValueError:
        raise ValueError(
            "METRICS_ADDRESS: is in use, or is not an address of this machine"
        ) from None


def runtime_at(address: str) -> Runtime:
    """The SDK's runtime, which serves ``/metrics`` at the address until the process ends.

    Names and units follow the conventions of Prometheus: base units, which are part of the name.
    """
    return Runtime(
        telemetry=TelemetryConfig(
            attach_service_name=False,
            metrics=PrometheusConfig(
                bind_address=address,
                counters_total_suffix=True,
                unit_suffix=True,
                durations_as_seconds=True,
                histogram_bucket_overrides=worker_metrics.BUCKETS,
            ),
        )
    )
