"""OpenTelemetry traces, from the HTTP request through the update to activity and SQL.

This module is imported only where they are switched on: a process without them loads nothing of
OpenTelemetry's SDK and does nothing for it. The SDK's own ``OTEL_…`` variables (sampler, headers
of the exporter, resource attributes, service name) hold as they do everywhere.
"""

from typing import Any, Final

from fastapi import FastAPI
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.typing import EventDict
from temporalio.contrib.opentelemetry import (
    OpenTelemetryPlugin,
    ReplaySafeTracerProvider,
    create_tracer_provider,
)

from observability.exported_spans import WithoutWords

_TRACES: Final = "/v1/traces"
"""OTLP/HTTP, "Endpoint URLs": below the address that serves all signals."""

_UNTRACED: Final = "/healthz$,/readyz$,/metrics$"


class Tracing:
    """One for a process: OpenTelemetry's provider is global."""

    def __init__(self, endpoint: str, *, service: str) -> None:
        self._provider = _provider(endpoint, service)
        trace.set_tracer_provider(self._provider)
        # Without baggage, which would carry what a client sends into the histories of Temporal.
        propagate.set_global_textmap(TraceContextTextMapPropagator())
        instrumentor = AsyncPGInstrumentor()  # type: ignore[no-untyped-call]  # has no annotation
        instrumentor.instrument(tracer_provider=self._provider)
        self.plugin = OpenTelemetryPlugin(add_temporal_spans=True)

    def instrument(self, app: FastAPI) -> None:
        FastAPIInstrumentor.instrument_app(
            app,
            tracer_provider=self._provider,
            excluded_urls=_UNTRACED,
            exclude_spans=["receive", "send"],
        )

    def stop(self) -> None:
        """Sends what waits; takes seconds where nobody listens."""
        self._provider.shutdown()

    @staticmethod
    def add_trace_ids(_logger: Any, _method: str, line: EventDict) -> EventDict:
        """A structlog processor: by the ids a line is found from its trace, and a trace from it."""
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            line["trace_id"] = trace.format_trace_id(context.trace_id)
            line["span_id"] = trace.format_span_id(context.span_id)
        return line


def _provider(endpoint: str, service: str) -> ReplaySafeTracerProvider:
    resource = Resource.create({SERVICE_NAME: service}).merge(OTELResourceDetector().detect())
    provider = create_tracer_provider(resource=resource, shutdown_on_exit=False)
    exporter = WithoutWords(OTLPSpanExporter(endpoint=f"{endpoint}{_TRACES}"))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
