"""Refunds and disputes of payments, as the account's owner and the buyer's bank make them."""

from typing import Any

import pytest
import stripe

from tests.support.stand_in import StandIn

METADATA = {"order": "o1"}


@pytest.fixture
async def payment(stand_in: StandIn, client: stripe.StripeClient, account: str, price: str) -> str:
    """A payment intent of 25.00 USD, paid."""
    session = await client.v1.checkout.sessions.create_async(
        {
            "mode": "payment",
            "line_items": [{"price": price, "quantity": 1}],
            "payment_intent_data": {"metadata": METADATA},
            "success_url": "http://127.0.0.1/thanks",
        },
        {"stripe_account": account},
    )
    paid = await stand_in.post(f"/checkout_sessions/{session.id}/pay")
    return str(paid["payment_intent"])


async def charge_of(client: stripe.StripeClient, account: str, payment: str) -> stripe.Charge:
    charges = await client.v1.charges.list_async(
        {"payment_intent": payment}, {"stripe_account": account}
    )
    (charge,) = charges.data
    return charge


async def events(client: stripe.StripeClient, account: str, *types: str) -> list[Any]:
    """The events of these types, oldest first."""
    found = await client.v1.events.list_async({"types": list(types)}, {"stripe_account": account})
    return found.data[::-1]


async def test_partial_refunds_add_up_to_a_full_one(
    stand_in: StandIn, client: stripe.StripeClient, account: str, payment: str
) -> None:
    first = await stand_in.post(f"/payment_intents/{payment}/refund", amount=1000)
    part = await charge_of(client, account, payment)
    await stand_in.post(f"/payment_intents/{payment}/refund")
    whole = await charge_of(client, account, payment)

    assert (first["amount"], first["status"], first["charge"]) == (1000, "succeeded", part.id)
    assert (part.amount_refunded, part.refunded) == (1000, False)
    assert (whole.amount_refunded, whole.refunded) == (2500, True)
    refunds = await client.v1.refunds.list_async(
        {"payment_intent": payment}, {"stripe_account": account}
    )
    assert [refund.amount for refund in refunds.data] == [1500, 1000]


async def test_a_refund_has_events_that_lead_to_the_payment(
    stand_in: StandIn, client: stripe.StripeClient, account: str, payment: str
) -> None:
    await stand_in.post(f"/payment_intents/{payment}/refund")

    made, charged, updated = await events(client, account, "refund.*", "charge.refunded")
    assert [event.type for event in (made, charged, updated)] == [
        "refund.created",
        "charge.refunded",
        "refund.updated",
    ]
    for event in (made, charged, updated):
        assert event.account == account
        assert event.data.object.payment_intent == payment
    assert charged.data.object.metadata.to_dict() == METADATA
    intent = await client.v1.payment_intents.retrieve_async(
        payment, options={"stripe_account": account}
    )
    assert intent.metadata.to_dict() == METADATA


async def test_a_refund_fails_once_and_returns_its_amount(
    stand_in: StandIn, client: stripe.StripeClient, account: str, payment: str
) -> None:
    await stand_in.post(f"/payment_intents/{payment}/refund", amount=1000)
    rest = await stand_in.post(f"/payment_intents/{payment}/refund")

    failed = await stand_in.post(f"/refunds/{rest['id']}/fail")

    assert (failed["status"], failed["failure_reason"]) == ("failed", "expired_or_canceled_card")
    charge = await charge_of(client, account, payment)
    assert (charge.amount_refunded, charge.refunded) == (1000, False)
    (event,) = await events(client, account, "refund.failed")
    assert event.data.object.payment_intent == payment
    again = await stand_in.control.post(f"/refunds/{rest['id']}/fail", json={})
    assert again.status_code == 400


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [((2501,), "greater than unrefunded amount"), ((2500, 1), "has already been refunded")],
)
async def test_more_than_the_payment_is_not_refunded(
    stand_in: StandIn, payment: str, amounts: tuple[int, ...], reason: str
) -> None:
    *_, last = [
        await stand_in.control.post(f"/payment_intents/{payment}/refund", json={"amount": amount})
        for amount in amounts
    ]

    assert last.status_code == 400
    assert reason in last.json()["detail"]


@pytest.mark.parametrize("won", [True, False])
async def test_a_dispute_is_won_or_lost(
    stand_in: StandIn, client: stripe.StripeClient, account: str, payment: str, won: bool
) -> None:
    disputed = await stand_in.post(f"/payment_intents/{payment}/dispute")
    assert (await charge_of(client, account, payment)).disputed
    assert disputed["status"] == "needs_response"

    await stand_in.post(f"/disputes/{disputed['id']}/close", won=won)

    dispute = await client.v1.disputes.retrieve_async(
        disputed["id"], options={"stripe_account": account}
    )
    assert dispute.status == ("won" if won else "lost")
    assert (dispute.amount, dispute.payment_intent) == (2500, payment)
    types = [event.type for event in await events(client, account, "charge.dispute.*")]
    reinstated = ["charge.dispute.funds_reinstated"] if won else []
    assert types == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
        *reinstated,
    ]


async def test_a_disputed_payment_is_neither_refunded_nor_disputed_again(
    stand_in: StandIn, payment: str
) -> None:
    await stand_in.post(f"/payment_intents/{payment}/dispute")

    refund = await stand_in.control.post(f"/payment_intents/{payment}/refund", json={})
    again = await stand_in.control.post(f"/payment_intents/{payment}/dispute")

    assert (refund.status_code, again.status_code) == (400, 400)
    assert "charged back" in refund.json()["detail"]
