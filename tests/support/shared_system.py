"""One system for all tests of a file: each test is a separate tenant and sees only its own data.

The ``conftest.py`` of a folder that wants these fixtures imports them.
"""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import unique_user
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.system import System, running_api, running_worker


@pytest.fixture(scope="module")
async def system(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[System]:
    async with (
        migrated_database(postgres) as database,
        running_api(temporal, database) as api,
        running_worker(api) as system,
    ):
        yield system


@pytest.fixture
def api(system: System) -> System:
    """In these folders, the API has a worker."""
    return system


@pytest.fixture
def user() -> str:
    return unique_user()
