"""Inventory and orders are mended after a restored database, and orders are deleted once old."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from db.order_upkeep import OrderUpkeep
from db.orders import Orders
from db.pool import Connection, Pool
from domain.errors import EventNotFound
from domain.orders.inventory import WHOLE_EVENT, Stock
from domain.orders.order import Order, OrderState
from domain.orders.transitions import ChargeStatus
from domain.publishing.event import Event
from tests.support.order_rows import ACCOUNT, an_order, paid_tier, put_event, wants

DAY = 24 * 60 * 60
TIERS = (paid_tier("floor", 20), paid_tier("box", None))
STATES = (*OrderState, OrderState.PAID)


async def sold_event(
    admin: Connection, orders: Orders, upkeep: OrderUpkeep
) -> tuple[Event, dict[str, Stock]]:
    """An event with an order in each state, one of them refunded in part. Returns its stocks."""
    event = await put_event(admin, *TIERS)
    await orders.hold(wants(event, {"floor": 1, "box": 2}), at=datetime.now(UTC))
    for state in STATES:
        await upkeep.restore(an_order(event, state, quantity=2))
    refunded = an_order(event, quantity=3)
    await upkeep.restore(refunded)
    await orders.record_charge(
        order_id=refunded.order_id,
        payment_intent_id=refunded.payment_intent_id or "",
        account_id=ACCOUNT,
        status=ChargeStatus(amount_refunded=700, is_refunded=False, at=datetime.now(UTC)),
    )
    return event, await orders.stocks(event.event_id)


async def different(upkeep: OrderUpkeep) -> list[str]:
    page = await upkeep.inventories(after=None, limit=100)
    return page.different


async def count(admin: Connection, event: Event) -> int:
    found: int = await admin.fetchval(
        "SELECT count(*) FROM ticket_orders WHERE event_id = $1", UUID(event.event_id)
    )
    return found


async def tier_of(admin: Connection, event: Event) -> Any:
    return json.loads(
        await admin.fetchval(
            "SELECT ticket_tiers -> 0 FROM events WHERE id = $1", UUID(event.event_id)
        )
    )


@pytest.fixture
def orders(worker: Pool) -> Orders:
    return Orders(worker)


@pytest.fixture
def upkeep(worker: Pool) -> OrderUpkeep:
    return OrderUpkeep(worker)


@pytest.mark.parametrize(
    ("column", "tier_id"),
    [*product(("sold", "held", "amount"), ("", "floor")), ("refunded", "")],
)
async def test_a_different_inventory_is_found_and_recounted(
    orders: Orders, upkeep: OrderUpkeep, admin: Connection, column: str, tier_id: str
) -> None:
    event, before = await sold_event(admin, orders, upkeep)
    other, _ = await sold_event(admin, orders, upkeep)
    assert await different(upkeep) == []
    await admin.execute(
        f"UPDATE event_inventory SET {column} = {column} + 1 WHERE event_id = $1 AND tier_id = $2",
        UUID(event.event_id),
        tier_id,
    )

    assert await different(upkeep) == [event.event_id]
    for _ in range(2):
        await upkeep.recount(event.event_id)
        assert await orders.stocks(event.event_id) == before
    assert await different(upkeep) == []
    assert await count(admin, other) == await count(admin, event)


async def test_inventories_are_compared_by_pages(
    orders: Orders, upkeep: OrderUpkeep, admin: Connection
) -> None:
    events = sorted([(await sold_event(admin, orders, upkeep))[0].event_id for _ in range(3)])
    await admin.execute("UPDATE event_inventory SET held = held + 1")

    first = await upkeep.inventories(after=None, limit=2)
    second = await upkeep.inventories(after=first.last, limit=2)

    assert (first.different, first.is_full) == (events[:2], True)
    assert (second.different, second.is_full, second.last) == (events[2:], False, events[2])


async def test_sales_during_a_recount_are_counted_once(
    orders: Orders, upkeep: OrderUpkeep, admin: Connection
) -> None:
    event = await put_event(admin, *TIERS)

    async def hold() -> Order:
        return await orders.hold(wants(event, {"floor": 1}), at=datetime.now(UTC))

    await asyncio.gather(*(hold() for _ in range(20)), upkeep.recount(event.event_id))
    await upkeep.recount(event.event_id)

    assert (await orders.stocks(event.event_id))["floor"].held == 20


@pytest.mark.parametrize(
    "states",
    [
        (None, OrderState.PROCESSING, OrderState.PROCESSING),
        (OrderState.HELD, OrderState.OPEN, OrderState.OPEN),
        (OrderState.OPEN, OrderState.PAID, OrderState.PAID),
        (OrderState.REFUNDED, OrderState.PAID, OrderState.REFUNDED),
        (OrderState.PAID, OrderState.OPEN, OrderState.PAID),
    ],
)
async def test_the_further_state_of_an_order_is_kept(
    orders: Orders,
    upkeep: OrderUpkeep,
    admin: Connection,
    states: tuple[OrderState | None, OrderState, OrderState],
) -> None:
    """Of the states of its row and of its process."""
    stored, known, kept = states
    event = await put_event(admin, *TIERS)
    order = an_order(event, known)
    if stored is not None:
        await upkeep.restore(an_order(event, stored, order_id=order.order_id))

    assert await upkeep.restore(order) is (kept is not stored)
    assert await upkeep.restore(order) is False

    found = await orders.get(order.order_id)
    assert found is not None
    assert found.state is kept
    assert await different(upkeep) == []


async def test_an_order_of_an_unknown_event_is_not_restored(
    upkeep: OrderUpkeep, admin: Connection
) -> None:
    event = await put_event(admin)
    unknown = event.model_copy(update={"event_id": "00000000-0000-0000-0000-000000000009"})

    with pytest.raises(EventNotFound):
        await upkeep.restore(an_order(unknown))


async def test_sales_by_links_are_counted_beside_orders(
    orders: Orders, upkeep: OrderUpkeep, admin: Connection
) -> None:
    linked = {**paid_tier("floor", 20), "paymentLink": "https://pay.example.com/1"}
    del linked["priceId"]
    event = await put_event(admin, linked)
    prices = {"floor": "price_new"}

    await upkeep.move_to_orders(event, prices=prices, sold={"floor": 3})
    await orders.hold(wants(event, {"floor": 2}), at=datetime.now(UTC))
    for _ in range(2):
        await upkeep.move_to_orders(event, prices=prices, sold={"floor": 4})
        await upkeep.recount(event.event_id)

    stocks = await orders.stocks(event.event_id)
    assert (stocks["floor"].sold, stocks["floor"].held) == (4, 2)
    assert (stocks[WHOLE_EVENT].sold, stocks[WHOLE_EVENT].held) == (4, 2)
    assert await different(upkeep) == []
    moved = await tier_of(admin, event)
    assert moved["priceId"] == "price_new"
    assert "paymentLink" not in moved


async def test_orders_are_deleted_once_their_event_is_long_over(
    orders: Orders, upkeep: OrderUpkeep, admin: Connection
) -> None:
    """Not those of an event with an order whose outcome is not known."""
    events = [await put_event(admin, *TIERS) for _ in range(3)]
    for event in events:
        await upkeep.restore(an_order(event))
    old, unsettled, recent = events
    await upkeep.restore(an_order(unsettled, OrderState.PROCESSING))
    for event, days in ((old, 3), (unsettled, 3), (recent, 1)):
        ended = datetime.now(UTC) - timedelta(days=days)
        await admin.execute(
            "UPDATE events SET ends_at = $2 WHERE id = $1", UUID(event.event_id), ended
        )
    before = await orders.stocks(old.event_id)

    assert await upkeep.forget(over_for_seconds=2 * DAY, at_most=10) == 1
    assert await upkeep.forget(over_for_seconds=2 * DAY, at_most=10) == 0

    assert [await count(admin, event) for event in events] == [0, 2, 1]
    assert await orders.stocks(old.event_id) == before
    assert await different(upkeep) == []
    assert await upkeep.restore(an_order(old)) is False
