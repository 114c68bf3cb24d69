"""Connections for each role that uses the database."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.pool import Connection, Pool, create_pool
from tests.support.postgres import Database


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Pool]:
    pool = await create_pool(database.api_dsn, application_name="test-api")
    yield pool
    await pool.close()


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Pool]:
    pool = await create_pool(database.worker_dsn, application_name="test-worker", max_size=25)
    yield pool
    await pool.close()


@pytest.fixture
async def admin(database: Database) -> AsyncIterator[Connection]:
    """A connection of the tables' owner, to whom row-level security does not apply."""
    connection = await asyncpg.connect(database.admin_dsn)
    yield connection
    await connection.close()
