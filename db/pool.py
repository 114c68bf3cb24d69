"""Connections to Postgres, and checks that it is available and has the schema of this version."""

import asyncio
import json
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from db.errors import UNMIGRATED, DatabaseUnavailable, SchemaBehind, translated_errors
from db.sql import sql

MIGRATIONS: Final = Path(__file__).parent / "migrations"

# As text: the driver's classes are generic for type checkers only.
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

# In seconds. The server ends a statement at its limit. The client's limit is a little longer, for a
# server that does not respond at all.
CONNECT_TIMEOUT: Final = 5.0
STATEMENT_TIMEOUT: Final = 10.0
COMMAND_TIMEOUT: Final = 12.0

# Readiness is checked every few seconds; a slow response counts as none.
PING_TIMEOUT: Final = 2.0

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
    with translated_errors():
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            timeout=CONNECT_TIMEOUT,
            command_timeout=COMMAND_TIMEOUT,
            init=_use_python_values_for_json,
            reset=_without_reset,
            server_settings={
                "application_name": application_name,
                "search_path": "public",
                "timezone": "UTC",
                "statement_timeout": f"{STATEMENT_TIMEOUT:g}s",
                "idle_in_transaction_session_timeout": f"{STATEMENT_TIMEOUT:g}s",
            },
        )


async def connect_when_ready(dsn: str, *, application_name: str) -> Pool:
    """A pool. Waits, without a limit, until Postgres has all migrations of this version."""
    pool = await create_pool(dsn, application_name=application_name, min_size=0)
    await wait_for_schema(pool, dsn)
    return pool


async def wait_for_schema(pool: Pool, dsn: str) -> None:
    """Returns when Postgres has all migrations of this version; logs what is missing until then.

    Args:
        dsn: of the pool's database, for the log.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            return await require_schema(pool)
        except (DatabaseUnavailable, SchemaBehind) as error:
            _log.warning("waiting for Postgres", at=address_of(dsn), reason=str(error))
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def address_of(dsn: str) -> str:
    """Host, port and database: a DSN may hold a password, and is never shown."""
    parts = urlsplit(dsn)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


async def _use_python_values_for_json(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=_to_json, decoder=json.loads
        )


async def _without_reset(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Settings are made for a transaction and end with it, so the driver's own reset would only
    cost one more round trip. It rolls an open transaction back without this."""


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def ping(pool: Pool) -> None:
    """Raises DatabaseUnavailable if there is no response in time."""
    with translated_errors():
        async with pool.acquire(timeout=PING_TIMEOUT) as connection:
            await connection.execute(sql("ping"), timeout=PING_TIMEOUT)


async def require_schema(pool: Pool) -> None:
    """A newer schema passes: migrations are applied before the processes that need them start.

    Raises:
        DatabaseUnavailable: there is no response in time.
        SchemaBehind: a migration of this version is not applied.
    """
    try:
        with translated_errors():
            async with pool.acquire(timeout=PING_TIMEOUT) as connection:
                rows = await connection.fetch(sql("applied_migrations"), timeout=PING_TIMEOUT)
    except UNMIGRATED as error:
        raise SchemaBehind(_needed()) from error
    missing = _needed() - {row["name"] for row in rows}
    if missing:
        raise SchemaBehind(missing)


@cache
def _needed() -> frozenset[str]:
    return frozenset(path.stem for path in MIGRATIONS.glob("*.sql"))
