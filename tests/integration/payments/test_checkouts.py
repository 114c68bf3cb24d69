"""The checkout of an order: what it sells, what was paid, and how it ends."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from domain.orders.order import CheckoutOutcome
from payments.adapter import StripeAdapter
from payments.checkout_models import CheckoutRequest
from payments.errors import AccountGone, ObjectNotFound, PaymentsDeclined
from tests.integration.payments.checkout_requests import (
    PAGE_URL,
    Organizer,
    new_organizer,
    tier,
)
from tests.support.stand_in import StandIn

EVENT_ID = str(uuid4())

FIFTY = [tier(number, amount=number, event_id=EVENT_ID) for number in range(1_001, 1_051)]
"""After a thousand tiers that were deleted again."""


@pytest.fixture
async def organizer(stand_in: StandIn) -> AsyncIterator[Organizer]:
    adapter = StripeAdapter.from_settings("sk_test_1", stand_in.url)
    yield await new_organizer(stand_in, adapter)
    await adapter.close()


@pytest.fixture
async def order(organizer: Organizer) -> CheckoutRequest:
    return await organizer.offer(
        tier(1, event_id=EVENT_ID), tier(2, amount=9_000, event_id=EVENT_ID)
    )


async def test_a_checkout_sells_the_order_on_the_account(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    checkout = await organizer.adapter.open_checkout(order, 1)

    assert checkout.outcome is CheckoutOutcome.OPEN
    assert checkout.url
    assert (checkout.amount_total, checkout.amounts) == (2 * 2_500 + 2 * 9_000, {})
    (session,) = await organizer.sessions()
    assert session["success_url"] == session["cancel_url"] == f"{PAGE_URL}?order={order.order_id}"
    assert session["expires_at"] == int(order.expires_at.timestamp())
    assert session["metadata"] == {
        "order": order.order_id,
        "event": order.event_id,
        "session": order.session_id,
        "tiers": "tier-1:2,tier-2:2",
    }
    payment = session["stand_in"]["payment_intent_data"]
    assert payment == {"metadata": session["metadata"]}
    assert session["allow_promotion_codes"] is None
    assert session["automatic_tax"]["enabled"] is False


async def test_a_repeat_returns_the_checkout_as_it_is_now(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    first = await organizer.adapter.open_checkout(order, 1)
    assert await organizer.adapter.open_checkout(order, 1) == first
    await organizer.pay(first)

    again = await organizer.adapter.open_checkout(order, 1)

    assert (again.id, again.outcome) == (first.id, CheckoutOutcome.PAID)
    assert len(await organizer.sessions()) == 1


async def test_another_generation_is_another_checkout(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    first = await organizer.adapter.open_checkout(order, 1)
    assert (await organizer.adapter.open_checkout(order, 2)).id != first.id


async def test_a_paid_checkout_has_the_amount_of_each_tier(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.pay(checkout)

    paid = await organizer.look_at(checkout)

    assert (paid.outcome, paid.url) == (CheckoutOutcome.PAID, None)
    assert paid.amounts == {"tier-1": 5_000, "tier-2": 18_000}
    assert paid.amount_total == 23_000
    assert paid.payment_intent_id
    charge = await organizer.adapter.charge(organizer.account, paid.payment_intent_id)
    assert (charge.order_id, charge.amount) == (order.order_id, 23_000)


async def test_amounts_contain_discounts_and_tax(organizer: Organizer) -> None:
    await organizer.stand_in.post(f"/accounts/{organizer.account}/tax", active=True)
    order = await organizer.offer(
        tier(1, event_id=EVENT_ID),
        tier(2, event_id=EVENT_ID),
        promotion_codes=True,
        automatic_tax=True,
    )
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.pay(checkout, discount=1_000)

    paid = await organizer.look_at(checkout)

    # The stand-in takes the discount from the first tier, and adds a tax of 20 %.
    assert paid.amounts == {"tier-1": 4_800, "tier-2": 6_000}
    assert paid.amount_total == sum(paid.amounts.values())


async def test_an_order_that_a_code_makes_free_is_paid_without_payment(
    organizer: Organizer,
) -> None:
    order = await organizer.offer(tier(1), promotion_codes=True)
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.pay(checkout, discount=5_000)

    paid = await organizer.look_at(checkout)

    assert (paid.outcome, paid.amount_total) == (CheckoutOutcome.PAID, 0)
    assert (paid.amounts, paid.payment_intent_id) == ({"tier-1": 0}, None)


async def test_tax_without_stripe_tax_is_declined(organizer: Organizer) -> None:
    order = await organizer.offer(tier(1), automatic_tax=True)
    with pytest.raises(PaymentsDeclined, match="Stripe Tax"):
        await organizer.adapter.open_checkout(order, 1)


async def test_a_donation_is_sold_at_the_amount_of_the_buyer(organizer: Organizer) -> None:
    donation = tier(2, is_donation=True, amount=1_000, event_id=EVENT_ID)
    order = await organizer.offer(tier(1, event_id=EVENT_ID), donation)
    given = order.items[1].model_copy(update={"unit_amount": 1_234})
    order = order.model_copy(update={"items": [order.items[0], given]})
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.pay(checkout)

    paid = await organizer.look_at(checkout)

    assert paid.amounts == {"tier-1": 5_000, "tier-2": 2_468}


@pytest.mark.parametrize(
    ("currency", "amount", "fee"), [("jpy", 2_500, 138), ("kwd", 12_500, 630), ("eur", 2_500, 133)]
)
async def test_the_fee_reaches_the_payment(
    organizer: Organizer, currency: str, amount: int, fee: int
) -> None:
    order = await organizer.offer(tier(currency=currency, amount=amount), application_fee=fee)
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.pay(checkout)

    paid = await organizer.look_at(checkout)

    assert paid.payment_intent_id
    (intent,) = await organizer.stand_in.get(
        "/objects", kind="payment_intent", account=organizer.account
    )
    assert intent["application_fee_amount"] == fee


async def test_fifty_tiers_fit_into_one_checkout(organizer: Organizer) -> None:
    order = await organizer.offer(*FIFTY)
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.pay(checkout)

    paid = await organizer.look_at(checkout)

    assert paid.amounts == {sale.tier_id: 2 * sale.amount for sale in FIFTY}
    assert paid.amount_total == sum(paid.amounts.values())
    (session,) = await organizer.sessions()
    listed = ",".join(session["metadata"][name] for name in ("tiers", "tiers_2"))
    assert listed == ",".join(f"{sale.tier_id}:2" for sale in FIFTY)


async def test_a_delayed_payment_is_processing_until_it_ends(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    for succeeds, outcome in ((True, CheckoutOutcome.PAID), (False, CheckoutOutcome.FAILED)):
        order = order.model_copy(update={"order_id": str(uuid4())})
        checkout = await organizer.adapter.open_checkout(order, 1)
        await organizer.pay(checkout, delayed=True)
        assert (await organizer.look_at(checkout)).outcome is CheckoutOutcome.PROCESSING
        await organizer.stand_in.post(f"/checkout_sessions/{checkout.id}/settle", succeeds=succeeds)
        assert (await organizer.look_at(checkout)).outcome is outcome


async def test_an_expired_checkout_has_no_url(organizer: Organizer, order: CheckoutRequest) -> None:
    checkout = await organizer.adapter.open_checkout(order, 1)
    for _ in range(2):
        expired = await organizer.adapter.expire_checkout(organizer.account, checkout.id)
        assert (expired.outcome, expired.url) == (CheckoutOutcome.EXPIRED, None)
    assert (await organizer.look_at(checkout)).outcome is CheckoutOutcome.EXPIRED


async def test_expiring_a_complete_checkout_returns_it(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.pay(checkout)

    kept = await organizer.adapter.expire_checkout(organizer.account, checkout.id)

    assert kept.outcome is CheckoutOutcome.PAID
    assert kept == await organizer.look_at(checkout)


async def test_a_checkout_expires_in_time(organizer: Organizer, order: CheckoutRequest) -> None:
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.stand_in.post(f"/checkout_sessions/{checkout.id}/clock", seconds=35 * 60)
    assert (await organizer.look_at(checkout)).outcome is CheckoutOutcome.EXPIRED


async def test_a_disconnected_account_is_gone(organizer: Organizer, order: CheckoutRequest) -> None:
    checkout = await organizer.adapter.open_checkout(order, 1)
    await organizer.stand_in.control.post(f"/accounts/{organizer.account}/disconnect")

    for call in (
        organizer.adapter.open_checkout(order, 2),
        organizer.look_at(checkout),
        organizer.adapter.expire_checkout(organizer.account, checkout.id),
        organizer.adapter.find_checkout(organizer.account, order.order_id, order.created_at),
    ):
        with pytest.raises(AccountGone):
            await call


async def test_a_checkout_of_another_account_is_not_found(
    organizer: Organizer, order: CheckoutRequest
) -> None:
    checkout = await organizer.adapter.open_checkout(order, 1)
    other = await new_organizer(organizer.stand_in, organizer.adapter)
    for call in (
        other.look_at(checkout),
        other.adapter.expire_checkout(other.account, checkout.id),
    ):
        with pytest.raises(ObjectNotFound):
            await call
