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

    async def orders(self) -> dict[str, int]:
        """Counts of orders by state; states without an order are omitted."""

        async def read(connection: Connection) -> dict[str, int]:
            rows = await connection.fetch(sql("sample_orders"))
            return {row["state"]: row["orders"] for row in rows}

        return await write_in_transaction(self._pool, read)

    async def tickets_held(self) -> int:
        async def read(connection: Connection) -> int:
            return int(await connection.fetchval(sql("sample_tickets_held")))

        return await write_in_transaction(self._pool, read)

    async def order_overdue_seconds(self) -> float:
        """Seconds since the first expiry among the orders that are held or open; 0 if none has
        expired. A payment in progress may take days, so it is not overdue."""

        async def read(connection: Connection) -> float:
            return float(await connection.fetchval(sql("sample_order_overdue")))

        return await write_in_transaction(self._pool, read)
