"""The production worker in the test's own process, with what a test wants to be different."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from temporalio.worker import Interceptor

from activities.notifications import Notifying
from activities.retention import RetentionPeriods
from db.pool import create_pool
from payments.adapter import StripeAdapter
from settings import CACHED_WORKFLOWS
from worker import KEEP, NEVER, working

if TYPE_CHECKING:
    from tests.support.system import System

STRIPE_ACTIVITIES_PER_SECOND = 1000
"""A test is not to wait for a rate that protects Stripe."""


@asynccontextmanager
async def worker_for(
    system: "System",
    *,
    stripe_url: str | None = None,
    notifying: Notifying | None = None,
    retention: RetentionPeriods = KEEP,
    abandon_after: int = NEVER,
    interceptors: Sequence[Interceptor] = (),
    max_cached_workflows: int = CACHED_WORKFLOWS,
    build_id: str = "",
) -> AsyncIterator[None]:
    """Without ``stripe_url`` there is no Stripe, as in a deployment without a key; without
    ``notifying`` nobody is notified."""
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    stripe = StripeAdapter.from_settings("sk_test_tests", stripe_url) if stripe_url else None
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
            yield
    finally:
        await pool.close()
        if stripe is not None:
            await stripe.close()
