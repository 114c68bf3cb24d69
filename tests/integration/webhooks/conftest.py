"""API processes that receive webhooks, a worker, and the Stripe stand-in that it talks to."""

from collections.abc import AsyncIterator

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.integration.webhooks.deliveries import SECRETS
from tests.support.api import client_for, serving, settings_for, token
from tests.support.postgres import Database
from tests.support.stand_in import StandIn, standing_in
from tests.support.system import System
from tests.support.temporal import end_open_workflows
from tests.support.workers import worker_for


@pytest.fixture(scope="session")
async def running_stand_in(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StandIn]:
    async with standing_in(tmp_path_factory.mktemp("stand-in")) as stand_in:
        yield stand_in


@pytest.fixture
async def stand_in(running_stand_in: StandIn) -> StandIn:
    """It has nothing, and delivers to nobody."""
    for endpoint in await running_stand_in.get("/webhooks"):
        await running_stand_in.control.delete(f"/webhooks/{endpoint['id']}")
    await running_stand_in.post("/reset")
    return running_stand_in


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """Without a worker."""
    settings = settings_for(database, stripe_webhook_secrets=SECRETS)
    async with serving(settings, temporal.client) as address:
        yield System(temporal, database, address)
    await end_open_workflows(temporal.client)


@pytest.fixture
async def system(api: System, stand_in: StandIn) -> AsyncIterator[System]:
    async with worker_for(api, stripe_url=stand_in.url):
        yield api


@pytest.fixture
async def ada(api: System) -> AsyncIterator[httpx.AsyncClient]:
    """Ada's browser, also where the worker is a test's own."""
    async with client_for(api.address, token("ada")) as http:
        yield http


@pytest.fixture
async def stripe(api: System) -> AsyncIterator[httpx.AsyncClient]:
    """Who delivers webhooks has no token."""
    async with client_for(api.address, None) as http:
        yield http


@pytest.fixture
async def second_address(api: System) -> AsyncIterator[str]:
    """Another API of the same system."""
    settings = settings_for(api.database, stripe_webhook_secrets=SECRETS)
    async with serving(settings, api.temporal.client) as address:
        yield address
