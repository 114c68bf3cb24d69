"""One API process for all tests of a file; each test has its own event and its own worker."""

from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser
from temporalio.testing import WorkflowEnvironment

from tests.support.api import client_for, unique_user
from tests.support.browsers import running_browser
from tests.support.event_pages import PUBLIC_URL
from tests.support.paid_sessions import start_seller
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.stand_in import StandIn
from tests.support.system import System, running_api
from tests.support.ticket_orders import Sale, open_sale


@pytest.fixture(scope="module")
async def api(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[System]:
    settings = {
        "public_url": PUBLIC_URL,
        "legal_links": "Imprint=https://acme.example/imprint",
    }
    async with (
        migrated_database(postgres) as database,
        running_api(temporal, database, **settings) as api,
    ):
        yield api


@pytest.fixture(scope="module")
async def browser(api: System) -> AsyncIterator[Browser]:
    async with running_browser(api.address) as browser:
        yield browser


@pytest.fixture
def system(selling_system: System) -> System:
    return selling_system


@pytest.fixture
def user() -> str:
    return unique_user()


@pytest.fixture
async def sale(system: System, stand_in: StandIn, ada: httpx.AsyncClient) -> Sale:
    """Of five tickets at 25 dollars, four at most per order, and of donations."""
    seller = await start_seller(
        ada,
        stand_in,
        {"name": "General", "unit_amount": 2500, "quantity": 5, "maxPerOrder": 4},
        {"name": "Supporter", "kind": "donation", "unit_amount": 1000},
    )
    return await open_sale(system, stand_in, seller)


@pytest.fixture
async def visitor(api: System) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript that follows no redirect."""
    async with client_for(api.address, None) as http:
        yield http
