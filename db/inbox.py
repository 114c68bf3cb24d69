"""The inbox of Stripe's webhooks: stores each event once, with the outcome of its processing."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from db.pool import Connection, Pool
from db.roles import INBOX
from db.sql import sql
from db.transactions import write_in_transaction
from domain.json_values import JsonObject


class StoredEvent(BaseModel):
    """An event. ``account_id`` is None for the platform's own events; ``reference`` names the
    changed object, unless the event is irrelevant or old."""

    model_config = ConfigDict(frozen=True)

    id: str
    type: str
    account_id: str | None
    livemode: bool
    processed: bool
    reference: JsonObject | None = None


class InboxWriter:
    """Used by the API, with a role that can insert events and nothing else."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(
        self,
        event_id: str,
        *,
        event_type: str,
        account_id: str | None,
        livemode: bool,
        payload: JsonObject,
        created_at: datetime,
        outcome: str | None = None,
    ) -> bool:
        """Stores the event. With an ``outcome`` it counts as processed.

        Returns:
            Whether the event is new.

        Raises:
            DatabaseUnavailable: the event may not be stored.
        """

        async def insert(connection: Connection) -> bool:
            status = await connection.execute(
                sql("inbox_insert"),
                event_id,
                event_type,
                account_id,
                livemode,
                payload,
                created_at,
                outcome,
            )
            return status.endswith(" 1")

        return await write_in_transaction(self._pool, insert, role=INBOX)


class Inbox:
    """Used by the worker. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, event_id: str) -> StoredEvent | None:
        async def read(connection: Connection) -> StoredEvent | None:
            row = await connection.fetchval(sql("inbox_get"), event_id)
            return row and StoredEvent.model_validate(row)

        return await write_in_transaction(self._pool, read)

    async def processed(self, event_id: str, outcome: str) -> None:
        """Stores the outcome, unless there is one already."""
        await self._execute("inbox_processed", event_id, outcome)

    async def failed(self, event_id: str, error: str) -> None:
        await self._execute("inbox_failed", event_id, error)

    async def stranded(self, *, older_than_seconds: float, limit: int) -> list[str]:
        """Ids of events stored at least this long ago and not processed, oldest first; events that
        have failed come last."""

        async def read(connection: Connection) -> list[str]:
            rows = await connection.fetch(sql("inbox_stranded"), older_than_seconds, limit)
            return [row["id"] for row in rows]

        return await write_in_transaction(self._pool, read)

    async def _execute(self, query: str, *arguments: object) -> None:
        async def execute(connection: Connection) -> None:
            await connection.execute(sql(query), *arguments)

        await write_in_transaction(self._pool, execute)
