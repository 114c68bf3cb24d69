"""The whole system in one process: real Postgres, real Temporal, a worker, the API, real HTTP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from stripe import HTTPXClient
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Interceptor

from activities.notifications import Notifying
from activities.retention import RetentionPeriods
from db.pool import create_pool
from payments.adapter import TIMEOUT, StripeAdapter
from settings import CACHED_WORKFLOWS
from tests.support.api import serving, settings_for
from tests.support.postgres import Database
from tests.support.temporal import end_open_workflows
from worker import KEEP, NEVER, working

STRIPE_ACTIVITIES_PER_SECOND = 1000
"""A test is not to wait for a rate that protects Stripe."""


@dataclass(frozen=True)
class System:
    """``address`` is that of the API."""

    temporal: WorkflowEnvironment
    database: Database
    address: str


@asynccontextmanager
async def running_api(
    temporal: WorkflowEnvironment, database: Database, **settings: Any
) -> AsyncIterator[System]:
    """A system without a worker; keywords are settings of the API."""
    async with serving(settings_for(database, **settings), temporal.client) as address:
        yield System(temporal, database, address)
    await end_open_workflows(temporal.client)


@asynccontextmanager
async def running_worker(
    system: System,
    *,
    stripe_url: str | None = None,
    stripe_timeout: float = TIMEOUT,
    notifying: Notifying | None = None,
    retention: RetentionPeriods = KEEP,
    abandon_after: int = NEVER,
    interceptors: Sequence[Interceptor] = (),
    max_cached_workflows: int = CACHED_WORKFLOWS,
    build_id: str = "",
) -> AsyncIterator[System]:
    """The production worker in the test's own process.

    Without ``stripe_url`` there is no Stripe, as in a deployment without a key; ``stripe_timeout``
    is in seconds. Without ``notifying`` no owner is notified.
    """
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    stripe = _stripe_adapter(stripe_url, stripe_timeout) if stripe_url else None
    try:
        async with working(
            system.temporal.client,
            pool,
            stripe,
            notifying=notifying,
            retention=retention,
            abandon_after=abandon_after,
            stripe_activities_per_second=STRIPE_ACTIVITIES_PER_SECOND,
            interceptors=interceptors,
            max_cached_workflows=max_cached_workflows,
            build_id=build_id,
        ):
            yield system
    finally:
        await pool.close()
        if stripe is not None:
            await stripe.close()


def _stripe_adapter(url: str, timeout: float) -> StripeAdapter:
    return StripeAdapter("sk_test_tests", api_base=url, http_client=HTTPXClient(timeout=timeout))
