"""Events of checkouts, refunds and disputes reach the order that they belong to, and no other."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.service import RPCError

from domain import ids
from domain.orders.order import Order
from tests.integration.webhooks.connected_accounts import deliver_to
from tests.integration.webhooks.stripe_inbox import make_old, redrive, row_of, rows_of
from tests.support.paid_sessions import start_seller
from tests.support.stand_in import StandIn
from tests.support.stripe_events import snapshot, take
from tests.support.system import System
from tests.support.ticket_orders import Placed, Sale, open_sale
from tests.support.waiting import eventually

GENERAL = {"name": "General", "unit_amount": 2500, "quantity": 5, "maxPerOrder": 4}


@pytest.fixture
async def sale(system: System, stand_in: StandIn, ada: httpx.AsyncClient) -> Sale:
    """Of five tickets at 25 dollars. The stand-in delivers events of the account."""
    sale = await open_sale(system, stand_in, await start_seller(ada, stand_in, GENERAL))
    await deliver_to(system, stand_in, "snapshot")
    return sale


async def stored(sale: Sale, placed: Placed) -> Order:
    (order,) = [order for order in await sale.orders() if order.order_id == placed.order_id]
    return order


async def order_with(sale: Sale, placed: Placed, **fields: Any) -> Order:
    """The stored order, once it has these values."""

    async def has_fields() -> Order | None:
        order = await stored(sale, placed)
        now = {name: getattr(order, name) for name in fields}
        return order if now == fields else None

    return await eventually(has_fields, what=f"an order with {fields}")


async def paid(sale: Sale, tickets: int = 2) -> tuple[Placed, str]:
    """A paid order, and its payment."""
    placed = await sale.place(tickets)
    await placed.pay()
    order = await placed.result()
    assert (order.state, order.amount_total) == ("paid", 2500 * tickets)
    assert order.payment_intent_id
    return placed, order.payment_intent_id


async def outcomes(system: System, *events: dict[str, Any]) -> list[str | None]:
    async def all_processed() -> list[str | None] | None:
        rows = [await row_of(system.database, event["id"]) for event in events]
        return [row.outcome for row in rows] if all(row.processed_at for row in rows) else None

    return await eventually(all_processed, what="processed events")


async def everything_processed(sale: Sale) -> None:
    async def is_done() -> bool:
        deliveries = await sale.stand_in.get("/deliveries")
        rows = await rows_of(sale.system.database)
        return all(delivery["delivered"] for delivery in deliveries) and all(
            row.processed_at for row in rows
        )

    await eventually(is_done, what="the processing of every event")


async def test_a_payment_sells_the_tickets_by_its_event(sale: Sale) -> None:
    await paid(sale)
    assert await sale.stock() == (2, 0)


async def test_an_event_of_a_checkout_starts_no_workflow(
    sale: Sale, stripe: httpx.AsyncClient
) -> None:
    placed = await sale.place(1)
    event = checkout_event(sale.account, {"order": placed.order_id})

    await take(stripe, event)

    row = await row_of(sale.system.database, event["id"])
    assert (row.outcome, row.processed_at is None) == ("signalled the order", False)
    workflow = sale.system.temporal.client.get_workflow_handle(
        ids.stripe_event_workflow_id(event["id"])
    )
    with pytest.raises(RPCError, match="not found"):
        await workflow.describe()


async def test_an_event_of_an_order_without_a_process_is_processed_later(
    sale: Sale, stripe: httpx.AsyncClient
) -> None:
    """A server that is starting knows no workflow either."""
    placed = await sale.place(1)
    await sale.handle(placed.order_id).terminate()
    event = checkout_event(sale.account, {"order": placed.order_id})

    await take(stripe, event)

    assert (await row_of(sale.system.database, event["id"])).processed_at is None
    await make_old(sale.system.database)
    assert await redrive(sale.system) == 1
    assert await outcomes(sale.system, event) == ["the order is not open"]


async def test_a_delayed_payment_ends_by_its_event(sale: Sale) -> None:
    for succeeds, state in ((True, "paid"), (False, "expired")):
        placed = await sale.place(1)
        await placed.pay(delayed=True)
        await order_with(sale, placed, state="processing")
        await placed.settle(succeeds=succeeds)
        assert (await placed.result()).state == state
    assert await sale.stock() == (1, 0)


async def test_an_expired_checkout_gives_the_tickets_back(sale: Sale) -> None:
    placed = await sale.place(2)
    await sale.stand_in.post(f"/checkout_sessions/{await placed.checkout_id()}/expire")
    assert (await placed.result()).state == "expired"
    assert await sale.stock() == (0, 0)


async def test_refunds_in_part_add_up_to_one_in_full(sale: Sale) -> None:
    placed, intent = await paid(sale)

    await sale.stand_in.post(f"/payment_intents/{intent}/refund", amount=1000)
    await order_with(sale, placed, state="paid", amount_refunded=1000)
    assert await sale.stock() == (2, 0)

    await sale.stand_in.post(f"/payment_intents/{intent}/refund")
    await order_with(sale, placed, state="refunded", amount_refunded=5000)
    assert await sale.stock() == (0, 0)


async def test_a_refund_in_full_that_fails_keeps_its_tickets_on_sale(sale: Sale) -> None:
    """The tickets stay on sale: they may have been sold again."""
    placed, intent = await paid(sale)
    refund = await sale.stand_in.post(f"/payment_intents/{intent}/refund")
    await order_with(sale, placed, state="refunded", amount_refunded=5000)

    await sale.stand_in.post(f"/refunds/{refund['id']}/fail")

    await order_with(sale, placed, state="refunded", amount_refunded=0)
    assert await sale.stock() == (0, 0)


async def test_a_refund_in_part_that_fails_is_not_counted(sale: Sale) -> None:
    placed, intent = await paid(sale)
    refund = await sale.stand_in.post(f"/payment_intents/{intent}/refund", amount=1000)
    await order_with(sale, placed, state="paid", amount_refunded=1000)

    await sale.stand_in.post(f"/refunds/{refund['id']}/fail")

    await order_with(sale, placed, state="paid", amount_refunded=0)
    assert await sale.stock() == (2, 0)


async def test_repeated_and_shuffled_events_have_one_effect(sale: Sale) -> None:
    placed, intent = await paid(sale)
    for amount in (1000, 1500):
        await sale.stand_in.post(f"/payment_intents/{intent}/refund", amount=amount)

    await sale.stand_in.post("/events/redeliver", times=3, shuffled=True)

    await order_with(sale, placed, state="paid", amount_refunded=2500)
    await everything_processed(sale)
    assert (await stored(sale, placed)).amount_refunded == 2500
    assert await sale.stock() == (2, 0)


@pytest.mark.parametrize(("won", "state"), [(True, "paid"), (False, "disputed")])
async def test_a_dispute_keeps_the_tickets_sold(sale: Sale, won: bool, state: str) -> None:
    placed, intent = await paid(sale)

    dispute = await sale.stand_in.post(f"/payment_intents/{intent}/dispute")
    await order_with(sale, placed, state="disputed")
    await sale.stand_in.post(f"/disputes/{dispute['id']}/close", won=won)

    await order_with(sale, placed, state=state)
    await everything_processed(sale)
    assert (await stored(sale, placed)).state == state
    assert await sale.stock() == (2, 0)


async def test_a_refund_before_the_order_is_confirmed_is_retried(
    sale: Sale, stripe: httpx.AsyncClient
) -> None:
    """The event of the checkout is never delivered."""
    for endpoint in await sale.stand_in.get("/webhooks"):
        await sale.stand_in.control.delete(f"/webhooks/{endpoint['id']}")
    placed = await sale.place(2)
    session = await placed.pay()
    intent = session["payment_intent"]
    await sale.stand_in.post(f"/payment_intents/{intent}/refund")
    refund = charge_event(sale.account, intent)
    await take(stripe, refund)
    handle = sale.client.get_workflow_handle(ids.stripe_event_workflow_id(refund["id"]))

    async def is_refused() -> bool:
        pending = (await handle.describe()).raw_description.pending_activities
        return any(activity.attempt > 1 for activity in pending)

    await eventually(is_refused, what="a second attempt")
    assert (await stored(sale, placed)).state == "open"

    await placed.webhook()

    assert await outcomes(sale.system, refund) == ["order refunded"]
    await order_with(sale, placed, state="refunded", amount_refunded=5000)
    assert await sale.stock() == (0, 0)


async def test_events_of_other_checkouts_have_no_effect(
    sale: Sale, stripe: httpx.AsyncClient
) -> None:
    placed = await sale.place(1)
    before = await stored(sale, placed)
    events = [
        checkout_event(sale.account, metadata)
        for metadata in ({}, {"order": "A-17"}, {"order": str(uuid4())})
    ]

    await take(stripe, *events)

    assert await outcomes(sale.system, *events) == ["ignored", "ignored", "the order is not open"]
    assert await stored(sale, placed) == before


async def test_an_event_of_another_account_changes_no_order(
    sale: Sale, stripe: httpx.AsyncClient, stand_in: StandIn
) -> None:
    """Its metadata names the order of a competitor."""
    placed, intent = await paid(sale)
    open_order = await sale.place(1)
    before = await sale.orders()
    other, other_intent = await foreign_payment(sale, placed.order_id)
    await stand_in.post(f"/payment_intents/{other_intent}/refund")

    forged = checkout_event(other, {"order": open_order.order_id})
    refunds = [charge_event(other, other_intent), charge_event(other, intent)]
    await take(stripe, forged, *refunds)

    assert await outcomes(sale.system, forged, *refunds) == [
        "signalled the order",
        "ignored",
        "the charge is no longer accessible",
    ]
    assert await sale.orders() == before
    assert await sale.stock() == (2, 1)


async def test_a_payment_without_an_order_is_ignored(sale: Sale, stripe: httpx.AsyncClient) -> None:
    """The organizer's own, on the account of the event."""
    own, intent = await foreign_payment(sale, None, account=sale.account)
    await sale.stand_in.post(f"/payment_intents/{intent}/refund")
    refund = charge_event(own, intent)

    await take(stripe, refund)

    assert await outcomes(sale.system, refund) == ["ignored"]


