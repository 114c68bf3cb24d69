"""Traces lead from a request over its update and activities to SQL, without user input."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from temporalio.testing import WorkflowEnvironment

from observability.tracing import ALLOWED_ATTRIBUTES
from tests.integration.observability.conftest import SLUG, Observed, lines_of
from tests.support.api import client_for, token
from tests.support.postgres import Database
from tests.support.processes import Processes
from tests.support.temporal import end_open_workflows
from tests.support.trace_collector import running_collector
from tests.support.waiting import eventually
from tests.support.wizard import start

ROOT = Path(__file__).parents[3]

WITHOUT_SETTINGS = """
import sys
import api.app, worker
from observability.telemetry import Telemetry
Telemetry.start(None, None, service="x")
kinds = ("sdk", "exporter", "instrumentation", "proto")  # the bare API loads with FastAPI
loaded = {kind for kind in kinds if f"opentelemetry.{kind}" in sys.modules}
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""


async def test_one_trace_spans_request_workflow_and_database(observed: Observed) -> None:
    expected = [
        "INSERT",
        "RunActivity:reserve_event",
        "StartActivity:reserve_event",
        "HandleUpdate:publish",
        "StartWorkflowUpdate:publish",
        "POST /v1/sessions/{session_id}/publish",
    ]

    async def found() -> Span | None:
        chains = ((span, observed.collector.chain(span)) for span in [*observed.collector.spans])
        return next((span for span, chain in chains if chain == expected), None)

    statement = await eventually(found, what="the whole trace")
    assert observed.collector.services == {"event-wizard-api", "event-wizard-worker"}
    in_logs = {line.get("trace_id") for line in lines_of(observed.api)}
    assert statement.trace_id.hex() in in_logs


async def test_spans_hold_no_input(observed: Observed) -> None:
    for span in observed.collector.spans:
        assert {attribute.key for attribute in span.attributes} <= ALLOWED_ATTRIBUTES
        assert not span.status.message
        for event in span.events:
            assert {attribute.key for attribute in event.attributes} <= {"exception.type"}
    text = "".join(str(span) for span in observed.collector.spans)
    for secret in (SLUG, "Ada", observed.user, "127.0.0.1", "no/such/thing"):
        assert secret not in text


async def test_spans_show_failures(observed: Observed) -> None:
    async def failed() -> bool:
        return any(
            span.name == "RunActivity:connect_account"
            and span.status.code == span.status.STATUS_CODE_ERROR
            for span in [*observed.collector.spans]
        )

    assert await eventually(failed)


def test_tracing_is_not_loaded_without_its_setting() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_SETTINGS], cwd=ROOT, check=True)


async def test_pending_spans_are_sent_when_a_process_ends(
    temporal: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    with running_collector() as collector:
        processes = Processes(database, temporal.client, tmp_path)
        late = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
            "OTEL_BSP_SCHEDULE_DELAY": "600000",
        }
        try:
            worker, (api, address) = await asyncio.gather(
                processes.worker(**late), processes.api(**late)
            )
            async with client_for(address, token()) as http:
                wizard = await start(http)
                assert (await wizard.save("organizerSetup", {"name": "Ada"})).status_code == 200
            assert collector.spans == []

            await asyncio.gather(*(asyncio.to_thread(process.stop) for process in (worker, api)))
        finally:
            await processes.end_all()
            await end_open_workflows(temporal.client)
        names = {span.name for span in collector.spans}
    assert "HandleUpdate:save_stage" in names
    assert "POST /v1/sessions" in names


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_health_checks_and_metrics_are_not_traced(observed: Observed, path: str) -> None:
    assert (await observed.http.get(path)).is_success

    async def text() -> list[dict[str, object]]:
        return [line for line in lines_of(observed.api) if line.get("route") == path]

    assert all("trace_id" not in line for line in await eventually(text))
