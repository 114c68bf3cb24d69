"""Which spans leave the process, and what of them: names, ids, codes and times, and nothing that
people sent.

The instrumentations also note addresses with their queries, user agents, clients' addresses and
the messages of exceptions. A list of what may go is shorter, and safer, than one of what may not.
"""

from collections.abc import Sequence
from typing import Final

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace.status import Status
from opentelemetry.util.types import Attributes

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
