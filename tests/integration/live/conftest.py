"""A hub of its own for each test, without an API around it."""

from collections.abc import AsyncIterator

import pytest

from api.live.hub import SessionHub
from db.pool import Pool, create_pool
from db.roles import LISTENER
from observability.metrics import ApiMetrics
from tests.support.postgres import Database
from tests.support.waiting import until


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    pool = await create_pool(database.api_dsn, application_name="test-api")
    yield pool
    await pool.close()


@pytest.fixture
def metrics() -> ApiMetrics:
    return ApiMetrics()


@pytest.fixture
async def hub(pool: Pool, database: Database, metrics: ApiMetrics) -> AsyncIterator[SessionHub]:
    hub = SessionHub(pool, database.api_dsn, LISTENER, metrics)
    await hub.start()
    await until(lambda: hub.is_listening)
    yield hub
    await hub.stop()
