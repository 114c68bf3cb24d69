"""The orders of tickets, and the inventory that is their sum. Used by the worker.

Every change of an order locks the inventory's row of the whole event first. So the changes of one
event are made one after the other, and no two of them wait for each other.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from db import outbox, rows
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.actors import Tenant
from domain.errors import EventNotFound, RateLimited, SalesClosed
from domain.json_values import JsonObject
from domain.orders import transitions
from domain.orders.accounting import change_of
from domain.orders.fees import FeePolicy
from domain.orders.holding import decide
from domain.orders.inventory import Stock, initial_stocks
from domain.orders.notifications import is_notified, notifications_of_order
from domain.orders.order import Order, OrderRequest, OrderState
from domain.orders.transitions import ChargeStatus, Payment
from domain.publishing.event import Event, SalesSwitch

HOLDS_RETRY_AFTER: Final = 60
"""Seconds after which an address with too many open holds may try again."""


class Orders:
    """Every method may be repeated, and raises DatabaseUnavailable.

    With ``announces``, organizers are notified.
    """

    def __init__(
        self, pool: Pool, *, fees: FeePolicy | None = None, announces: bool = False
    ) -> None:
        self._pool = pool
        self._fees = fees or FeePolicy()
        self._announces = announces

    async def get(self, order_id: str) -> Order | None:
        async def read(connection: Connection) -> Order | None:
            return await _order(connection, order_id)

        return await write_in_transaction(self._pool, read)

    async def event(self, event_id: str) -> Event:
        """
        Raises:
            EventNotFound: no event with this id is published.
        """

        async def read(connection: Connection) -> Event:
            event, _ = await _event(connection, event_id)
            return event

        return await write_in_transaction(self._pool, read)

    async def hold(self, request: OrderRequest, *, at: datetime) -> Order:
        """Holds the tickets of a new order. Returns an order that exists as it is.

        Raises:
            EventNotFound: no event with this id is published.
            InvalidRequest, NotOnSale, SalesPaused, SoldOut: as
                :func:`domain.orders.holding.decide`.
            RateLimited: the holder has too many open holds.
        """

        async def hold(connection: Connection) -> Order:
            event, account_lost = await _event(connection, request.event_id)
            await _lock(connection, event)
            found = await connection.fetchval(
                sql("order_before_hold"),
                rows.as_uuid(request.event_id),
                rows.as_uuid(request.order_id),
                request.holder,
            )
            if found["order"] is not None:
                return rows.order(found["order"])
            stocks = rows.stocks(found["stocks"])
            event = event.model_copy(update={"sales": SalesSwitch(found["sales"])})
            items = decide(event, stocks, request.items, at, account_lost=account_lost)
            _require_few_holds(request, found["holds"])
            amount = sum(item.listed_amount for item in items)
            fee = self._fees.fee(amount, event.currency)
            order = transitions.held(request, event, items, fee=fee, at=at)
            await write_order(connection, None, order)
            return order

        return await write_in_transaction(self._pool, hold)

    # An order is given as its process knows it: so it is written again if a restored database has
    # lost it.

    async def opened(self, order: Order, *, checkout_id: str, url: str | None) -> Order:
        """``order`` has the time at which the checkout expires."""
        return await self._change(
            order,
            lambda known: transitions.opened(known, checkout_id, url, order.expires_at),
        )

    async def processing(self, order: Order) -> Order:
        return await self._change(order, transitions.processing)

    async def confirm(self, order: Order, payment: Payment) -> Order:
        """Sells the tickets."""
        return await self._change(order, lambda known: transitions.paid(known, payment))

    async def release(self, order: Order, *, state: OrderState, reason: str, at: datetime) -> Order:
        """Gives the tickets back."""
        return await self._change(
            order, lambda known: transitions.released(known, state, reason, at)
        )

    async def withdraw(self, order_id: str) -> None:
        """Deletes an order whose checkout was never opened, and gives its tickets back."""

        async def withdraw(connection: Connection) -> None:
            known = await _order(connection, order_id)
            if known is None:
                return
            await lock_event(connection, known.event_id)
            order = await _order(connection, order_id)
            if order is not None and order.state is OrderState.HELD:
                await connection.execute(sql("order_delete"), rows.as_uuid(order_id))
                await _change_inventory(connection, order, None)

        await write_in_transaction(self._pool, withdraw)

    async def record_charge(
        self,
        *,
        order_id: str | None,
        payment_intent_id: str,
        account_id: str,
        status: ChargeStatus,
    ) -> Order | None:
        """Records refunds and disputes. Returns None if the charge belongs to no order of the
        account.

        Args:
            order_id: as the charge's metadata names it, which the account's owner may write.

        Raises:
            NotConfirmed: the order is not paid yet.
        """

        async def record(connection: Connection) -> Order | None:
            found = await connection.fetchval(sql("order_by_payment"), payment_intent_id)
            known = rows.order(found) if found else None
            if known is None and order_id is not None:
                known = await _order(connection, order_id)
            if known is None or known.stripe_account_id != account_id:
                return None
            if known.payment_intent_id not in (None, payment_intent_id):
                return None
            await lock_event(connection, known.event_id)
            before = await _order(connection, known.order_id)
            after = transitions.charged(before or known, status)
            await self._write_and_announce(connection, before, after)
            return after

        return await write_in_transaction(self._pool, record)

    async def set_sales(self, event_id: str, tenant: Tenant, wanted: SalesSwitch) -> SalesSwitch:
        """Waits for holds that have begun, so that later ones know the switch.

        Raises:
            EventNotFound: the tenant has published no such event.
            SalesClosed: the sales are closed, which is final.
        """

        async def change(connection: Connection) -> SalesSwitch:
            await connection.fetchval(sql("inventory_lock"), rows.as_uuid(event_id))
            switched = await connection.fetchval(
                sql("sales_set"), rows.as_uuid(event_id), str(tenant), wanted.value
            )
            if switched is None:
                raise EventNotFound
            if switched != wanted:
                raise SalesClosed
            return SalesSwitch(switched)

        return await write_in_transaction(self._pool, change)

    async def holding(self, event_id: str, *, after: str | None, limit: int) -> list[str]:
        """Ids of the event's orders that hold tickets, by id."""

        async def read(connection: Connection) -> list[str]:
            found = await connection.fetch(
                sql("orders_holding"),
                rows.as_uuid(event_id),
                rows.as_uuid(after) if after else None,
                limit,
            )
            return [str(row["id"]) for row in found]

        return await write_in_transaction(self._pool, read)

    async def stocks(self, event_id: str) -> dict[str, Stock]:
        async def read(connection: Connection) -> dict[str, Stock]:
            return await _stocks(connection, event_id)

        return await write_in_transaction(self._pool, read)

    async def _change(self, order: Order, change: Callable[[Order], Order]) -> Order:
        async def execute(connection: Connection) -> Order:
            await lock_event(connection, order.event_id)
            before = await _order(connection, order.order_id)
            after = change(before or order)
            await self._write_and_announce(connection, before, after)
            return after

        return await write_in_transaction(self._pool, execute)

    async def _write_and_announce(
        self, connection: Connection, before: Order | None, after: Order
    ) -> None:
        await write_order(connection, before, after)
        if self._announces and is_notified(before, after):
            found = await connection.fetchval(sql("order_notice"), UUID(after.event_id))
            event, stocks = rows.event(found["event"]), rows.stocks(found["stocks"])
            await outbox.put_of_orders(
                connection, notifications_of_order(before, after, event, stocks)
            )


