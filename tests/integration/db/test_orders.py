"""The inventory is the sum of the orders, and never more than what the event offers."""

import asyncio
import json
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from db import rows
from db.errors import DatabaseUnavailable
from db.orders import Orders
from db.pool import Connection, Pool
from domain.actors import Actor, tenant
from domain.errors import (
    EventNotFound,
    InvalidRequest,
    NotOnSale,
    RateLimited,
    SalesClosed,
    SalesPaused,
    SoldOut,
    WizardError,
)
from domain.orders.accounting import Share, total_of
from domain.orders.inventory import WHOLE_EVENT, Stock
from domain.orders.order import Order, OrderState
from domain.orders.transitions import ChargeStatus, DisputeState, NotConfirmed, Payment
from domain.publishing.event import Event, SalesSwitch
from tests.support.order_rows import ACCOUNT, an_order, paid_tier, put_event, wants

ADA = tenant("ada", None)


def now() -> datetime:
    return datetime.now(UTC)


def payment(order: Order) -> Payment:
    return Payment(
        amount_total=order.amount_total, payment_intent_id=f"pi_{order.order_id}", at=now()
    )


def charge(amount: int = 0, *, full: bool = False, **changed: Any) -> ChargeStatus:
    return ChargeStatus(**{"amount_refunded": amount, "is_refunded": full, "at": now(), **changed})


async def all_orders(admin: Connection, event: Event) -> list[Order]:
    found = await admin.fetch(
        "SELECT to_jsonb(o) FROM ticket_orders AS o WHERE o.event_id = $1::uuid", event.event_id
    )
    return [rows.order(json.loads(row[0])) for row in found]


async def require_sums(orders: Orders, admin: Connection, event: Event) -> dict[str, Stock]:
    """The inventory equals its orders, and no more is taken than offered."""
    stocks = await orders.stocks(event.event_id)
    total = total_of(await all_orders(admin, event))
    for tier_id, stock in stocks.items():
        expected = total.get(tier_id, Share())
        assert stock.model_dump(include=set(asdict(expected))) == asdict(expected), tier_id
        assert stock.quantity is None or stock.taken <= stock.quantity, tier_id
    return stocks


async def outcomes(calls: Iterable[Any]) -> tuple[list[Order], list[WizardError]]:
    ended = await asyncio.gather(*calls, return_exceptions=True)
    unexpected = [end for end in ended if not isinstance(end, Order | WizardError)]
    assert not unexpected, unexpected
    return (
        [end for end in ended if isinstance(end, Order)],
        [end for end in ended if isinstance(end, WizardError)],
    )


async def test_concurrent_holds_share_the_capacity(worker: Pool, admin: Connection) -> None:
    """200 buyers want tickets of four kinds in a hall of 20."""
    tiers = [paid_tier(name, None) for name in ("a", "b")] + [
        paid_tier(name, 6) for name in ("c", "d")
    ]
    event = await put_event(admin, *tiers, total_capacity=20)
    orders = Orders(worker)
    requests = [wants(event, {tiers[n % 4]["id"]: 1}) for n in range(200)]

    held, refused = await outcomes(orders.hold(request, at=now()) for request in requests)

    assert len(held) == 20
    assert {type(error) for error in refused} == {SoldOut}
    stocks = await require_sums(orders, admin, event)
    assert stocks[WHOLE_EVENT].held == 20


async def test_a_tier_without_quantity_is_limited_by_the_room(
    worker: Pool, admin: Connection
) -> None:
    event = await put_event(
        admin,
        paid_tier("seat", None, access="in_person"),
        paid_tier("stream", None, access="online"),
        venue_data={"mode": "hybrid", "name": "Hall", "capacity": 2},
    )
    orders = Orders(worker)
    await orders.hold(wants(event, {"seat": 2, "stream": 5}), at=now())

    with pytest.raises(SoldOut) as refusal:
        await orders.hold(wants(event, {"seat": 1}), at=now())
    assert refusal.value.extra["tiers"][0]["left"] == 0
    await orders.hold(wants(event, {"stream": 5}), at=now())
    await require_sums(orders, admin, event)


