"""One API process for all tests of a file; each test has its own users and its own worker."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import unique_user
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.system import System, running_api


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
