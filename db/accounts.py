"""The Stripe accounts of each tenant: at most one current account in each of Stripe's modes, and
the earlier ones as history."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from db.errors import AccountEnded
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.actors import Tenant
from domain.values.payments import PaymentReason, Payments, PaymentStatus

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class StoredAccount(BaseModel):
    """``generation`` counts the accounts of the tenant in this mode, from 1. ``payments`` is the
    status as of the last fetch; None if the account was never fetched."""

    model_config = ConfigDict(frozen=True)

    account_id: str
    generation: int
    payments: Payments | None = None


class TenantAccounts(BaseModel):
    model_config = ConfigDict(frozen=True)

    current: StoredAccount | None
    next_generation: int
    """Of the account that the tenant connects next."""


class StripeAccounts:
    """Used by the worker. Every method raises DatabaseUnavailable.

    Accounts of the other mode are invisible. An account that an earlier release stored has an
    unknown mode: it belongs to both until the first fetch finds it.
    """

    def __init__(self, pool: Pool, *, livemode: bool) -> None:
        self._pool = pool
        self._livemode = livemode

    async def of(self, tenant: Tenant) -> StoredAccount | None:
        """The tenant's current account; None if it has none."""

        async def read(connection: Connection) -> StoredAccount | None:
            return await _current(connection, tenant, self._livemode)

        return await write_in_transaction(self._pool, read)

    async def get(self, account_id: str) -> StoredAccount | None:
        """An account of any tenant, current or not; None if it is not stored."""

        async def read(connection: Connection) -> StoredAccount | None:
            return await _get(connection, account_id)

        return await write_in_transaction(self._pool, read)

    async def last_status(self, tenant: Tenant) -> Payments | None:
        """The last status of the tenant's newest account, current or not; None if the tenant had no
        account, or if it was never fetched."""

        async def read(connection: Connection) -> Payments | None:
            row = await connection.fetchval(sql("account_last_status"), str(tenant), self._livemode)
            return Payments.model_validate(row) if row else None

        return await write_in_transaction(self._pool, read)

    async def present(self, tenant: Tenant) -> TenantAccounts:
        """The tenant's current account and next generation, as of the same moment: who creates an
        account of a generation has seen that there was no current account before it."""

        async def read(connection: Connection) -> TenantAccounts:
            row = await connection.fetchrow(sql("account_present"), str(tenant), self._livemode)
            if row is None:
                return TenantAccounts(current=None, next_generation=1)
            current = StoredAccount.model_validate(dict(row)) if row["is_current"] else None
            return TenantAccounts(current=current, next_generation=row["newest"] + 1)

        return await write_in_transaction(self._pool, read)

    async def keep(self, tenant: Tenant, account_id: str, generation: int) -> StoredAccount:
        """Stores the account of a generation, unless the tenant has a current account of that
        generation or a later one. Returns the current account. Earlier generations end.

        Raises:
            AccountEnded: the account was stored and ended in the meantime.
        """

        async def store(connection: Connection) -> StoredAccount:
            await connection.execute(sql("account_lock_tenant"), str(tenant))
            current = await _current(connection, tenant, self._livemode)
            if current is not None and current.generation >= generation:
                return current
            if await _get(connection, account_id) is not None:
                raise AccountEnded(account_id)
            await connection.execute(
                sql("account_supersede"), str(tenant), self._livemode, generation
            )
            await _insert(connection, tenant, account_id, self._livemode, generation)
            stored = await _current(connection, tenant, self._livemode)
            return stored or StoredAccount(account_id=account_id, generation=generation)

        return await write_in_transaction(self._pool, store)

    async def restore(self, tenant: Tenant, payments: Payments) -> None:
        """Stores the account that a session had, unless it is stored. Of several accounts, the one
        that was fetched last stays the current one."""
        account_id = payments.account_id
        if account_id is None:
            return

        async def store(connection: Connection) -> None:
            await connection.execute(sql("account_lock_tenant"), str(tenant))
            if await _get(connection, account_id) is not None:
                return
            mode = payments.livemode
            generation = await _next_generation(connection, tenant, mode)
            await _insert(connection, tenant, account_id, mode, generation)
            await _note(connection, account_id, payments)
            if payments.reason == PaymentReason.DISCONNECTED_BY_ORGANIZER:
                await _end(connection, tenant, payments)
            else:
                await connection.execute(sql("account_supersede_older"), str(tenant), mode)

        await write_in_transaction(self._pool, store)

    async def note(self, account_id: str, payments: Payments) -> Payments:
        """Stores the status of an account if it is newer than the stored one, and returns the
        newest. The status of an account that was ended does not change."""

        async def update(connection: Connection) -> Payments:
            await _note(connection, account_id, payments)
            stored = await _get(connection, account_id)
            return (stored.payments if stored else None) or payments

        return await write_in_transaction(self._pool, update)

    async def end(
        self, tenant: Tenant, account_id: str, reason: str, *, at: datetime
    ) -> Payments | None:
        """Ends an account: it is kept, but it is no longer the tenant's current one.

        Returns:
            The last status of the account; None if it is not an account of the tenant.
        """

        async def update(connection: Connection) -> Payments | None:
            stored = await _get(connection, account_id)
            known = stored.payments if stored else None
            ended = Payments(
                account_id=account_id,
                status=PaymentStatus.DISCONNECTED,
                reason=reason,
                livemode=known.livemode if known else None,
                checked_at=at,
            )
            await _end(connection, tenant, ended)
            stored = await _get(connection, account_id)
            return stored.payments if stored else None

        return await write_in_transaction(self._pool, update)

    async def open_sessions(self, account_id: str, *, after: str | None, limit: int) -> list[str]:
        """Ids of open sessions of the account's tenant, newest first, which were created before
        the session ``after``."""

        async def read(connection: Connection) -> list[str]:
            begin = UUID(after) if after else None
            rows = await connection.fetch(sql("open_sessions_of_account"), account_id, begin, limit)
            return [row["session_id"] for row in rows]

        return await write_in_transaction(self._pool, read)


async def _current(connection: Connection, tenant: Tenant, livemode: bool) -> StoredAccount | None:
    row = await connection.fetchrow(sql("account_of_tenant"), str(tenant), livemode)
    return StoredAccount.model_validate(dict(row)) if row else None


async def _get(connection: Connection, account_id: str) -> StoredAccount | None:
    row = await connection.fetchrow(sql("account_get"), account_id)
    return StoredAccount.model_validate(dict(row)) if row else None


async def _next_generation(connection: Connection, tenant: Tenant, livemode: bool | None) -> int:
    newest: int = await connection.fetchval(sql("account_newest_generation"), str(tenant), livemode)
    return newest + 1


async def _insert(
    connection: Connection, tenant: Tenant, account_id: str, livemode: bool | None, generation: int
) -> None:
    """Stores an account where workers of the earlier release look for a tenant's only account, if
    there is none."""
    row = (str(tenant), account_id, livemode, generation)
    status = await connection.execute(sql("account_insert_first"), *row)
    if status.endswith(" 0"):
        await connection.execute(sql("account_insert_further"), *row)


async def _note(connection: Connection, account_id: str, payments: Payments) -> None:
    await connection.execute(
        sql("account_note"),
        account_id,
        payments.model_dump(mode="json"),
        payments.livemode,
        payments.checked_at or _NEVER,
    )


async def _end(connection: Connection, tenant: Tenant, ended: Payments) -> None:
    await connection.execute(
        sql("account_end"),
        str(tenant),
        ended.account_id,
        ended.reason,
        ended.model_dump(mode="json"),
    )
