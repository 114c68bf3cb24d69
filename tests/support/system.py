"""The whole system: worker and API in this process, over real HTTP, Temporal and Postgres."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from stripe import HTTPXClient
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from db.pool import create_pool
from payments.adapter import TIMEOUT, StripeAdapter
from tests.support.api import client_for, serving, settings_for
from tests.support.postgres import Database
from tests.support.session_workflow import session_handle
from tests.support.temporal import end_open_workflows
from tests.support.waiting import eventually
from tests.support.wizard import Wizard
from worker import WorkerOptions, running_workers

STRIPE_ACTIVITIES_PER_SECOND = 1000
"""High, so that tests do not wait for the rate limit that protects Stripe."""


@dataclass(frozen=True)
class System:
    """``address`` is the URL of the API."""

    temporal: WorkflowEnvironment
    database: Database
    address: str


@asynccontextmanager
async def running_api(
    temporal: WorkflowEnvironment, database: Database, **settings: Any
) -> AsyncIterator[System]:
    """A system without a worker; keywords are settings of the API."""
    async with serving(settings_for(database, **settings), temporal.client) as address:
        await eventually(lambda: _has_postgres(address), what="the connection to Postgres")
        yield System(temporal, database, address)
    await end_open_workflows(temporal.client)


async def _has_postgres(address: str) -> bool:
    """An API that has started connects meanwhile."""
    async with client_for(address, None) as http:
        return bool((await http.get("/readyz")).json()["postgres"] != "unreachable")


@asynccontextmanager
async def running_worker(
    system: System,
    *,
    stripe_url: str | None = None,
    stripe_timeout: float = TIMEOUT,
    client: Client | None = None,
    database_url: str | None = None,
    **options: Any,
) -> AsyncIterator[System]:
    """The production workers in the test's own process; keywords are those of ``WorkerOptions``.

    Without ``stripe_url``, Stripe is off, as in a deployment without a key; ``stripe_timeout``
    is in seconds. ``client`` replaces the system's own of Temporal, and ``database_url`` the
    address of Postgres.
    """
    stripe = _stripe_adapter(stripe_url, stripe_timeout) if stripe_url else None
    pool = await create_pool(database_url or system.database.worker_dsn, application_name="tests")
    try:
        async with running_workers(
            client or system.temporal.client,
            pool,
            WorkerOptions(
                stripe=stripe,
                **{
                    "stripe_activities_per_second": STRIPE_ACTIVITIES_PER_SECOND,
                    "order_stripe_activities_per_second": STRIPE_ACTIVITIES_PER_SECOND,
                    **options,
                },
            ),
        ):
            yield system
    finally:
        await pool.close()
        if stripe is not None:
            await stripe.close()


def _stripe_adapter(url: str, timeout: float) -> StripeAdapter:
    return StripeAdapter(
        "sk_test_tests", api_base=url, http_client=HTTPXClient(timeout, verify_ssl_certs=False)
    )


async def pass_time(system: System, wizard: Wizard, duration: timedelta) -> None:
    """Moves the clock of the session, whose timers fire when they are due."""
    handle = session_handle(system.temporal.client, wizard.session_id)
    await system.temporal.fast_forward(handle, duration)


@contextmanager
def postgres_stopped(system: System) -> Iterator[None]:
    system.database.server.stop()
    try:
        yield
    finally:
        system.database.server.start()
