"""The outbox: stores each notification in the transaction of its change, until it is delivered."""

from collections.abc import Sequence

from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.json_values import JsonObject
from domain.session.notifications import Notification


async def put(connection: Connection, notifications: Sequence[Notification]) -> None:
    """Inserts notifications in the caller's transaction. Existing ones are not changed."""
    if notifications:
        rows = [notification.model_dump(mode="json") for notification in notifications]
        await connection.execute(sql("outbox_put"), rows)


async def put_of_orders(connection: Connection, notifications: Sequence[Notification]) -> None:
    """Inserts notifications about orders in the caller's transaction. Events whose session is
    erased have none. The schedule of the outbox starts their delivery."""
    if notifications:
        rows = [notification.model_dump(mode="json") for notification in notifications]
        await connection.execute(sql("outbox_put_of_orders"), rows)


class Outbox:
    """Used by the worker. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def pending(self, message_id: str) -> JsonObject | None:
        """The payload to send; None if the message is delivered, given up or erased."""

        async def read(connection: Connection) -> JsonObject | None:
            payload: JsonObject | None = await connection.fetchval(
                sql("outbox_pending"), message_id
            )
            return payload

        return await write_in_transaction(self._pool, read)

    async def delivered(self, message_id: str) -> None:
        await self._execute("outbox_delivered", message_id)

    async def failed(self, message_id: str, error: str) -> None:
        """``error`` is a status or the kind of error, never the body of the response."""
        await self._execute("outbox_failed", message_id, error)

    async def given_up(self, message_id: str) -> None:
        await self._execute("outbox_given_up", message_id)

    async def claim_stranded(self, *, limit: int) -> list[str]:
        """Claims messages whose delivery has to be restarted, for one hour. Returns their ids."""

        async def claim(connection: Connection) -> list[str]:
            return [row["id"] for row in await connection.fetch(sql("outbox_claim"), limit)]

        return await write_in_transaction(self._pool, claim)

    async def forget(self, *, ended_for_seconds: int, at_most: int) -> int:
        """Deletes messages delivered or given up at least this long ago. Returns how many."""

        async def execute(connection: Connection) -> int:
            forgotten: int = await connection.fetchval(
                sql("outbox_forget"), ended_for_seconds, at_most
            )
            return forgotten

        return await write_in_transaction(self._pool, execute)

    async def _execute(self, query: str, *arguments: object) -> None:
        async def execute(connection: Connection) -> None:
            await connection.execute(sql(query), *arguments)

        await write_in_transaction(self._pool, execute)
