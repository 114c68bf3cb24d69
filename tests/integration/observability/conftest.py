"""A worker and an API process with all telemetry on, after requests of every kind."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from temporalio.client import WorkflowFailureError
from temporalio.testing import WorkflowEnvironment

from domain import ids
from domain.orders.order import OrderRequest, WantedItem
from temporal.order_starts import order_start
from tests.support.api import client_for, token
from tests.support.paid_sessions import WAY_BACK
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.processes import Process, Processes
from tests.support.stripe_events import CONNECT_SECRET, snapshot, take
from tests.support.temporal import temporal_server
from tests.support.trace_collector import TraceCollector, running_collector
from tests.support.wizard import Wizard, start_filled

ORGANIZATION = "acme"
SLUG = "observed-show"


@dataclass(frozen=True)
class Observed:
    """``published`` is a session with a published event; ``refused`` has a slug that is taken."""

    worker: Process
    api: Process
    http: httpx.AsyncClient
    collector: TraceCollector
    sdk_addresses: tuple[str, str]
    user: str
    published: Wizard
    refused: Wizard

    async def scrape(self) -> list[httpx.Response]:
        """The metrics of both processes, and of the Temporal SDK in each."""
        async with httpx.AsyncClient(timeout=30) as http:
            return [
                await self.http.get("/metrics"),
                *[await http.get(f"http://{address}/metrics") for address in self.sdk_addresses],
            ]

    async def metrics(self) -> str:
        return "\n".join(response.text for response in await self.scrape())

    async def samples(self) -> list[Sample]:
        families = text_string_to_metric_families(await self.metrics())
        return [sample for family in families for sample in family.samples]


def lines_of(process: Process) -> list[dict[str, Any]]:
    """The JSON lines of its log; Temporal's core logs in another format."""
    return [json.loads(line) for line in process.log().splitlines() if line.startswith("{")]


@pytest.fixture(scope="session")
async def observed(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Observed]:
    user = f"ada-{uuid4().hex[:12]}"
    addresses = (f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}")
    async with migrated_database(postgres) as database, temporal_server() as temporal:
        with running_collector() as collector:
            processes = Processes(database, temporal.client, tmp_path_factory.mktemp("observed"))
            tracing = {
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
                "OTEL_BSP_SCHEDULE_DELAY": "100",
            }
            try:
                worker, (api, address) = await asyncio.gather(
                    processes.worker(METRICS_ADDRESS=addresses[0], **tracing),
                    processes.api(
                        METRICS_ADDRESS=addresses[1],
                        STRIPE_WEBHOOK_SECRETS=CONNECT_SECRET,
                        **tracing,
                    ),
                )
                async with client_for(address, token(user, ORGANIZATION)) as http:
                    published, refused = await _send_requests_of_every_kind(http, temporal)
                    yield Observed(
                        worker, api, http, collector, addresses, user, published, refused
                    )
            finally:
                await processes.end_all()


async def _send_requests_of_every_kind(
    http: httpx.AsyncClient, temporal: WorkflowEnvironment
) -> tuple[Wizard, Wizard]:
    published = await start_filled(http, slug=SLUG)
    assert (await published.post("/publish", prefer="wait=20")).status_code == 200
    refused = await start_filled(http, slug=SLUG)
    assert (await refused.post("/publish", prefer="wait=20")).status_code == 422

    assert (await refused.save("eventSetup", {"summary": "All of it"})).status_code == 200
    saved_later = await refused.save("eventSetup", {"summary": "More"}, prefer="respond-async")
    assert saved_later.status_code == 202
    assert (await refused.save("eventSetup", {"titel": "Show"})).status_code == 422
    assert (await refused.post("/payments/connect", WAY_BACK)).status_code in {409, 503}
    await take(http, snapshot("acct_1"))
    assert (await http.get("/no/such/thing")).status_code == 404
    for field in ("description", "summary"):  # the session refuses the second
        too_much = {field: "x" * 60_000}
        saved_later = await refused.save("eventSetup", too_much, prefer="respond-async")
        assert saved_later.status_code == 202
    await temporal.client.start_workflow(  # an unreadable argument fails the workflow task
        ids.WIZARD_STRIPE_EVENT,
        {"not": "an id"},
        id=ids.stripe_event_workflow_id(uuid4().hex),
        task_queue=ids.TASK_QUEUE,
    )
    await _ask_for_tickets_of_no_event(temporal)
    await temporal.client.execute_workflow(
        ids.WIZARD_SWEEP, id=f"sweep-{uuid4()}", task_queue=ids.TASK_QUEUE
    )
    return published, refused


async def _ask_for_tickets_of_no_event(temporal: WorkflowEnvironment) -> None:
    request = OrderRequest(
        order_id=str(uuid4()),
        event_id=str(uuid4()),
        items=[WantedItem(tier_id="floor", quantity=1)],
        fingerprint="f",
        holder="h",
        page_url="https://tickets.example.com/e/show",
    )
    with pytest.raises(WorkflowFailureError):
        await temporal.client.execute_workflow(ids.TICKET_ORDER, request, **order_start(request))
