"""Connections to Postgres, and whether it has the schema that this version needs."""

import asyncio
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from db.errors import DatabaseUnavailable, SchemaBehind, translated, unmigrated
from db.sql import sql

if TYPE_CHECKING:
    pass

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

# In seconds. The statement's limit is the server's and ends the statement; the command's is the
# client's, a little later, for a server that does not answer at all.
CONNECT_TIMEOUT: Final = 5.0
STATEMENT_TIMEOUT: Final = 10.0
COMMAND_TIMEOUT: Final = 12.0

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0

_log = structlog.get_logger(__name__)


async def create_pool(
    dsn: str, *, application_name: str, min_size: int = 1, max_size: int = 10
) -> Pool:
    """A pool whose json and jsonb columns are Python values.

    Args:
        min_size: connections to open at once; with 0 the first use opens one.

    Raises:
        DatabaseUnavailable: no connection within a few seconds.
    """
    with translated():
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            timeout=CONNECT_TIMEOUT,
            command_timeout=COMMAND_TIMEOUT,
            init=_use_python_values_for_json,
            reset=_leave_as_it_is,
            server_settings={
                "application_name": application_name,
                "search_path": "public",
                "timezone": "UTC",
                "statement_timeout": f"{STATEMENT_TIMEOUT:g}s",
                "idle_in_transaction_session_timeout": f"{STATEMENT_TIMEOUT:g}s",
            },
        )


async def connect_when_ready(dsn: str, *, application_name: str) -> Pool:
    """A pool, once Postgres has all migrations of this version; waits for it without end."""
    pool = await create_pool(dsn, application_name=application_name, min_size=0)
    await wait_for_schema(pool, dsn)
    return pool


async def wait_for_schema(pool: Pool, dsn: str) -> None:
    """Returns when Postgres has all migrations of this version; until then says what is missing.

    Args:
        dsn: where the pool leads to.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            return await require_schema(pool)
        except (DatabaseUnavailable, SchemaBehind) as error:
            _log.warning("waiting for Postgres", at=place(dsn), reason=str(error))
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def place(dsn: str) -> str:
    """Host, port and database: a DSN may hold a password, and is never shown."""
    parts = urlsplit(dsn)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


async def _use_python_values_for_json(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=_to_json, decoder=json.loads
        )


async def _leave_as_it_is(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Whatever is set is set for a transaction, and ends with it: the driver's own reset would cost
    every read and write one more round trip. A transaction that was left open is rolled back."""


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
