"""The whole system, anew for each test."""

from collections.abc import AsyncIterator

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import Wizard, client_for, start, token
from tests.support.postgres import Database
from tests.support.system import System, api_alone, with_worker


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """Without a worker."""
    async with api_alone(temporal, database) as system:
        yield system


@pytest.fixture
async def system(api: System) -> AsyncIterator[System]:
    async with with_worker(api):
        yield api


@pytest.fixture
async def ada(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """Ada's browser, as it were."""
    async with client_for(system.address, token("ada")) as http:
        yield http


@pytest.fixture
async def wizard(ada: httpx.AsyncClient) -> Wizard:
    """A session that Ada has just started."""
    return await start(ada)
