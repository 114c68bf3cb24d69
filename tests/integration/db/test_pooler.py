"""The pool behind a pooler that shares connections between transactions."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.pool import Pool, create_pool, require_role, require_schema
from db.projection import LiveProjection
from db.reads import SessionReads
from db.roles import API
from domain.actors import Actor
from tests.integration.db.read_model_factories import projection_of, session_view
from tests.support.pooler import pooled
from tests.support.postgres import Database


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    async with pooled(database) as dsn:
        pool = await create_pool(dsn, application_name="test-pooled")
        yield pool
        await pool.close()


async def test_the_pooler_refuses_parameters_as_pgbouncer_does(database: Database) -> None:
    async with pooled(database) as dsn:
        with pytest.raises(asyncpg.ProtocolViolationError):
            await asyncpg.connect(dsn, server_settings={"search_path": "public"})


async def test_a_pooled_process_finds_its_role_and_schema(pool: Pool) -> None:
    await require_role(pool, API)
    await require_schema(pool)


async def test_concurrent_transactions_keep_their_claims(pool: Pool) -> None:
    """More clients than the pooler has connections; each writes, and reads only its own."""

    async def live(number: int) -> None:
        owner = Actor(user_id=f"user-{number}")
        view = session_view(owner)
        for revision in range(3, 8):
            changed = view.model_copy(update={"revision": revision})
            await LiveProjection(pool).write([projection_of(changed, ())])
            stored = await SessionReads(pool).get(owner, view.session_id)
            assert stored is not None
            assert stored.revision == revision
            assert stored.stages == view.stages
            page = await SessionReads(pool).list(owner, status=None, limit=5, cursor=None)
            assert [listed.session_id for listed in page.items] == [view.session_id]

    await asyncio.gather(*map(live, range(20)))