async def create_inventory(connection: Connection, event: Event) -> None:
    """In the caller's transaction. An inventory that exists is not changed."""
    stocks = [
        stock.model_dump(include={"tier_id", "quantity"})
        for stock in initial_stocks(event).values()
    ]
    if stocks:
        await connection.execute(sql("inventory_create"), rows.as_uuid(event.event_id), stocks)


async def _event(connection: Connection, event_id: str) -> tuple[Event, bool]:
    found: JsonObject | None = await connection.fetchval(sql("order_event"), rows.as_uuid(event_id))
    if found is None:
        raise EventNotFound
    return rows.event(found["event"]), bool(found["account_lost"])


async def _lock(connection: Connection, event: Event) -> None:
    """Events of an earlier release have no inventory before their first order."""
    event_id = rows.as_uuid(event.event_id)
    if not await connection.fetchval(sql("inventory_lock"), event_id):
        await create_inventory(connection, event)
        await connection.fetchval(sql("inventory_lock"), event_id)


async def lock_event(connection: Connection, event_id: str) -> None:
    """Locks the inventory and the orders of an event until the transaction ends.

    Raises:
        EventNotFound: no event with this id is published.
    """
    if not await connection.fetchval(sql("inventory_lock"), UUID(event_id)):
        event, _ = await _event(connection, event_id)
        await _lock(connection, event)


async def _order(connection: Connection, order_id: str) -> Order | None:
    row = await connection.fetchval(sql("order_get"), rows.as_uuid(order_id))
    return rows.order(row) if row else None


async def _stocks(connection: Connection, event_id: str) -> dict[str, Stock]:
    found = await connection.fetch(sql("inventory_get"), rows.as_uuid(event_id))
    return rows.stocks(row[0] for row in found)


def _require_few_holds(request: OrderRequest, holds: int) -> None:
    if request.max_holds and holds >= request.max_holds:
        raise RateLimited(
            f"There are already {holds} unpaid orders for this event from your address. Pay or "
            "cancel one of them, or try again later.",
            retry_after=HOLDS_RETRY_AFTER,
        )


async def write_order(connection: Connection, before: Order | None, after: Order) -> None:
    """Writes an order, and changes the inventory by the difference. The event is locked."""
    if after == before:
        return
    await connection.execute(sql("order_put"), rows.order_row(after))
    await _change_inventory(connection, before, after)


async def _change_inventory(
    connection: Connection, before: Order | None, after: Order | None
) -> None:
    known = after or before
    changes = [
        {"tier_id": tier_id, **asdict(share)} for tier_id, share in change_of(before, after).items()
    ]
    if known is not None and changes:
        await connection.execute(sql("inventory_change"), UUID(known.event_id), changes)
