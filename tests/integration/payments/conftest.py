"""One API process and one stand-in for all tests of a file; each test has users of its own."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import SignIn, Wizard, signing_in, start
from tests.support.payments import selling
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.stand_in import StandIn, standing_in
from tests.support.system import System, api_alone


@pytest.fixture(scope="module")
async def adapter(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[System]:
    """Without a worker."""
    async with (
        migrated_database(postgres) as database,
        api_alone(temporal, database) as adapter,
    ):
        yield adapter


@pytest.fixture(scope="module")
async def running_stand_in(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[StandIn]:
    async with standing_in(tmp_path_factory.mktemp("stand-in")) as stand_in:
        yield stand_in


@pytest.fixture
async def stand_in(running_stand_in: StandIn) -> StandIn:
    """As if nothing had happened yet."""
    await running_stand_in.post("/reset")
    return running_stand_in


@pytest.fixture
async def system(adapter: System, stand_in: StandIn) -> AsyncIterator[System]:
    async with selling(adapter, stand_in):
        yield adapter


@pytest.fixture
def user() -> str:
    """Somebody whom no other test knows."""
    return f"ada-{uuid4().hex[:12]}"


@pytest.fixture
async def sign_in(adapter: System) -> AsyncIterator[SignIn]:
    async with signing_in(adapter.address) as sign_in:
        yield sign_in


@pytest.fixture
def ada(sign_in: SignIn, user: str) -> httpx.AsyncClient:
    return sign_in(user)


@pytest.fixture
async def wizard(system: System, ada: httpx.AsyncClient) -> Wizard:
    """A session that Ada has just started."""
    return await start(ada)
