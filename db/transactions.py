"""Transactions: one to write in, one to read in."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

from db.errors import DatabaseUnavailable, conflicts, translated
from db.sql import sql
from domain.actors import Actor

if TYPE_CHECKING:
    from db.pool import Connection, Pool

Result = TypeVar("Result")

# In seconds: how long to wait for a free connection of the pool.
ACQUIRE_TIMEOUT: Final = 5.0

_ATTEMPTS: Final = 5
_PAUSE: Final = 0.01


async def write_in_transaction(
    pool: "Pool",
    work: "Callable[[Connection], Awaitable[Result]]",
    *,
    role: str | None = None,
) -> Result:
    """What ``work`` returns, done in one transaction; repeated where another one got in between.

    Args:
        role: the role to take on for the transaction; the connection's own if None.

    Raises:
        DatabaseUnavailable: Postgres is away, or the transaction found no gap between others.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await _attempt(pool, work, role)
        except conflicts() as error:
            if attempt == _ATTEMPTS:
                raise DatabaseUnavailable(str(error)) from error
        await asyncio.sleep(_PAUSE * attempt)
    raise AssertionError("the last attempt returns or raises")


async def _attempt(
    pool: "Pool", work: "Callable[[Connection], Awaitable[Result]]", role: str | None
) -> Result:
    with translated():
        async with (
            pool.acquire(timeout=ACQUIRE_TIMEOUT) as connection,
            connection.transaction(),
        ):
            if role is not None:
                await connection.execute(sql("set_role"), role)
            return await work(connection)


class ReadConnection:
    """A connection in a read-only transaction, with no way to write. Statements go by name."""

    __slots__ = ("_connection",)

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def value(self, query: str, *arguments: object) -> Any:
        """The first column of the first row; None where there is no row."""
        return await self._connection.fetchval(sql(query), *arguments)

    async def values(self, query: str, *arguments: object) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in await self._connection.fetch(sql(query), *arguments)]


@asynccontextmanager
async def reading(pool: "Pool", actor: Actor | None) -> AsyncIterator[ReadConnection]:
    """A read-only transaction that sees what belongs to the actor's tenant; nothing for nobody.

    Raises:
        DatabaseUnavailable: Postgres is away.
    """
    with translated():
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
