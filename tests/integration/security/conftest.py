"""API processes with settings of the test, without a worker."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import serving, settings_for
from tests.support.postgres import Database
from tests.support.temporal import end_open_workflows

Serve = Callable[..., Awaitable[str]]
"""``await serve(rate_limit="3/minute")`` starts an API process and returns its address."""


@pytest.fixture
async def serve(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[Serve]:
    async with AsyncExitStack() as apis:

        async def start(**changed: Any) -> str:
            api = serving(settings_for(database, **changed), temporal.client)
            return await apis.enter_async_context(api)

        yield start
    await end_open_workflows(temporal.client)
