"""Mends orders and inventory after a restored database, and deletes old orders. Used by the worker,
the rebuild and the command that retires payment links."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final, NamedTuple
from uuid import UUID

from db import rows
from db.orders import create_inventory, lock_event, write_order
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.errors import EventNotFound
from domain.orders.accounting import Share, total_of
from domain.orders.order import Order
from domain.orders.transitions import further
from domain.publishing.event import Event

_BEFORE_ALL: Final = UUID(int=0)


class InventoryPage(NamedTuple):
    """``different`` are the events of the page whose inventory is not the sum of its orders."""

    last: str | None
    is_full: bool
    different: list[str]


class OrderUpkeep:
    """Every method may be repeated, and raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def inventories(self, *, after: str | None, limit: int) -> InventoryPage:
        """Compares the inventories of a page of events, in order of id, with their orders."""

        async def read(connection: Connection) -> InventoryPage:
            found = await connection.fetch(sql("inventory_page"), _start(after), limit)
            return InventoryPage(
                last=str(found[-1]["event_id"]) if found else None,
                is_full=len(found) == limit,
                different=[str(row["event_id"]) for row in found if row["is_different"]],
            )

        return await write_in_transaction(self._pool, read)

    async def recount(self, event_id: str) -> None:
        """Sets the inventory to the sum of the event's orders."""

        async def count(connection: Connection) -> None:
            await lock_event(connection, event_id)
            await _recount(connection, event_id)

        await write_in_transaction(self._pool, count)

    async def restore(self, order: Order) -> bool:
        """Writes an order as its process knows it, if the row is missing or behind. Returns whether
        it was.

        Raises:
            EventNotFound: the event is not published in this database.
        """

        async def restore(connection: Connection) -> bool:
            await lock_event(connection, order.event_id)
            if await connection.fetchval(
                sql("inventory_is_forgotten"), rows.as_uuid(order.event_id)
            ):
                return False
            row = await connection.fetchval(sql("order_get"), rows.as_uuid(order.order_id))
            before = rows.order(row) if row else None
            after = further(before, order)
            await write_order(connection, before, after)
            return before != after

        return await write_in_transaction(self._pool, restore)

    async def holding(
        self, *, after: str | None, created_before_seconds: float, limit: int
    ) -> list[Order]:
        """A page of the orders that hold tickets, in order of id."""

        async def read(connection: Connection) -> list[Order]:
            found = await connection.fetch(
                sql("orders_holding_page"), created_before_seconds, _start(after), limit
            )
            return [rows.order(row[0]) for row in found]

        return await write_in_transaction(self._pool, read)

    async def known(self, order_ids: Sequence[str]) -> set[str]:
        """Those that have a row."""

        async def read(connection: Connection) -> set[str]:
            wanted = [known for order_id in order_ids if (known := rows.as_uuid(order_id))]
            return {str(row["id"]) for row in await connection.fetch(sql("orders_known"), wanted)}

        return await write_in_transaction(self._pool, read)

    async def move_to_orders(
        self, event: Event, *, prices: Mapping[str, str], sold: Mapping[str, int]
    ) -> None:
        """Lets orders sell an event that payment links have sold, in one transaction. A repeat
        replaces the count of the links.

        Args:
            prices: ids of the prices at Stripe, by tier id.
            sold: tickets that the links have sold, by tier id.

        Raises:
            EventNotFound: the event is not published.
        """
        counts = [
            {"tier_id": "", "sold": sum(sold.values())},
            *({"tier_id": tier_id, "sold": count} for tier_id, count in sold.items()),
        ]

        async def move(connection: Connection) -> None:
            event_id = rows.as_uuid(event.event_id)
            if event_id is None:
                raise EventNotFound
            await lock_event(connection, event.event_id)
            await create_inventory(connection, event)
            await connection.execute(sql("inventory_count_links"), event_id, counts)
            await connection.execute(sql("event_move_to_orders"), event_id, dict(prices))

        await write_in_transaction(self._pool, move)

    async def forget(self, *, over_for_seconds: int, at_most: int) -> int:
        """Deletes the orders of events that have been over for so long, unless one of them still
        holds tickets. The inventory keeps the sums. Returns of how many events."""

        async def forget(connection: Connection) -> int:
            events: int = await connection.fetchval(
                sql("orders_forget"), float(over_for_seconds), at_most
            )
            return events

        return await write_in_transaction(self._pool, forget)


async def _recount(connection: Connection, event_id: str) -> None:
    found = await connection.fetch(sql("orders_of_event"), UUID(event_id))
    total = total_of(rows.order(row[0]) for row in found)
    known = await connection.fetch(sql("inventory_get"), UUID(event_id))
    tier_ids = {*rows.stocks(row[0] for row in known), *total}
    missing = [{"tier_id": tier_id, "quantity": None} for tier_id in total]
    await connection.execute(sql("inventory_create"), UUID(event_id), missing)
    sums = [
        {"tier_id": tier_id, **asdict(total.get(tier_id, Share()))} for tier_id in sorted(tier_ids)
    ]
    await connection.execute(sql("inventory_set"), UUID(event_id), sums)


def _start(after: str | None) -> UUID:
    return UUID(after) if after else _BEFORE_ALL
