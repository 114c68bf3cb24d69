"""Erases sessions, and data whose retention period is over."""

from typing import Final
from uuid import UUID

from db import rows
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.session.erasure import RETENTION, Erasure, erasure

_BEFORE_ALL: Final = UUID(int=0)


class Erasures:
    """Used by the worker. Every method may be repeated, and raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def erase(self, erasure: Erasure) -> None:
        """Deletes the session, its actions, its draft and the private contacts of its published
        event, in one transaction. A stub remains, so that late writes have no effect."""

        async def execute(connection: Connection) -> None:
            await connection.execute(
                sql("erasure_erase"),
                rows.as_uuid(erasure.session_id),
                erasure.tenant_hash,
                erasure.actor_hash,
            )

        await write_in_transaction(self._pool, execute)

    async def due(self, *, closed_for_seconds: int, after: str | None, limit: int) -> list[Erasure]:
        """Sessions closed for at least this time, in order of id, greater than ``after``."""

        async def read(connection: Connection) -> list[Erasure]:
            start = _BEFORE_ALL if after is None else rows.as_uuid(after)
            found = await connection.fetch(sql("erasure_due"), closed_for_seconds, start, limit)
            return [erasure(str(row["session_id"]), row["tenant"], RETENTION) for row in found]

        return await write_in_transaction(self._pool, read)

    async def empty_stripe_payloads(
        self, *, processed_for_seconds: int | None, at_most: int
    ) -> int:
        """Empties payloads of events processed at least this long ago, and all that contain more
        than a reference, which earlier releases stored. Returns how many."""

        async def execute(connection: Connection) -> int:
            emptied: int = await connection.fetchval(
                sql("inbox_empty_old"), processed_for_seconds, at_most
            )
            return emptied

        return await write_in_transaction(self._pool, execute)
