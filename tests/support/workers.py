"""Workers in the test's own process that differ from the production one in a single thing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from temporalio.worker import Interceptor

from db.pool import create_pool
from tests.support.system import System
from worker import build_worker


@asynccontextmanager
async def worker_for(
    system: System, *, interceptors: Sequence[Interceptor] = (), max_cached_workflows: int = 1000
) -> AsyncIterator[None]:
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    try:
        async with build_worker(
            system.temporal.client,
            pool,
            interceptors=interceptors,
            max_cached_workflows=max_cached_workflows,
        ):
            yield
    finally:
        await pool.close()
