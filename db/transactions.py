"""Transactions: read-write with retries after conflicts, and read-only for an actor."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from db.errors import CONFLICTS, DatabaseUnavailable, translated_errors
from db.pool import Connection, Pool
from db.sql import sql
from domain.actors import Actor

Result = TypeVar("Result")

ACQUIRE_TIMEOUT: Final = 5.0
"""Seconds to wait for a free connection of the pool."""

_ATTEMPTS: Final = 5
_PAUSE: Final = 0.01


async def write_in_transaction(
    pool: Pool,
    work: Callable[[Connection], Awaitable[Result]],
    *,
    role: str | None = None,
) -> Result:
    """Runs ``work`` in one transaction, and returns its result. Repeats it after a conflict with
    another transaction.

    Args:
        role: the database role of the transaction; the connection's own if None.

    Raises:
        DatabaseUnavailable: Postgres is unavailable, or there were too many conflicts.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await _attempt(pool, work, role)
        except CONFLICTS as error:
            if attempt == _ATTEMPTS:
                raise DatabaseUnavailable(str(error)) from error
        await asyncio.sleep(_PAUSE * attempt)
    raise AssertionError("the last attempt returns or raises")


async def write_as(
    pool: Pool, actor: Actor, work: Callable[[Connection], Awaitable[Result]]
) -> Result:
    """As :func:`write_in_transaction`, with the actor's claims: row-level security lets the API
    write what is the actor's own.

    Raises:
        DatabaseUnavailable: as :func:`write_in_transaction`.
    """

    async def work_with_claims(connection: Connection) -> Result:
        await connection.execute(sql("set_claims"), _claims(actor))
        return await work(connection)

    return await write_in_transaction(pool, work_with_claims)


async def _attempt(
    pool: Pool, work: Callable[[Connection], Awaitable[Result]], role: str | None
) -> Result:
    with translated_errors():
        async with (
            pool.acquire(timeout=ACQUIRE_TIMEOUT) as connection,
            connection.transaction(),
        ):
            if role is not None:
                await connection.execute(sql("set_role"), role)
            return await work(connection)


class ReadConnection:
    """A connection in a read-only transaction.

    ``query`` is the name of a statement. Its first parameters are ``leading``, then ``arguments``.
    """

    __slots__ = ("_connection", "_leading")

    def __init__(self, connection: Connection, *leading: object) -> None:
        self._connection = connection
        self._leading = leading

    async def value(self, query: str, *arguments: object) -> Any:
        """The first column of the first row; None if there is no row."""
        return await self._connection.fetchval(sql(query), *self._leading, *arguments)

    async def values(self, query: str, *arguments: object) -> list[Any]:
        """The first column of every row."""
        found = await self._connection.fetch(sql(query), *self._leading, *arguments)
        return [row[0] for row in found]


@asynccontextmanager
async def reading_as(pool: Pool, actor: Actor) -> AsyncIterator[ReadConnection]:
    """A read-only transaction that sees the rows of the actor's tenant.

    The tenant is the first parameter of every statement, which compares it with the rows' own.
    Row-level security does the same by the claims, but only for the API's role.

    Raises:
        DatabaseUnavailable: Postgres is unavailable.
    """
    async with _read_only(pool) as connection:
        await connection.execute(sql("set_claims"), _claims(actor))
        yield ReadConnection(connection, str(actor.tenant))


@asynccontextmanager
async def reading_public(pool: Pool) -> AsyncIterator[ReadConnection]:
    """A read-only transaction without a tenant, for statements that anyone may run.

    Raises:
        DatabaseUnavailable: Postgres is unavailable.
    """
    async with _read_only(pool) as connection:
        yield ReadConnection(connection)


@asynccontextmanager
async def _read_only(pool: Pool) -> AsyncIterator[Connection]:
    with translated_errors(*CONFLICTS):  # a standby cancels reads to follow its primary
        async with (
            pool.acquire(timeout=ACQUIRE_TIMEOUT) as connection,
            connection.transaction(readonly=True),
        ):
            yield connection


def _claims(actor: Actor) -> str:
    claims = {"sub": actor.user_id, "org_id": actor.organization_id}
    return json.dumps({name: value for name, value in claims.items() if value is not None})
