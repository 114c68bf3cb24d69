"""Deletes pictures that are no longer used. Used by the worker.

Triggers keep the references of sessions and events (``0024_media_references.sql``). Deleting a
picture of a tenant adds its files to a list, which is worked off afterwards: they are shared with
other tenants, and the store may be unavailable.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from db.pool import STATEMENT_TIMEOUT, Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.errors import Unavailable


class DeletedPicture(NamedTuple):
    """``width`` is that of the widest file, in pixels."""

    hash: str
    width: int


class PictureUpkeep:
    """Every method may be repeated, and raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def forget_unused(self, *, unused_for_seconds: float, at_most: int) -> int:
        """Deletes pictures of all tenants that nothing has used for so long. Returns how many."""

        async def execute(connection: Connection) -> int:
            forgotten: int = await connection.fetchval(
                sql("pictures_forget_unused"), unused_for_seconds, at_most
            )
            return forgotten

        return await write_in_transaction(self._pool, execute)

    async def deletions(self, *, limit: int) -> list[DeletedPicture]:
        """Pictures whose files are to be deleted, the oldest deletion first."""

        async def read(connection: Connection) -> list[DeletedPicture]:
            found = await connection.fetch(sql("pictures_deletions"), limit)
            return [DeletedPicture(row["hash"], row["width"]) for row in found]

        return await write_in_transaction(self._pool, read)

    async def complete(
        self, picture: DeletedPicture, delete_files: Callable[[], Awaitable[None]]
    ) -> bool:
        """Deletes the files, unless a tenant has the picture again. Returns whether it did.

        An upload of the same picture waits for the lock before it stores the files.

        Raises:
            Unavailable: the store cannot be reached, or takes too long.
        """

        async def execute(connection: Connection) -> bool:
            await connection.execute(sql("media_lock_hash"), picture.hash)
            is_kept: bool = await connection.fetchval(sql("pictures_is_kept"), picture.hash)
            if not is_kept:
                await _in_time(delete_files)
            await connection.execute(sql("pictures_complete_deletion"), picture.hash, picture.width)
            return not is_kept

        return await write_in_transaction(self._pool, execute)


async def _in_time(delete_files: Callable[[], Awaitable[None]]) -> None:
    try:
        async with asyncio.timeout(STATEMENT_TIMEOUT / 2):
            await delete_files()
    except TimeoutError as error:
        raise Unavailable("The picture store did not respond in time.") from error
