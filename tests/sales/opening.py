"""Opens markets: in this process, with clocks that can be moved, or on a stack of processes."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from benchmarks.stack import BenchStack
from domain import ids
from tests.sales.market import Market
from tests.support.api import client_for, signing_in
from tests.support.postgres import Database, PostgresServer, add_template, migrated_database
from tests.support.stand_in import StandIn, stand_in_process
from tests.support.stripe_events import CONNECT_SECRET
from tests.support.system import running_api, running_worker
from tests.support.temporal import temporal_server

_REDRIVE_PAUSE_SECONDS: Final = 5.0


@asynccontextmanager
async def market_in_process(
    temporal: WorkflowEnvironment, database: Database, stand_in: StandIn, **settings: Any
) -> AsyncIterator[Market]:
    """API and workers of this process; keywords are settings of the API."""
    defaults = {
        "stripe_webhook_secrets": (CONNECT_SECRET,),
        "rate_limit_webhooks": "",
        "holds_per_address": 0,
    }
    async with (
        running_api(temporal, database, **{**defaults, **settings}) as system,
        running_worker(system, stripe_url=stand_in.url),
        _redriving(temporal.client),
        signing_in(system.address) as sign_in,
    ):
        yield Market(
            address=system.address,
            temporal=temporal.client,
            database_dsn=database.admin_dsn,
            stand_in=stand_in.control,
            webhook_secret=CONNECT_SECRET,
            sign_in=sign_in,
            environment=temporal,
        )


@asynccontextmanager
async def _redriving(temporal: Client) -> AsyncIterator[None]:
    """Processes stored Stripe events again, as the schedule does: if the machine is so busy that
    Temporal does not answer a webhook in time, its event is only stored."""

    async def keep_redriving() -> None:
        while True:
            await asyncio.sleep(_REDRIVE_PAUSE_SECONDS)
            await temporal.execute_workflow(
                ids.WIZARD_STRIPE_REDRIVE,
                id=f"{ids.SCHEDULE_STRIPE_REDRIVE}-of-a-market",
                task_queue=ids.TASK_QUEUE,
            )

    running = asyncio.create_task(keep_redriving())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def market_with_servers() -> AsyncIterator[Market]:
    """The same, with servers of its own."""
    postgres = PostgresServer()
    with tempfile.TemporaryDirectory(prefix="wizard-sales-") as directory:
        try:
            postgres.start()
            await add_template(postgres)
            async with (
                temporal_server() as temporal,
                stand_in_process(Path(directory)) as stand_in,
                migrated_database(postgres) as database,
                market_in_process(temporal, database, stand_in) as market,
            ):
                yield market
        finally:
            postgres.drop()


@asynccontextmanager
async def market_on_stack(bench: BenchStack) -> AsyncIterator[Market]:
    """The processes of a stack, whose clocks cannot be moved."""
    stack = bench.stack
    async with AsyncExitStack() as browsers:

        def sign_in(user: str) -> httpx.AsyncClient:
            browser = client_for(stack.api_url, bench.token(user))
            browsers.push_async_callback(browser.aclose)
            return browser

        controls = httpx.AsyncClient(
            base_url=f"{stack.stripe_url}/_stand_in", timeout=30, trust_env=False
        )
        yield Market(
            address=stack.api_url,
            temporal=await bench.temporal(),
            database_dsn=stack.database_admin_url,
            stand_in=await browsers.enter_async_context(controls),
            webhook_secret=bench.state.stripe_webhook_secret(),
            sign_in=sign_in,
        )
