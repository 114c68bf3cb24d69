"""A connection keeps no state of a transaction after its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from db.pool import Connection, Pool, create_pool
from db.projection import LiveProjection
from db.reads import SessionReads
from db.roles import PROJECTOR
from db.transactions import reading_as, write_in_transaction
from tests.integration.db.read_model_factories import ADA, projection_of, session_view
from tests.support.postgres import Database


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """A pool with a single connection, which every caller gets."""
    pool = await create_pool(database.api_dsn, application_name="test-one", max_size=1)
    yield pool
    await pool.close()


async def read(pool: Pool) -> None:
    await SessionReads(pool).list(ADA, status=None, limit=1, cursor=None)


async def write(pool: Pool) -> None:
    await LiveProjection(pool).write([projection_of(session_view(), ())])


async def fail_to_read(pool: Pool) -> None:
    with pytest.raises(RuntimeError):
        async with reading_as(pool, ADA):
            raise RuntimeError


async def fail_to_write(pool: Pool) -> None:
    async def divide(connection: Connection) -> None:
        await connection.execute("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await write_in_transaction(pool, divide, role=PROJECTOR)


async def give_up(pool: Pool) -> None:
    async def sleep(connection: Connection) -> None:
        await connection.execute("SELECT pg_sleep(60)")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await write_in_transaction(pool, sleep, role=PROJECTOR)


@pytest.mark.parametrize("use", [read, write, fail_to_read, fail_to_write, give_up])
async def test_a_returned_connection_has_no_state(
    pool: Pool, use: Callable[[Pool], Awaitable[None]]
) -> None:
    async def state() -> tuple[object, ...]:
        row = await pool.fetchrow(
            """
            SELECT current_user, current_setting('request.jwt.claims', true) AS claims,
                   current_setting('transaction_read_only') AS read_only, pg_backend_pid() AS pid
            """
        )
        assert row is not None
        return row["current_user"], row["claims"] or "", row["read_only"], row["pid"]

    before = await state()

    await use(pool)

    assert await state() == before
