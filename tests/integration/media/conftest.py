"""One API with a store for all tests of a file; each test is a separate tenant."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import unique_user
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.system import System, running_api


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pictures."""
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
async def api(
    temporal: WorkflowEnvironment, postgres: PostgresServer, store: Path
) -> AsyncIterator[System]:
    async with (
        migrated_database(postgres) as database,
        running_api(temporal, database, media_store=store.as_uri()) as system,
    ):
        yield system


@pytest.fixture
def user() -> str:
    return unique_user()
