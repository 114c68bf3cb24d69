"""A pool of connections to PgBouncer, which shares its own between transactions."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from db.errors import DatabaseUnavailable
from db.pool import Pool, create_pool, require_role, require_schema
from db.projection import LiveProjection
from db.reads import SessionReads
from db.roles import API
from db.transactions import reading_as, reading_public
from domain.actors import Actor
from tests.integration.db.read_model_factories import ADA, projection_of, session_view
from tests.support.pgbouncer import (
    EXHAUSTED,
    SERVER_CONNECTIONS,
    PgBouncer,
    pgbouncer,
    require_prepared_statements,
)
from tests.support.postgres import Database

IGNORED = "search_path,statement_timeout,idle_in_transaction_session_timeout"
"""Start-up parameters of a process. PgBouncer ignores them if it is told to, and refuses them
otherwise; Supavisor always ignores them."""


KINDS: dict[str, dict[str, str]] = {
    "refuses parameters": {},
    "ignores parameters": {"ignore_startup_parameters": IGNORED},
    "no prepared statements": {"max_prepared_statements": "0"},
    "prepared statements": {"max_prepared_statements": "100"},
}


@pytest.fixture(params=KINDS)
def pooler(database: Database, request: pytest.FixtureRequest) -> Iterator[PgBouncer]:
    settings = KINDS[request.param]
    if "max_prepared_statements" in settings:
        require_prepared_statements()
    with pgbouncer(database, settings) as pooler:
        yield pooler


@pytest.fixture
async def pool(pooler: PgBouncer) -> AsyncIterator[Pool]:
    pool = await create_pool(pooler.api_dsn, application_name="test-pooled")
    yield pool
    await pool.close()


async def test_a_pooled_process_finds_its_role_and_schema(pool: Pool) -> None:
    await require_role(pool, API)
    await require_schema(pool)


async def test_concurrent_transactions_keep_their_claims(pool: Pool) -> None:
    """More clients than connections to Postgres; each writes, and reads only its own."""

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

    await asyncio.gather(*map(live, range(4 * SERVER_CONNECTIONS)))


async def test_claims_and_roles_do_not_reach_the_next_client(database: Database) -> None:
    """Both clients use the same connection to Postgres, one after the other."""
    with pgbouncer(database, {"default_pool_size": "1"}) as pooler:
        first = await create_pool(pooler.api_dsn, application_name="first")
        second = await asyncpg.connect(pooler.api_dsn, statement_cache_size=0)
        try:
            view = session_view(ADA)
            await LiveProjection(first).write([projection_of(view, ())])
            async with reading_as(first, ADA) as connection:
                assert await connection.value("session_get", view.session_id) is not None
            async with second.transaction():
                assert await second.fetchval("SELECT count(*) FROM wizard_sessions") == 0
                claims = await second.fetchval("SELECT current_setting('request.jwt.claims', true)")
                assert not claims
                assert await second.fetchval("SELECT current_user") == "wizard_api"
        finally:
            await second.close()
            await first.close()


async def test_a_login_name_may_differ_from_the_role(database: Database) -> None:
    """As with Supavisor, whose logins have the name of the project."""
    login = "wizard_api.abcdefghijklmnop"
    with pgbouncer(database, logins=(login,)) as pooler:
        pool = await create_pool(pooler.dsn(login), application_name="test-pooled")
        await require_role(pool, API)
        await pool.close()


async def test_a_busy_pooler_is_unavailable(database: Database) -> None:
    with pgbouncer(database, EXHAUSTED) as pooler:
        holder = await asyncpg.connect(pooler.api_dsn, statement_cache_size=0)
        pool = await create_pool(pooler.api_dsn, application_name="test-pooled", min_size=0)
        async with holder.transaction():
            await holder.execute("SELECT 1")
            with pytest.raises(DatabaseUnavailable):
                async with reading_public(pool):
                    pass
        async with reading_public(pool):
            pass
        await holder.close()
        await pool.close()
