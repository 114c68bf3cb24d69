"""Totals over all tenants, for the gauges of the worker's metrics."""

from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction


class GaugeReads:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def sessions(self) -> dict[tuple[str, str], int]:
        """Counts by stage and status; combinations without a session are omitted."""

        async def read(connection: Connection) -> dict[tuple[str, str], int]:
            rows = await connection.fetch(sql("sample_sessions"))
            return {(row["current_stage"], row["status"]): row["sessions"] for row in rows}

        return await write_in_transaction(self._pool, read)

    async def inbox_age_seconds(self) -> float:
        """Seconds since the oldest unprocessed Stripe event arrived; 0 if there is none."""

        async def read(connection: Connection) -> float:
            return float(await connection.fetchval(sql("sample_inbox_age")))

        return await write_in_transaction(self._pool, read)
