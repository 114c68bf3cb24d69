"""One API process for all tests of a file; each test has its own event and its own worker."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from db.orders import Orders
from db.pool import Connection, create_pool
from tests.support.api import client_for, unique_user
from tests.support.paid_sessions import start_seller
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.stand_in import StandIn
from tests.support.system import System, running_api
from tests.support.ticket_orders import Sale, open_sale


@pytest.fixture(scope="module")
async def api(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[System]:
    async with migrated_database(postgres) as database, running_api(temporal, database) as api:
        yield api


@pytest.fixture
def system(selling_system: System) -> System:
    return selling_system


@pytest.fixture
def user() -> str:
    return unique_user()


@pytest.fixture
async def sale(system: System, stand_in: StandIn, ada: httpx.AsyncClient) -> Sale:
    """Of five tickets at 25 dollars, four at most per order."""
    seller = await start_seller(
        ada,
        stand_in,
        {"name": "General", "unit_amount": 2500, "quantity": 5, "maxPerOrder": 4},
    )
    return await open_sale(system, stand_in, seller)


@pytest.fixture
async def buyer(api: System) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    async with client_for(api.address, None) as http:
        yield http


@pytest.fixture
async def admin(api: System) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(api.database.admin_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def inventory(api: System) -> AsyncIterator[Orders]:
    """Holds tickets without the process of an order."""
    pool = await create_pool(api.database.worker_dsn, application_name="tests")
    yield Orders(pool)
    await pool.close()
