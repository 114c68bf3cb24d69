"""Checkout sessions of the API: their states, what a buyer does, and their expiry."""

import time
from typing import Any

import httpx
import pytest
import stripe

from tests.integration.dev.stripe_stand_in.receiver import Receiver
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

SUCCESS = "http://127.0.0.1/thanks?session={CHECKOUT_SESSION_ID}"
CANCEL = "http://127.0.0.1/event"
MINUTE = 60


class Shop:
    """Opens and reads checkout sessions of one account."""

    def __init__(self, client: stripe.StripeClient, account: str, price: str) -> None:
        self.account = account
        self.price = price
        self.sessions = client.v1.checkout.sessions
        self.events = client.v1.events
        self.options: stripe.RequestOptions = {"stripe_account": account}

    async def open(self, **settings: Any) -> stripe.checkout.Session:
        parameters: Any = {
            "mode": "payment",
            "line_items": [{"price": self.price, "quantity": 2}],
            "success_url": SUCCESS,
            "cancel_url": CANCEL,
            **settings,
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        return await self.sessions.create_async(given, self.options)  # type: ignore[arg-type]

    async def read(self, session_id: str, *expand: str) -> stripe.checkout.Session:
        return await self.sessions.retrieve_async(
            session_id, {"expand": list(expand)}, self.options
        )

    async def event_types(self, pattern: str = "checkout.session.*") -> list[str]:
        found = await self.events.list_async({"type": pattern, "limit": 100}, self.options)
        return [event.type for event in reversed(found.data)]


@pytest.fixture
def shop(client: stripe.StripeClient, account: str, price: str) -> Shop:
    return Shop(client, account, price)


def inline(amount: int, currency: str = "usd", **settings: Any) -> Any:
    data = {"currency": currency, "unit_amount": amount, **settings}
    return [{"price_data": {"product": "vip", **data}, "quantity": 1}]


async def test_a_new_session_is_open_and_unpaid(shop: Shop) -> None:
    session = await shop.open(metadata={"order": "o1"}, client_reference_id="o1")

    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount_total, session.currency) == (5000, "usd")
    assert session.metadata
    assert session.metadata["order"] == "o1"
    assert session.payment_intent is None
    assert "line_items" not in session
    assert abs(session.expires_at - session.created - 24 * 60 * MINUTE) <= 1
    assert await shop.event_types() == []


async def test_the_same_key_gives_the_same_session(shop: Shop) -> None:
    shop.options["idempotency_key"] = "order-1"

    first, second = await shop.open(), await shop.open()

    assert first.id == second.id


async def test_line_items_are_listed_and_expanded(shop: Shop) -> None:
    session = await shop.open()

    listed = await shop.sessions.line_items.list_async(session.id, options=shop.options)
    expanded = await shop.read(session.id, "line_items")

    assert expanded.line_items
    for items in (listed.data, expanded.line_items.data):
        assert [(item.quantity, item.amount_total) for item in items] == [(2, 5000)]
        assert items[0].price
        assert items[0].price.id == shop.price


async def test_an_inline_price_is_for_one_sale(client: stripe.StripeClient, shop: Shop) -> None:
    session = await shop.open(line_items=inline(1234))

    assert session.amount_total == 1234
    prices = await client.v1.prices.list_async({"active": False}, shop.options)
    assert [(price.product, price.unit_amount) for price in prices.data] == [("vip", 1234)]


async def test_an_inline_product_is_for_one_sale(client: stripe.StripeClient, shop: Shop) -> None:
    items: Any = [
        {
            "price_data": {
                "currency": "usd",
                "unit_amount": 700,
                "product_data": {"name": "Donation"},
            },
            "quantity": 1,
        }
    ]

    session = await shop.open(line_items=items)

    listed = await shop.sessions.line_items.list_async(session.id, options=shop.options)
    assert listed.data[0].description == "Donation"
    products = await client.v1.products.list_async({"active": False}, shop.options)
    assert [product.name for product in products.data] == ["Donation"]


