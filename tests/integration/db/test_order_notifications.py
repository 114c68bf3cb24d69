"""Organizers are notified of payments, refunds and the last ticket, once each."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from db.erasures import Erasures
from db.orders import Orders
from db.pool import Connection, Pool
from db.projection import DurableProjection
from domain.orders.order import Order, OrderState
from domain.orders.transitions import ChargeStatus, OrderReason, Payment
from domain.publishing.event import Event
from domain.session.erasure import erasure
from tests.integration.db.read_model_factories import projection_of, session_view
from tests.support.order_rows import ACCOUNT, paid_tier, put_event, wants


def now() -> datetime:
    return datetime.now(UTC)


class Sale:
    """Sells the tickets of one event, and reads its notifications."""

    def __init__(self, worker: Pool, admin: Connection, event: Event) -> None:
        self.orders = Orders(worker, announces=True)
        self.event = event
        self._admin = admin

    async def held(self, quantity: int, tier_id: str = "floor") -> Order:
        return await self.orders.hold(wants(self.event, {tier_id: quantity}), at=now())

    async def pay(self, order: Order) -> Order:
        paid = Payment(
            amount_total=order.amount_total, payment_intent_id=f"pi_{order.order_id}", at=now()
        )
        return await self.orders.confirm(order, paid)

    async def refund(self, order: Order, amount: int) -> None:
        status = ChargeStatus(
            amount_refunded=amount, is_refunded=amount == order.amount_total, at=now()
        )
        for _ in range(2):
            await self.orders.record_charge(
                order_id=None,
                payment_intent_id=f"pi_{order.order_id}",
                account_id=ACCOUNT,
                status=status,
            )

    async def kinds(self) -> list[str]:
        found = await self._admin.fetch(
            "SELECT kind FROM outbox WHERE session_id = $1 ORDER BY created_at, kind DESC",
            UUID(self.event.session_id),
        )
        return [row["kind"] for row in found]


@pytest.fixture
async def sale(worker: Pool, admin: Connection) -> Sale:
    """Three tickets."""
    view = session_view()
    await DurableProjection(worker).write([projection_of(view)])
    event = await put_event(
        admin, paid_tier("floor", 2), paid_tier("box", 1), session_id=view.session_id
    )
    return Sale(worker, admin, event)


async def test_payments_and_the_last_ticket_are_notified_once(sale: Sale) -> None:
    first = await sale.held(1)
    assert await sale.kinds() == []
    await sale.pay(first)
    await sale.pay(first)
    assert await sale.kinds() == ["order.paid"]

    box, last = await sale.held(1, "box"), await sale.held(1)
    await sale.pay(box)  # the last one is held, and may come back
    assert await sale.kinds() == ["order.paid"] * 2
    for _ in range(2):
        await sale.pay(last)
    assert await sale.kinds() == ["order.paid"] * 3 + ["event.sold_out"]


async def test_tickets_sold_again_sell_the_event_out_again(sale: Sale) -> None:
    await sale.pay(await sale.held(2))
    refunded = await sale.pay(await sale.held(1, "box"))
    first = await sale.kinds()

    await sale.refund(refunded, refunded.amount_total)
    await sale.pay(await sale.held(1, "box"))

    assert await sale.kinds() == [*first, "order.refunded", "order.paid", "event.sold_out"]


async def test_each_refund_is_notified_with_its_total(sale: Sale, admin: Connection) -> None:
    order = await sale.pay(await sale.held(2))

    for amount in (1000, 3000, order.amount_total):
        await sale.refund(order, amount)

    found = await admin.fetch(
        "SELECT payload -> 'data' FROM outbox WHERE kind = 'order.refunded' ORDER BY created_at"
    )
    messages = [json.loads(row[0]) for row in found]
    assert [
        (message["amount_refunded"], message["is_refunded_in_full"]) for message in messages
    ] == [(1000, False), (3000, False), (5000, True)]


async def test_releases_and_workers_without_a_receiver_are_silent(sale: Sale, worker: Pool) -> None:
    order = await sale.held(1)
    await sale.orders.release(order, state=OrderState.CANCELLED, reason=OrderReason.BUYER, at=now())
    sale.orders = Orders(worker)
    await sale.pay(await sale.held(2))

    assert await sale.kinds() == []


async def test_an_erased_session_is_not_notified_of_its_orders(sale: Sale, worker: Pool) -> None:
    order = await sale.held(1)
    await Erasures(worker).erase(erasure(sale.event.session_id, "user:ada", "ada"))

    paid = await sale.pay(order)

    assert paid.state is OrderState.PAID
    assert await sale.kinds() == []
