"""Whether Postgres answers, and has what this version needs."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.errors import SchemaBehind, translated, unmigrated
from db.sql import sql

if TYPE_CHECKING:
    from db.pool import Pool

MIGRATIONS: Final = Path(__file__).parent / "migrations"

# In seconds; readiness is asked for every few, and a slow answer is none.
PING_TIMEOUT: Final = 2.0


async def ping(pool: "Pool") -> None:
    """Raises DatabaseUnavailable where there is no answer in time."""
    with translated():
        async with pool.acquire(timeout=PING_TIMEOUT) as connection:
            await connection.execute(sql("ping"), timeout=PING_TIMEOUT)


async def require_schema(pool: "Pool") -> None:
    """
    A database that is ahead is fine: migrations go before the processes that need them.

    Raises:
        DatabaseUnavailable: there is no answer in time.
        SchemaBehind: a migration of this version is not applied.
    """
    try:
        with translated():
            async with pool.acquire(timeout=PING_TIMEOUT) as connection:
                rows = await connection.fetch(sql("applied_migrations"), timeout=PING_TIMEOUT)
    except unmigrated() as error:
        raise SchemaBehind(_needed()) from error
    missing = _needed() - {row["name"] for row in rows}
    if missing:
        raise SchemaBehind(missing)


@cache
def _needed() -> frozenset[str]:
    return frozenset(path.stem for path in MIGRATIONS.glob("*.sql"))
