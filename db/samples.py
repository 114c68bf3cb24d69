"""Figures about all tenants together, for the worker's metrics."""

from typing import TYPE_CHECKING

from db.sql import sql
from db.transactions import write_in_transaction

if TYPE_CHECKING:
    from db.pool import Connection, Pool


class Samples:
    """Every method raises DatabaseUnavailable where Postgres is away."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def sessions(self) -> dict[tuple[str, str], int]:
        """How many stand at which stage, in which status; without those that are none."""

        async def read(connection: "Connection") -> dict[tuple[str, str], int]:
            rows = await connection.fetch(sql("sample_sessions"))
            return {(row["current_stage"], row["status"]): row["sessions"] for row in rows}

        return await write_in_transaction(self._pool, read)

    async def inbox_age_seconds(self) -> float:
        """Since the oldest event of Stripe arrived that is not processed; 0 where there is none."""

        async def read(connection: "Connection") -> float:
            return float(await connection.fetchval(sql("sample_inbox_age")))

        return await write_in_transaction(self._pool, read)