async def test_a_repeated_hold_returns_the_same_order(worker: Pool, admin: Connection) -> None:
    event = await put_event(admin)
    request = wants(event, {"floor": 2})
    orders = Orders(worker)

    held, _ = await outcomes(orders.hold(request, at=now()) for _ in range(20))

    assert {order.order_id for order in held} == {request.order_id}
    assert all(order == held[0] for order in held)
    assert (await orders.stocks(event.event_id))["floor"].held == 2


async def test_sale_windows_include_the_start_and_not_the_end(
    worker: Pool, admin: Connection
) -> None:
    start, end = datetime(2031, 5, 1, 10, tzinfo=UTC), datetime(2031, 5, 2, 10, tzinfo=UTC)
    event = await put_event(
        admin,
        paid_tier("floor", 9, saleStart=start.isoformat(), saleEnd=end.isoformat()),
        starts_at=datetime(2031, 6, 1, tzinfo=UTC),
        ends_at=None,
    )
    orders, instant = Orders(worker), timedelta(microseconds=1)
    for refused_at, state in ((start - instant, "scheduled"), (end, "ended")):
        with pytest.raises(NotOnSale) as refusal:
            await orders.hold(wants(event, {"floor": 1}), at=refused_at)
        assert refusal.value.extra["tiers"][0]["sale_state"] == state
    for accepted_at in (start, end - instant):
        await orders.hold(wants(event, {"floor": 1}), at=accepted_at)


@pytest.mark.parametrize("ends_at", [None, datetime(2031, 6, 1, 3, tzinfo=UTC)])
async def test_an_event_that_is_over_sells_nothing(
    worker: Pool, admin: Connection, ends_at: datetime | None
) -> None:
    starts_at = datetime(2031, 6, 1, tzinfo=UTC)
    event = await put_event(admin, starts_at=starts_at, ends_at=ends_at)
    over = ends_at or starts_at
    orders = Orders(worker)
    await orders.hold(wants(event, {"floor": 1}), at=over - timedelta(microseconds=1))

    with pytest.raises(NotOnSale):
        await orders.hold(wants(event, {"floor": 1}), at=over)


async def test_paused_and_closed_sales_hold_nothing(worker: Pool, admin: Connection) -> None:
    event = await put_event(admin)
    orders = Orders(worker)
    assert await orders.set_sales(event.event_id, ADA, SalesSwitch.PAUSED) == "paused"
    with pytest.raises(SalesPaused):
        await orders.hold(wants(event, {"floor": 1}), at=now())
    await orders.set_sales(event.event_id, ADA, SalesSwitch.ON)
    await orders.hold(wants(event, {"floor": 1}), at=now())
    for _ in range(2):
        assert await orders.set_sales(event.event_id, ADA, SalesSwitch.CLOSED) == "closed"
    with pytest.raises(NotOnSale):
        await orders.hold(wants(event, {"floor": 1}), at=now())
    with pytest.raises(SalesClosed):
        await orders.set_sales(event.event_id, ADA, SalesSwitch.ON)


@pytest.mark.parametrize(
    "stranger", [Actor(user_id="bob"), Actor(user_id="x", organization_id="ada")]
)
async def test_another_tenant_cannot_change_sales(
    worker: Pool, admin: Connection, stranger: Actor
) -> None:
    event = await put_event(admin)
    with pytest.raises(EventNotFound):
        await Orders(worker).set_sales(event.event_id, stranger.tenant, SalesSwitch.PAUSED)


@pytest.mark.parametrize(
    "change", ["ended_at = now()", """payments = '{"status": "disconnected"}'"""]
)
async def test_a_lost_account_holds_nothing(worker: Pool, admin: Connection, change: str) -> None:
    account = f"acct_{uuid4().hex}"
    event = await put_event(admin, stripe_account_id=account)
    await admin.execute("INSERT INTO stripe_accounts (tenant, account_id) VALUES ($1, $1)", account)
    await Orders(worker).hold(wants(event, {"floor": 1}), at=now())
    await admin.execute(f"UPDATE stripe_accounts SET {change} WHERE account_id = $1", account)

    with pytest.raises(SalesPaused):
        await Orders(worker).hold(wants(event, {"floor": 1}), at=now())


