"""The rate of reads through PgBouncer, as a share of that of direct connections; ``pytest -s``
prints it."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator

import pytest

from db.pool import Pool, create_pool
from db.projection import LiveProjection
from db.reads import SessionReads
from tests.integration.db.read_model_factories import ADA, projection_of, session_view
from tests.support.pgbouncer import pgbouncer
from tests.support.postgres import Database

CLIENTS = 10
READS = 50
"""Of each client in a round."""
ROUNDS = 6
LEAST_SHARE = 0.05
"""A pooled read has as many messages and no prepared statement. Far below this, each waits for a
timer, such as that of Nagle's algorithm. On a busy machine, the one process of PgBouncer gets less
of the time than the others together."""


@pytest.fixture
async def pools(database: Database) -> AsyncIterator[tuple[Pool, Pool]]:
    """Direct, and pooled."""
    with pgbouncer(database, {"default_pool_size": str(CLIENTS)}) as pooler:
        direct = await create_pool(database.api_dsn, application_name="direct")
        pooled = await create_pool(pooler.api_dsn, application_name="pooled")
        yield direct, pooled
        await direct.close()
        await pooled.close()


async def test_pooled_reads_have_a_fair_share_of_the_rate(pools: tuple[Pool, Pool]) -> None:
    direct, pooled = pools
    view = session_view(ADA)
    await LiveProjection(direct).write([projection_of(view, ())])

    async def seconds(pool: Pool) -> float:
        async def read() -> None:
            for _ in range(READS):
                assert await SessionReads(pool).get(ADA, view.session_id) is not None

        began = time.perf_counter()
        await asyncio.gather(*(read() for _ in range(CLIENTS)))
        return time.perf_counter() - began

    for pool in pools:  # opens the connections
        await seconds(pool)
    times = [(await seconds(direct), await seconds(pooled)) for _ in range(ROUNDS)]
    share = sum(first for first, _ in times) / sum(second for _, second in times)
    sys.stdout.write(f"reads through PgBouncer: {share:.2f} of the rate of direct connections\n")
    assert share > LEAST_SHARE
