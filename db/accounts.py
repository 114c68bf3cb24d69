"""The Stripe account of each tenant: exactly one, even after concurrent requests."""

from typing import Final
from uuid import UUID

from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.actors import Tenant

_BEFORE_ALL: Final = UUID(int=0)


class StripeAccounts:
    """Used by the worker. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of(self, tenant: Tenant) -> str | None:
        """The account's id; None if the tenant has no account."""

        async def read(connection: Connection) -> str | None:
            account_id: str | None = await connection.fetchval(
                sql("account_of_tenant"), str(tenant)
            )
            return account_id

        return await write_in_transaction(self._pool, read)

    async def keep(self, tenant: Tenant, account_id: str) -> str:
        """Stores the tenant's account unless it has one already, and returns the stored one."""

        async def insert(connection: Connection) -> str:
            await connection.execute(sql("account_keep"), str(tenant), account_id)
            kept: str = await connection.fetchval(sql("account_of_tenant"), str(tenant))
            return kept

        return await write_in_transaction(self._pool, insert)

    async def open_sessions(self, account_id: str, *, after: str | None, limit: int) -> list[str]:
        """Ids of open sessions of the account's tenant, in order of id, greater than ``after``."""

        async def read(connection: Connection) -> list[str]:
            begin = UUID(after) if after else _BEFORE_ALL
            rows = await connection.fetch(sql("open_sessions_of_account"), account_id, begin, limit)
            return [row["session_id"] for row in rows]

        return await write_in_transaction(self._pool, read)