async def test_open_holds_of_one_address_are_limited(worker: Pool, admin: Connection) -> None:
    event = await put_event(admin)
    orders = Orders(worker)

    held, refused = await outcomes(
        orders.hold(wants(event, {"floor": 1}, holder="h", max_holds=3), at=now())
        for _ in range(10)
    )
    assert len(held) == 3
    assert {type(error) for error in refused} == {RateLimited}

    await orders.confirm(held[0], payment(held[0]))
    await orders.hold(wants(event, {"floor": 1}, holder="h", max_holds=3), at=now())
    await orders.hold(wants(event, {"floor": 1}, holder="other", max_holds=3), at=now())


@pytest.mark.parametrize(
    ("event_id", "tier_id"),
    [("00000000-0000-0000-0000-000000000000", "floor"), ("no id\0", "floor")],
)
async def test_an_unknown_event_holds_nothing(
    worker: Pool, admin: Connection, event_id: str, tier_id: str
) -> None:
    event = await put_event(admin)
    request = wants(event, {tier_id: 1}).model_copy(update={"event_id": event_id})
    with pytest.raises(EventNotFound):
        await Orders(worker).hold(request, at=now())


async def test_an_unknown_tier_is_refused_with_its_pointer(worker: Pool, admin: Connection) -> None:
    event = await put_event(admin)
    with pytest.raises(InvalidRequest) as refusal:
        await Orders(worker).hold(wants(event, {"floor": 1, "x\0": 1}), at=now())
    assert [error.pointer for error in refusal.value.errors] == ["/items/1/tier_id"]


async def test_withdrawn_order_leaves_nothing(worker: Pool, admin: Connection) -> None:
    event = await put_event(admin)
    orders = Orders(worker)
    request = wants(event, {"floor": 3})
    await orders.hold(request, at=now())

    for _ in range(2):
        await orders.withdraw(request.order_id)
    assert await orders.get(request.order_id) is None
    assert (await require_sums(orders, admin, event))["floor"].held == 0

    opened = await orders.opened(
        await orders.hold(request, at=now()), checkout_id=f"cs_{uuid4()}", url="https://s.example"
    )
    await orders.withdraw(request.order_id)
    assert await orders.get(request.order_id) == opened


async def test_a_payment_counts_more_than_an_earlier_release(
    worker: Pool, admin: Connection
) -> None:
    event = await put_event(admin)
    orders = Orders(worker)
    order = await orders.hold(wants(event, {"floor": 2}), at=now())
    await orders.release(order, state=OrderState.EXPIRED, reason="not_paid", at=now())

    paid = await orders.confirm(order, payment(order))

    assert (paid.state, paid.reason) == (OrderState.PAID, None)
    assert (await require_sums(orders, admin, event))["floor"].sold == 2


async def test_refund_in_full_gives_tickets_back_and_a_dispute_does_not(
    worker: Pool, admin: Connection
) -> None:
    event = await put_event(admin)
    orders = Orders(worker)
    order = await orders.hold(wants(event, {"floor": 2}), at=now())

    async def record(status: ChargeStatus, account_id: str = ACCOUNT) -> Order | None:
        return await orders.record_charge(
            order_id=order.order_id,
            payment_intent_id=f"pi_{order.order_id}",
            account_id=account_id,
            status=status,
        )

    with pytest.raises(NotConfirmed):
        await record(charge(100))
    await orders.confirm(order, payment(order))
    assert await record(charge(100), account_id="acct_other") is None

    for status, state, sold, refunded in (
        (charge(100), OrderState.PAID, 2, 100),
        (charge(100, dispute=DisputeState.OPEN), OrderState.DISPUTED, 2, 100),
        (charge(100, dispute=DisputeState.WON), OrderState.PAID, 2, 100),
        (charge(100, dispute=DisputeState.LOST), OrderState.DISPUTED, 2, 100),
        (charge(200, at=now() - timedelta(hours=1)), OrderState.DISPUTED, 2, 100),
        (charge(5000, full=True), OrderState.REFUNDED, 0, 5000),
    ):
        for _ in range(2):
            recorded = await record(status)
            assert recorded is not None
            assert recorded.state is state
            stock = (await require_sums(orders, admin, event))["floor"]
            assert (stock.sold, stock.amount, stock.refunded) == (sold, 5000, refunded)


