"""Whether Postgres answers."""

from typing import TYPE_CHECKING, Final

from db.errors import translated
from db.sql import sql

if TYPE_CHECKING:
    from db.pool import Pool

# In seconds; readiness is asked for every few, and a slow answer is none.
PING_TIMEOUT: Final = 2.0


async def ping(pool: "Pool") -> None:
    """Raises DatabaseUnavailable where there is no answer in time."""
    with translated():
        async with pool.acquire(timeout=PING_TIMEOUT) as connection:
            await connection.execute(sql("ping"), timeout=PING_TIMEOUT)
