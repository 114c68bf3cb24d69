"""A separate namespace, because a rebuild reads all sessions; with keys, so that it reads encrypted
histories."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.payload_keys import ring
from tests.support.postgres import Database
from tests.support.system import System, running_api
from tests.support.temporal import own_namespace


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    async with (
        own_namespace(temporal, ring("k1")) as environment,
        running_api(environment, database) as system,
    ):
        yield system
