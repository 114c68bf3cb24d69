"""The whole system in one process: real Postgres, real Temporal, a worker, a gateway, real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from db.pool import create_pool
from tests.support.gateway import Wizard, client_for, serving, settings_for, start, token
from tests.support.postgres import Database
from tests.support.temporal import end_open_workflows
from worker import build_worker


@dataclass(frozen=True)
class System:
    temporal: WorkflowEnvironment
    database: Database
    address: str


@pytest.fixture
async def gateway(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """Without a worker."""
    async with serving(settings_for(database), temporal.client) as address:
        yield System(temporal, database, address)
    await end_open_workflows(temporal.client)


@pytest.fixture
async def system(gateway: System) -> AsyncIterator[System]:
    pool = await create_pool(gateway.database.worker_dsn, application_name="tests")
    async with build_worker(gateway.temporal.client, pool):
        yield gateway
    await pool.close()


@pytest.fixture
async def ada(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """Ada's browser, as it were."""
    async with client_for(system.address, token("ada")) as http:
        yield http


@pytest.fixture
async def wizard(ada: httpx.AsyncClient) -> Wizard:
    """A session that Ada has just started."""
    return await start(ada)
