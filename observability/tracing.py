"""OpenTelemetry traces, from the HTTP request through the update to the activity and SQL.

This module is imported only if traces are exported, because it imports OpenTelemetry's SDK. The
SDK's own ``OTEL_…`` variables (sampler, exporter headers, resource attributes, service name) apply.

Exported spans have names, ids, codes and times, and no entered data. The instrumentations also
record URLs with their queries, user agents, clients' addresses and messages of exceptions. So only
the attributes in an allowlist are exported.
"""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.trace.status import Status
from opentelemetry.util.types import Attributes
from structlog.typing import EventDict
from temporalio.contrib.opentelemetry import (
    OpenTelemetryPlugin,
    ReplaySafeTracerProvider,
    create_tracer_provider,
)

_TRACES_PATH: Final = "/v1/traces"
"""Relative to the endpoint for all signals (OTLP/HTTP, "Endpoint URLs")."""

_UNTRACED_URLS: Final = "/healthz$,/readyz$,/metrics$"

ALLOWED_ATTRIBUTES: Final = frozenset(
    {
        "http.method",
        "http.request.method",
        "http.route",
        "http.status_code",
        "http.response.status_code",
        "temporalWorkflowID",
        "temporalRunID",
        "temporalActivityID",
        "db.system",
        "db.system.name",
        "db.name",
        "db.namespace",
        "db.statement",  # the fixed texts of db/queries, without parameters
        "db.query.text",
        "error.type",
        "exception.type",
    }
)


class Tracing:
    """Exactly one per process, because OpenTelemetry's provider is global."""

    def __init__(self, endpoint: str, *, service: str) -> None:
        self._provider = _provider(endpoint, service)
        trace.set_tracer_provider(self._provider)
        # Baggage is excluded: it would copy data from a client into Temporal's histories.
        propagate.set_global_textmap(TraceContextTextMapPropagator())
        instrumentor = AsyncPGInstrumentor()  # type: ignore[no-untyped-call]  # has no annotation
        instrumentor.instrument(tracer_provider=self._provider)
        self.plugin = OpenTelemetryPlugin(add_temporal_spans=True)

    def instrument(self, app: FastAPI) -> None:
        FastAPIInstrumentor.instrument_app(
            app,
            tracer_provider=self._provider,
            excluded_urls=_UNTRACED_URLS,
            exclude_spans=["receive", "send"],
        )

    def stop(self) -> None:
        """Exports the queued spans. Takes seconds if the collector is unavailable."""
        self._provider.shutdown()

    @staticmethod
    def add_trace_ids(_logger: Any, _method: str, line: EventDict) -> EventDict:
        """A structlog processor that adds the ids of the current trace and span."""
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            line["trace_id"] = trace.format_trace_id(context.trace_id)
            line["span_id"] = trace.format_span_id(context.span_id)
        return line


def _provider(endpoint: str, service: str) -> ReplaySafeTracerProvider:
    resource = Resource.create({SERVICE_NAME: service}).merge(OTELResourceDetector().detect())
    provider = create_tracer_provider(resource=resource, shutdown_on_exit=False)
    exporter = AllowlistExporter(OTLPSpanExporter(endpoint=f"{endpoint}{_TRACES_PATH}"))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class AllowlistExporter(SpanExporter):
    """Passes spans with allowed attributes only to another exporter."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export(
            [_with_allowed_attributes(span) for span in spans if not _is_background_sql(span)]
        )

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _is_background_sql(span: ReadableSpan) -> bool:
    """Whether a span is SQL outside of a request: a write of the live projection, or a sample.
    Traces of these would be the most frequent and the least useful."""
    return span.parent is None and "db.system" in (span.attributes or {})


def _with_allowed_attributes(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_allowed(span.attributes),
        events=[
            Event(event.name, _allowed(event.attributes), event.timestamp) for event in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed(attributes: Attributes) -> Attributes:
    return {name: value for name, value in (attributes or {}).items() if name in ALLOWED_ATTRIBUTES}
