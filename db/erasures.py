"""Erasing sessions, and what was kept for long enough."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from db import rows
from db.sql import sql
from db.transactions import write_in_transaction
from domain.session.erasure import RETENTION, Erasure, erasure

if TYPE_CHECKING:
    from db.pool import Connection, Pool

_BEFORE_ALL: Final = UUID(int=0)


class Erasures:
    """The worker's. Every method may be repeated, and raises DatabaseUnavailable."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def erase(self, wanted: Erasure) -> None:
        """The session, its actions and its draft are gone, in one transaction; a published event
        loses its private contacts. A stub stays, by which late writers know."""

        async def execute(connection: "Connection") -> None:
            await connection.execute(
                sql("erasure_erase"),
                rows.as_uuid(wanted.session_id),
                wanted.tenant_hash,
                wanted.actor_hash,
            )

        await write_in_transaction(self._pool, execute)

    async def due(self, *, closed_for_seconds: int, after: str | None, limit: int) -> list[Erasure]:
        """Sessions that were closed so long ago, in the order of their ids."""

        async def read(connection: "Connection") -> list[Erasure]:
            start = _BEFORE_ALL if after is None else rows.as_uuid(after)
            found = await connection.fetch(sql("erasure_due"), closed_for_seconds, start, limit)
            return [erasure(str(row["session_id"]), row["tenant"], RETENTION) for row in found]

        return await write_in_transaction(self._pool, read)

    async def empty_stripe_payloads(self, *, processed_for_seconds: int, at_most: int) -> int:
        """How many payloads of events that were processed so long ago were emptied now."""

        async def execute(connection: "Connection") -> int:
            emptied: int = await connection.fetchval(
                sql("inbox_empty_old"), processed_for_seconds, at_most
            )
            return emptied

        return await write_in_transaction(self._pool, execute)
