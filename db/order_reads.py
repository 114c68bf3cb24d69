"""Reads of orders and sales by the API.

Those of a tenant compare it, and row-level security does so again; public ones go through functions
of the database.
"""

from db import rows
from db.pages import Page, after_time, page_of
from db.pool import Pool
from db.transactions import reading_as, reading_public
from domain.actors import Actor
from domain.orders.inventory import Stock
from domain.orders.order import Order


class OrderReads:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def public_order(self, order_id: str) -> Order | None:
        """For anyone who has the id."""
        async with reading_public(self._pool) as connection:
            row = await connection.value("order_public", rows.as_uuid(order_id))
        return row and rows.order(row)

    async def public_stocks(self, event_id: str) -> tuple[dict[str, Stock], bool]:
        """Of a public or unlisted event, for anyone; and whether its Stripe account is lost."""
        async with reading_public(self._pool) as connection:
            found = await connection.values("inventory_public", rows.as_uuid(event_id))
            lost: bool = await connection.value("account_is_lost", rows.as_uuid(event_id))
        return rows.stocks(found), lost

    async def account_is_lost(self, event_id: str) -> bool:
        """Whether nothing can be sold through the Stripe account of an event any longer."""
        async with reading_public(self._pool) as connection:
            lost: bool = await connection.value("account_is_lost", rows.as_uuid(event_id))
        return lost

    async def stocks(self, actor: Actor, event_id: str) -> dict[str, Stock]:
        """Of one of the tenant's events."""
        async with reading_as(self._pool, actor) as connection:
            found = await connection.values("inventory_of_tenant", rows.as_uuid(event_id))
        return rows.stocks(found)

    async def orders(
        self, actor: Actor, event_id: str, *, limit: int, cursor: str | None
    ) -> Page[Order]:
        """Newest first. Raises InvalidRequest for a bad cursor."""
        at, last_id = after_time(cursor)
        async with reading_as(self._pool, actor) as connection:
            found = await connection.values(
                "order_list", rows.as_uuid(event_id), at, last_id, limit + 1
            )
        orders = [rows.order(row) for row in found]
        return page_of(orders, limit, lambda order: (order.created_at, order.order_id))