async def test_a_refund_of_a_lost_account_is_not_retried(
    sale: Sale, stripe: httpx.AsyncClient
) -> None:
    _, intent = await paid(sale)
    await sale.stand_in.control.post(f"/accounts/{sale.account}/disconnect")
    refund = charge_event(sale.account, intent)

    await take(stripe, refund)

    assert await outcomes(sale.system, refund) == ["the charge is no longer accessible"]


def checkout_event(account: str, metadata: dict[str, str]) -> dict[str, Any]:
    checkout = {"id": "cs_other", "object": "checkout.session", "metadata": metadata}
    return snapshot(account, "checkout.session.completed", data={"object": checkout})


def charge_event(account: str, intent: str) -> dict[str, Any]:
    charge = {"id": "ch_1", "object": "charge", "payment_intent": intent}
    return snapshot(account, "charge.refunded", data={"object": charge})


async def foreign_payment(
    sale: Sale, order_id: str | None, *, account: str | None = None
) -> tuple[str, str]:
    """A payment that the wizard did not begin: its account, and its id."""
    client = sale.stand_in.stripe()
    if account is None:
        merchant: Any = {"capabilities": {"card_payments": {"requested": True}}}
        created = await client.v2.core.accounts.create_async(
            {"contact_email": "eve@example.com", "configuration": {"merchant": merchant}}
        )
        account = created.id
        await sale.stand_in.move(account, "ready")
    session = await client.v1.checkout.sessions.create_async(
        {
            "mode": "payment",
            "success_url": "https://example.com",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "usd",
                        "unit_amount": 500,
                        "product_data": {"name": "Poster"},
                    },
                }
            ],
            "payment_intent_data": {"metadata": {"order": order_id} if order_id else {}},
        },
        {"stripe_account": account},
    )
    bought = await sale.stand_in.post(f"/checkout_sessions/{session.id}/pay")
    return account, bought["payment_intent"]