@pytest.mark.parametrize(
    ("settings", "param"),
    [
        ({"mode": None}, "mode"),
        ({"success_url": None}, "success_url"),
        ({"success_url": "thanks"}, "success_url"),
        ({"cancel_url": "javascript:alert(1)"}, "cancel_url"),
        ({"line_items": None}, "line_items"),
        ({"line_items": [{"price": "price_unknown", "quantity": 1}]}, "line_items[0][price]"),
        ({"line_items": inline(500, product="unknown")}, "line_items[0][price_data][product]"),
        ({"line_items": inline(49)}, "line_items"),
        ({"line_items": inline(-1)}, "line_items[0][price_data][unit_amount]"),
        ({"metadata": {"order": "x" * 501}}, "metadata[order]"),
        (
            {"payment_intent_data": {"capture_method": "manual"}},
            "payment_intent_data[capture_method]",
        ),
        ({"shipping_options": [{"shipping_rate": "shr_1"}]}, "shipping_options"),
    ],
)
async def test_a_session_that_stripe_refuses_is_refused(
    shop: Shop, client: stripe.StripeClient, settings: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await shop.open(**settings)

    assert refused.value.http_status == 400
    assert str(refused.value.param).startswith(param)
    assert (await shop.sessions.list_async({}, shop.options)).data == []
    assert len((await client.v1.prices.list_async({}, shop.options)).data) == 1


@pytest.mark.parametrize(
    ("minutes", "is_accepted"),
    [(29, False), (31, True), (24 * 60 - 1, True), (24 * 60 + 1, False)],
)
async def test_a_session_lasts_30_minutes_to_24_hours(
    shop: Shop, minutes: int, is_accepted: bool
) -> None:
    expires_at = int(time.time()) + minutes * MINUTE
    if is_accepted:
        assert (await shop.open(expires_at=expires_at)).expires_at == expires_at
        return

    with pytest.raises(stripe.InvalidRequestError, match="from Checkout Session creation"):
        await shop.open(expires_at=expires_at)


async def test_a_session_of_an_account_without_cards_is_refused(
    stand_in: StandIn, shop: Shop
) -> None:
    session = await shop.open()
    await stand_in.move(shop.account, "restricted")

    with pytest.raises(stripe.InvalidRequestError, match="No valid payment method types"):
        await shop.open()
    paid = await stand_in.control.post(f"/checkout_sessions/{session.id}/pay", json={})
    assert paid.status_code == 400
    assert (await shop.read(session.id)).status == "open"


@pytest.mark.parametrize("fee", [-1, 0, 5000, 5001])
async def test_a_fee_must_be_positive_and_below_the_amount(shop: Shop, fee: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await shop.open(payment_intent_data={"application_fee_amount": fee})

    assert refused.value.param == "payment_intent_data[application_fee_amount]"


@pytest.mark.parametrize(("currency", "amount"), [("bhd", 12_505), ("isk", 50_050)])
async def test_an_amount_between_the_currencys_steps_is_refused(
    shop: Shop, currency: str, amount: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="must be a multiple of") as price:
        await shop.open(line_items=inline(amount, currency))
    with pytest.raises(stripe.InvalidRequestError, match="must be a multiple of") as fee:
        await shop.open(
            line_items=inline(100_000, currency),
            payment_intent_data={"application_fee_amount": amount},
        )

    assert price.value.param == "line_items[0][price_data][unit_amount]"
    assert fee.value.param == "payment_intent_data[application_fee_amount]"


async def test_a_fee_on_a_payment_of_the_platform_is_refused(
    client: stripe.StripeClient, shop: Shop
) -> None:
    await client.v1.products.create_async({"id": "vip", "name": "VIP"})
    shop.options = {}

    with pytest.raises(stripe.InvalidRequestError, match="application_fee_amount"):
        await shop.open(line_items=inline(500), payment_intent_data={"application_fee_amount": 100})


async def test_a_payment_completes_the_session(stand_in: StandIn, shop: Shop) -> None:
    opened = await shop.open(
        metadata={"order": "o1"},
        payment_intent_data={"application_fee_amount": 500, "metadata": {"order": "o2"}},
    )

    await stand_in.post(f"/checkout_sessions/{opened.id}/pay", email="ada@example.com")

    session = await shop.read(opened.id, "payment_intent.latest_charge")
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.customer_details
    assert session.customer_details.email == "ada@example.com"
    intent: Any = session.payment_intent
    charge = intent.latest_charge
    for paid in (intent, charge):
        assert (paid.amount, paid.application_fee_amount, paid.status) == (5000, 500, "succeeded")
        assert paid.metadata.to_dict() == {"order": "o2"}
    assert await shop.event_types() == ["checkout.session.completed"]
    found = await shop.sessions.list_async({"payment_intent": intent.id}, shop.options)
    assert [item.id for item in found.data] == [opened.id]
    again = await stand_in.control.post(f"/checkout_sessions/{opened.id}/pay", json={})
    assert again.status_code == 400


@pytest.mark.parametrize(
    ("succeeds", "payment_status", "event"),
    [(True, "paid", "async_payment_succeeded"), (False, "unpaid", "async_payment_failed")],
)
async def test_a_delayed_payment_succeeds_or_fails_later(
    stand_in: StandIn, shop: Shop, succeeds: bool, payment_status: str, event: str
) -> None:
    opened = await shop.open()
    await stand_in.post(f"/checkout_sessions/{opened.id}/pay", delayed=True)
    waiting = await shop.read(opened.id, "payment_intent")
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"  # type: ignore[union-attr]

    await stand_in.post(f"/checkout_sessions/{opened.id}/settle", succeeds=succeeds)

    settled = await shop.read(opened.id)
    assert (settled.status, settled.payment_status) == ("complete", payment_status)
    types = ["checkout.session.completed", f"checkout.session.{event}"]
    assert await shop.event_types() == types
    again = await stand_in.control.post(f"/checkout_sessions/{opened.id}/settle", json={})
    assert again.status_code == 400


async def test_a_session_for_cards_takes_no_delayed_payment(stand_in: StandIn, shop: Shop) -> None:
    opened = await shop.open(allowed_payment_method_types=["card"])

    refused = await stand_in.control.post(
        f"/checkout_sessions/{opened.id}/pay", json={"delayed": True}
    )

    assert refused.status_code == 400
    assert (await shop.read(opened.id)).status == "open"


async def test_a_session_expires_by_time(stand_in: StandIn, shop: Shop, receiver: Receiver) -> None:
    await stand_in.post("/webhooks", url=receiver.url, secret="whsec_secret", connect=True)
    opened = await shop.open(expires_at=int(time.time()) + 31 * MINUTE)
    other = await shop.open()
    await stand_in.post(f"/checkout_sessions/{opened.id}/clock", seconds=29 * MINUTE)
    assert (await shop.read(opened.id)).status == "open"

    await stand_in.post(f"/checkout_sessions/{opened.id}/clock", seconds=2 * MINUTE)

    (received,) = await receiver.gets(1, "checkout.session.expired")
    assert received.event["data"]["object"]["id"] == opened.id
    expired = await shop.read(opened.id)
    assert (expired.status, expired.payment_status, expired.url) == ("expired", "unpaid", None)
    assert (await shop.read(other.id)).status == "open"
    paid = await stand_in.control.post(f"/checkout_sessions/{opened.id}/pay", json={})
    assert paid.status_code == 400


async def test_expire_ends_only_an_open_session(stand_in: StandIn, shop: Shop) -> None:
    opened, paid = await shop.open(), await shop.open()
    await stand_in.post(f"/checkout_sessions/{paid.id}/pay")

    expired = await shop.sessions.expire_async(opened.id, options=shop.options)

    assert expired.status == "expired"
    for session_id, status in ((opened.id, "expired"), (paid.id, "complete")):
        with pytest.raises(stripe.InvalidRequestError, match=f"status of `{status}`"):
            await shop.sessions.expire_async(session_id, options=shop.options)
    assert sorted(await shop.event_types()) == [
        "checkout.session.completed",
        "checkout.session.expired",
    ]


async def test_sessions_are_listed_by_time_and_status_only(stand_in: StandIn, shop: Shop) -> None:
    first, second = await shop.open(metadata={"order": "o1"}), await shop.open()
    await shop.sessions.expire_async(first.id, options=shop.options)

    async def found(**filters: Any) -> list[str]:
        listed = await shop.sessions.list_async(filters, shop.options)  # type: ignore[arg-type]
        return [session.id for session in listed.data]

    assert await found() == [second.id, first.id]
    assert await found(status="open") == [second.id]
    assert await found(created={"gte": first.created}) == [second.id, first.id]
    assert await found(created={"gt": second.created}) == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await found(metadata={"order": "o1"})
    assert refused.value.code == "parameter_unknown"


async def test_a_buyer_pays_on_the_page(shop: Shop, browser: httpx.AsyncClient) -> None:
    opened = await shop.open()
    assert opened.url
    page = await browser.get(opened.url)
    assert "2 at 25.00 USD" in page.text
    assert f'href="{CANCEL}"' in page.text

    back = await browser.post(opened.url, data={"choice": "pay", "email": "bob@example.com"})

    assert back.headers["location"] == SUCCESS.format(CHECKOUT_SESSION_ID=opened.id)
    assert (await shop.read(opened.id)).payment_status == "paid"
    assert "complete" in (await browser.get(opened.url)).text


async def test_a_buyer_pays_later_on_the_page(shop: Shop, browser: httpx.AsyncClient) -> None:
    opened = await shop.open()
    assert opened.url

    await browser.post(opened.url, data={"choice": "pay_later"})

    session = await shop.read(opened.id)
    assert (session.status, session.payment_status) == ("complete", "unpaid")


async def test_cancelling_on_the_page_leaves_the_session_open(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    opened = await shop.open()
    assert opened.url

    await browser.get(opened.url)

    assert (await shop.read(opened.id)).status == "open"


async def test_a_discount_lowers_the_amount_and_the_fee(stand_in: StandIn, shop: Shop) -> None:
    opened = await shop.open(
        allow_promotion_codes=True, payment_intent_data={"application_fee_amount": 500}
    )

    await stand_in.post(f"/checkout_sessions/{opened.id}/pay", discount=4900)

    session = await shop.read(opened.id, "payment_intent")
    assert (session.amount_subtotal, session.amount_total) == (5000, 100)
    assert session.total_details
    assert session.total_details.amount_discount == 4900
    assert session.payment_intent.application_fee_amount == 100  # type: ignore[union-attr]


async def test_a_discount_of_everything_needs_no_payment(stand_in: StandIn, shop: Shop) -> None:
    opened = await shop.open(allow_promotion_codes=True)

    await stand_in.post(f"/checkout_sessions/{opened.id}/pay", discount=5000)

    session = await shop.read(opened.id)
    assert (session.status, session.payment_status) == ("complete", "no_payment_required")
    assert session.payment_intent is None


@pytest.mark.parametrize(("allowed", "discount"), [(False, 100), (True, 4960)])
async def test_a_discount_that_is_not_possible_is_refused(
    stand_in: StandIn, shop: Shop, allowed: bool, discount: int
) -> None:
    opened = await shop.open(allow_promotion_codes=allowed)

    refused = await stand_in.control.post(
        f"/checkout_sessions/{opened.id}/pay", json={"discount": discount}
    )

    assert refused.status_code == 400
    assert (await shop.read(opened.id)).status == "open"


async def test_automatic_tax_needs_an_account_with_stripe_tax(
    stand_in: StandIn, shop: Shop
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Stripe Tax has not been activated"):
        await shop.open(automatic_tax={"enabled": True})
    await stand_in.post(f"/accounts/{shop.account}/tax", active=True)

    opened = await shop.open(automatic_tax={"enabled": True})
    await stand_in.post(f"/checkout_sessions/{opened.id}/pay")

    assert opened.automatic_tax.status == "requires_location_inputs"
    session = await shop.read(opened.id)
    assert (session.amount_total, session.automatic_tax.status) == (6000, "complete")
    assert session.total_details
    assert session.total_details.amount_tax == 1000


async def test_a_session_of_another_account_is_not_found(
    client: stripe.StripeClient, shop: Shop
) -> None:
    opened = await shop.open()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.checkout.sessions.retrieve_async(opened.id)

    assert refused.value.code == "resource_missing"


async def test_a_session_of_a_disconnected_account_can_still_be_paid(
    stand_in: StandIn, shop: Shop, receiver: Receiver
) -> None:
    opened = await shop.open()
    await stand_in.post("/webhooks", url=receiver.url, secret="whsec_secret", connect=True)
    await stand_in.post(f"/accounts/{shop.account}/disconnect")
    await receiver.gets(1, "account.application.deauthorized")

    paid = await stand_in.post(f"/checkout_sessions/{opened.id}/pay")

    assert paid["payment_status"] == "paid"

    async def all_delivered() -> bool:
        return all(item["delivered"] for item in await stand_in.get("/deliveries"))

    await eventually(all_delivered, what="the deliveries")
    assert len(receiver.received) == 1


async def test_unknown_sessions_and_payments_are_not_found(stand_in: StandIn) -> None:
    for path in ("checkout_sessions/cs_1/pay", "payment_intents/pi_1/refund"):
        assert (await stand_in.control.post(f"/{path}", json={})).status_code == 404
