"""OpenTelemetry traces, from the HTTP request through the update to activity and SQL.

This module is imported only where traces are switched on: a process without them loads nothing of
OpenTelemetry's SDK. The SDK's own ``OTEL_…`` variables (sampler, headers of the exporter, resource
attributes, service name) apply as everywhere.

A span leaves the process with names, ids, codes and times, and nothing that people sent. The
instrumentations also record addresses with their queries, user agents, clients' addresses and the
messages of exceptions. A list of what may leave is shorter, and safer, than one of what may not.
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


ALLOWED: Final = frozenset(
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
        "db.statement",  # the fixed texts of db/queries; values go beside them
        "db.query.text",
        "error.type",
        "exception.type",
    }
)


class WithoutWords(SpanExporter):
    """Hands spans on to another exporter, without what is not on the list."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export(
            [_without_words(span) for span in spans if not _is_housekeeping(span)]
        )

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _is_housekeeping(span: ReadableSpan) -> bool:
    """SQL of no request: batches of the write-behind, samples. A trace for each would tell little
    and cost the most."""
    return span.parent is None and "db.system" in (span.attributes or {})


def _without_words(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_allowed(span.attributes),
        events=[
            Event(each.name, _allowed(each.attributes), each.timestamp) for each in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed(attributes: Attributes) -> Attributes:
    return {name: value for name, value in (attributes or {}).items() if name in ALLOWED}
