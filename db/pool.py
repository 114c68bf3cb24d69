"""Connects to Postgres, and checks that it is available, that the process has its own role, and
that the schema is that of this version."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy
from pydantic_core import to_json

from db.errors import UNMIGRATED, DatabaseUnavailable, SchemaBehind, WrongRole, translated_errors
from db.roles import HeldRole, RequiredRole, fault_of
from db.sql import sql

MIGRATIONS: Final = Path(__file__).parent / "migrations"

# Strings, because the driver's classes are generic for type checkers only.
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

# In seconds. The server cancels a statement at its limit. The client's limit is slightly longer,
# for a server that does not respond at all.
CONNECT_TIMEOUT: Final = 5.0
STATEMENT_TIMEOUT: Final = 10.0
COMMAND_TIMEOUT: Final = 12.0

# In seconds. Readiness is checked every few seconds, so a slow response counts as a failure.
PING_TIMEOUT: Final = 2.0

KEPT_BY_POOLERS: Final = ("application_name", "timezone")
"""Start-up parameters that PgBouncer sets for each transaction of a client."""

NOT_GRANTED: Final = asyncpg.InsufficientPrivilegeError
"""Raised also for a role that may not connect to the database, yet."""

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0

_log = structlog.get_logger(__name__)


async def create_pool(
    dsn: str, *, application_name: str, min_size: int = 1, max_size: int = 10
) -> Pool:
    """A pool that converts json and jsonb columns to Python values.

    Args:
        min_size: connections that are opened immediately; with 0, the first query opens one.

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
            connect=_connector(),
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


def _connector() -> Callable[..., Coroutine[Any, Any, "asyncpg.Connection[asyncpg.Record]"]]:
    """Connects to Postgres, or to a pooler in front of it (PgBouncer, Supavisor).

    A pooler that shares connections between transactions refuses or ignores most start-up
    parameters, and does not keep prepared statements. So connections to a pooler have no such
    parameters, and no cache of statements. A statement outside of a transaction may fail.
    """
    is_pooled: bool | None = None  # unknown until the first connection

    async def connect(
        dsn: str, *, server_settings: dict[str, str], **options: Any
    ) -> "asyncpg.Connection[asyncpg.Record]":
        nonlocal is_pooled
        kept = {name: server_settings[name] for name in KEPT_BY_POOLERS}
        if is_pooled is None:
            first = await asyncpg.connect(
                dsn, server_settings=kept, statement_cache_size=0, **options
            )
            try:
                is_pooled = await _is_pooled(first)
            finally:
                await first.close(timeout=CONNECT_TIMEOUT)
            if is_pooled:
                _log.info("Postgres is behind a pooler", at=address_of(dsn))
        if is_pooled:
            return await asyncpg.connect(
                dsn, server_settings=kept, statement_cache_size=0, **options
            )
        return await asyncpg.connect(dsn, server_settings=server_settings, **options)

    return connect


async def _is_pooled(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """A pooler gives its client a process id of its own, because that of the server changes with
    the connection that it uses."""
    async with connection.transaction():
        server_id: int = await connection.fetchval(sql("server_process"), timeout=PING_TIMEOUT)
    return server_id != connection.get_server_pid()


async def connect_when_ready(dsn: str, role: RequiredRole, *, application_name: str) -> Pool:
    """A pool; waits without a limit until Postgres has all migrations of this version.

    Raises:
        WrongRole: the process must not use the role of the address.
    """
    pool = await create_pool(dsn, application_name=application_name, min_size=0)
    try:
        await wait_until_ready(pool, role, dsn)
    except WrongRole:
        await pool.close()
        raise
    return pool


async def wait_until_ready(
    pool: Pool, role: RequiredRole, dsn: str, *, check: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Waits without a limit until Postgres has all migrations of this version. Logs the reason.

    Args:
        dsn: of the pool's database, for the log.
        check: also succeeds, once the migrations are there. Its errors pass, except
            DatabaseUnavailable.

    Raises:
        WrongRole: the process must not use the role of the pool's connections.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            await require_role(pool, role)
            await require_schema(pool)
            return await check() if check is not None else None
        except (DatabaseUnavailable, SchemaBehind) as error:
            _log.warning("waiting for Postgres", at=address_of(dsn), reason=str(error))
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def address_of(dsn: str) -> str:
    """Host, port and database, for logs: the DSN itself may contain a password."""
    parts = urlsplit(dsn)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


async def _use_python_values_for_json(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    async with connection.transaction():
        for name in ("json", "jsonb"):
            await connection.set_type_codec(
                name, schema="pg_catalog", encoder=_to_json, decoder=json.loads
            )


async def _without_reset(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Replaces the driver's reset, which would cost a round trip: all settings are local to a
    transaction, and the pool rolls an open transaction back in any case."""


def _to_json(value: object) -> str:
    return to_json(value).decode()


async def ping(pool: Pool) -> None:
    """
    Raises:
        DatabaseUnavailable: there is no response in time.
    """
    with translated_errors():
        async with pool.acquire(timeout=PING_TIMEOUT) as connection:
            await connection.execute(sql("ping"), timeout=PING_TIMEOUT)


async def require_role(pool: Pool, required: RequiredRole) -> None:
    """Checks that the process may use the role of the pool's connections.

    Raises:
        DatabaseUnavailable: there is no response in time, or the role may not connect to the
            database (yet).
        WrongRole: the process must not use it.
    """
    with translated_errors(NOT_GRANTED):
        async with pool.acquire(timeout=PING_TIMEOUT) as connection:
            await require_role_of(connection, required)


async def require_role_of(connection: Connection, required: RequiredRole) -> None:
    """As :func:`require_role`, for one connection."""
    with translated_errors(NOT_GRANTED):
        async with connection.transaction():
            rows = await connection.fetch(sql("held_roles"), timeout=PING_TIMEOUT)
            is_created = await connection.fetchval(
                sql("role_exists"), required.name, timeout=PING_TIMEOUT
            )
    fault = fault_of(required, [HeldRole(**row) for row in rows], is_created=is_created)
    if fault is not None:
        raise WrongRole(fault)


async def require_schema(pool: Pool) -> None:
    """Checks that all migrations of this version are applied. A newer schema passes, because
    migrations are applied before the processes that need them start.

    Raises:
        DatabaseUnavailable: there is no response in time.
        SchemaBehind: a migration of this version is not applied.
    """
    try:
        with translated_errors():
            async with (
                pool.acquire(timeout=PING_TIMEOUT) as connection,
                connection.transaction(),
            ):
                rows = await connection.fetch(sql("applied_migrations"), timeout=PING_TIMEOUT)
    except UNMIGRATED as error:
        raise SchemaBehind(_needed()) from error
    missing = _needed() - {row["name"] for row in rows}
    if missing:
        raise SchemaBehind(missing)


@cache
def _needed() -> frozenset[str]:
    return frozenset(path.stem for path in MIGRATIONS.glob("*.sql"))