async def test_a_restored_database_gets_the_order_back(worker: Pool, admin: Connection) -> None:
    event = await put_event(admin)
    orders = Orders(worker)
    lost = an_order(event, OrderState.OPEN, quantity=3, stripe_account_id=ACCOUNT)

    await orders.processing(lost)
    assert (await require_sums(orders, admin, event))["floor"].held == 3
    await orders.confirm(lost, payment(lost))
    assert (await require_sums(orders, admin, event))["floor"].sold == 3


class RandomSales:
    """Changes of the orders of one event, chosen at random."""

    def __init__(self, orders: Orders, event: Event, chance: random.Random) -> None:
        self._orders = orders
        self._event = event
        self._chance = chance
        self.known: list[Order] = []

    async def run(self, steps: int) -> None:
        for _ in range(steps):
            changes = [self.open, self.pay, self.release, self.withdraw, self.refund]
            change = self._chance.choice(changes)
            if not self.known or self._chance.random() < 0.3:
                await self.hold()
            else:
                await change(self._chance.choice(self.known))

    async def hold(self) -> None:
        tiers = self._event.ticket_tiers
        wanted = self._chance.sample(tiers, self._chance.randint(1, len(tiers)))
        request = wants(self._event, {tier["id"]: self._chance.randint(1, 3) for tier in wanted})
        with suppress(SoldOut):
            self.known.append(await self._orders.hold(request, at=now()))

    async def open(self, order: Order) -> None:
        if await self._orders.get(order.order_id) is not None:
            url, checkout_id = "https://checkout.example.com", f"cs_{order.order_id}"
            await self._orders.opened(order, checkout_id=checkout_id, url=url)

    async def pay(self, order: Order) -> None:
        current = await self._orders.get(order.order_id)
        if current is not None and current.state is OrderState.OPEN:
            await self._orders.confirm(current, payment(current))

    async def release(self, order: Order) -> None:
        state = self._chance.choice([OrderState.EXPIRED, OrderState.CANCELLED])
        await self._orders.release(order, state=state, reason="not_paid", at=now())

    async def withdraw(self, order: Order) -> None:
        await self._orders.withdraw(order.order_id)

    async def refund(self, order: Order) -> None:
        with suppress(NotConfirmed):
            await self._orders.record_charge(
                order_id=order.order_id,
                payment_intent_id=f"pi_{order.order_id}",
                account_id=ACCOUNT,
                status=charge(order.amount_total, full=True),
            )


@pytest.mark.parametrize("seed", range(6))
async def test_any_interleaving_keeps_the_sums(worker: Pool, admin: Connection, seed: int) -> None:
    """Eight clients with orders of their own, for one to four tiers with a common capacity."""
    chance = random.Random(seed)
    tiers = [
        paid_tier(f"t{n}", chance.choice([None, 3, 5]), access=chance.choice(["both", "online"]))
        for n in range(chance.randint(1, 4))
    ]
    event = await put_event(
        admin,
        *tiers,
        total_capacity=chance.choice([7, 12]),
        venue_data={"mode": "hybrid", "name": "Hall", "capacity": 6},
    )
    orders = Orders(worker)
    sales = [RandomSales(orders, event, random.Random(f"{seed}/{n}")) for n in range(8)]

    await asyncio.gather(*(client.run(15) for client in sales))

    await require_sums(orders, admin, event)
    # By the end everything may be refunded or released, so that nothing is left to count.
    assert any(client.known for client in sales)


async def test_closed_pool_is_unavailable(worker: Pool, admin: Connection) -> None:
    event = await put_event(admin)
    await worker.close()
    with pytest.raises(DatabaseUnavailable):
        await Orders(worker).hold(wants(event, {"floor": 1}), at=now())
