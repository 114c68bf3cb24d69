"""One system for all tests of a file; each test is a tenant of its own, so none sees another's."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import SignIn, Wizard, signing_in, start
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.system import System, api_alone, with_worker


@pytest.fixture(scope="module")
async def system(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[System]:
    async with (
        migrated_database(postgres) as database,
        api_alone(temporal, database) as api,
        with_worker(api) as running,
    ):
        yield running


@pytest.fixture
def user() -> str:
    """Somebody whom no other test knows."""
    return f"ada-{uuid4().hex[:12]}"


@pytest.fixture
async def sign_in(system: System) -> AsyncIterator[SignIn]:
    async with signing_in(system.address) as sign_in:
        yield sign_in


@pytest.fixture
def ada(sign_in: SignIn, user: str) -> httpx.AsyncClient:
    return sign_in(user)


@pytest.fixture
async def wizard(ada: httpx.AsyncClient) -> Wizard:
    """A session that Ada has just started."""
    return await start(ada)
