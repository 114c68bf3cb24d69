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
    """A connection in a read-only transaction. ``query`` is the name of a statement."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def value(self, query: str, *arguments: object) -> Any:
        """The first column of the first row; None if there is no row."""
        return await self._connection.fetchval(sql(query), *arguments)

    async def values(self, query: str, *arguments: object) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in await self._connection.fetch(sql(query), *arguments)]


@asynccontextmanager
async def reading(pool: Pool, actor: Actor | None) -> AsyncIterator[ReadConnection]:
    """A read-only transaction that sees the rows of the actor's tenant; without an actor, none.

    Raises:
        DatabaseUnavailable: Postgres is unavailable.
    """
    with translated_errors():
        async with (
            pool.acquire(timeout=ACQUIRE_TIMEOUT) as connection,
            connection.transaction(readonly=True),
        ):
            if actor is not None:
                await connection.execute(sql("set_claims"), _claims(actor))
            yield ReadConnection(connection)


def _claims(actor: Actor) -> str:
    claims = {"sub": actor.user_id, "org_id": actor.organization_id}
    return json.dumps({name: value for name, value in claims.items() if value is not None})
