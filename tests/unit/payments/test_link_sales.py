"""The payment links of an account, and what each of them has sold."""

from typing import Any

import httpx
import pytest

import retire_links
from payments.errors import PaymentsDeclined, PaymentsUnavailable
from payments.link_sales import LinkSales
from tests.unit.payments.fake_stripe import ACCOUNT, FakeStripe, adapter_on, failure
from tests.unit.payments.sale_factories import EVENT_ID, donation, event, sale, tier

PAID = {"status": "succeeded", "latest_charge": {"object": "charge", "refunded": False}}
REFUNDED = {"status": "succeeded", "latest_charge": {"object": "charge", "refunded": True}}
PROCESSING = {"status": "processing", "latest_charge": None}
FAILED = {"status": "requires_payment_method", "latest_charge": None}

LINKED = tier(paymentLink="https://buy.stripe.test/1")


@pytest.fixture
def fake() -> FakeStripe:
    return FakeStripe()


def checkout(
    fake: FakeStripe,
    link_id: str,
    *,
    quantity: int = 1,
    intent: dict[str, Any] | None = None,
    status: str = "complete",
    payment_status: str = "paid",
) -> None:
    number = len(fake.objects["checkout/sessions"])
    fake.put(
        "checkout/sessions",
        f"cs_{number}",
        payment_link=link_id,
        status=status,
        payment_status=payment_status,
        payment_intent=intent and {"object": "payment_intent", "id": "pi_1", **intent},
        line_items={"object": "list", "data": [{"object": "item", "quantity": quantity}]},
    )


async def test_orders_are_counted_by_their_state(fake: FakeStripe) -> None:
    fake.page = 2
    adapter = adapter_on(fake)
    link = await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    checkout(fake, link.id, quantity=2, intent=PAID)
    checkout(fake, link.id, quantity=3, payment_status="no_payment_required")
    checkout(fake, link.id, quantity=4, intent=REFUNDED)
    checkout(fake, link.id, quantity=5, intent=PROCESSING, payment_status="unpaid")
    checkout(fake, link.id, quantity=6, intent=FAILED, payment_status="unpaid")
    checkout(fake, link.id, status="open", payment_status="unpaid")
    checkout(fake, link.id, status="expired", payment_status="unpaid")
    checkout(fake, "plink_other", intent=PAID)

    sales = await adapter.sales_of_link(ACCOUNT, link.id)

    assert sales == LinkSales(orders=3, tickets=5, refunded=4, pending=5, open_checkouts=1)


async def test_all_our_links_are_deactivated_and_counted_per_tier(fake: FakeStripe) -> None:
    adapter = adapter_on(fake)
    earlier = await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    link = await adapter.ensure_payment_link(ACCOUNT, sale(), "price_2")
    gift = await adapter.ensure_payment_link(ACCOUNT, donation(), "price_3")
    fake.put("payment_links", "plink_by_hand")
    fake.put("payment_links", "plink_by_hand_2", metadata={"tier_id": "tier-1"})
    checkout(fake, earlier.id, quantity=2, intent=PAID)
    checkout(fake, link.id, quantity=3, intent=PAID)
    events = [event(LINKED, tier(id="tier-2", paymentLink=gift.url), tier(id="tier-3"))]

    for _ in range(2):
        rows = await retire_links.retire_links(adapter, ACCOUNT, events)

        assert [(row.tier_id, row.sales) for row in rows] == [
            ("tier-1", LinkSales(orders=2, tickets=5)),
            ("tier-2", LinkSales()),
            ("tier-3", LinkSales()),
        ]
        assert str(rows[0]) == f"{EVENT_ID}\tsummer-show\ttier-1\t2\t5\t0\t0\t0"
        assert fake.active("payment_links") == ["plink_by_hand", "plink_by_hand_2"]


async def test_a_request_that_may_succeed_later_is_repeated(
    fake: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retire_links, "PAUSES", (0, 0))
    adapter = adapter_on(fake)
    await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    broken = failure(500, type="api_error")
    fake.faults = [("GET /v1/payment_links", broken)] * 2
    assert await retire_links.retire_links(adapter, ACCOUNT, [event(LINKED)])
    fake.faults = [("GET /v1/payment_links", broken)] * 3
    with pytest.raises(PaymentsUnavailable):
        await retire_links.retire_links(adapter, ACCOUNT, [event(LINKED)])


async def test_a_refusal_is_not_repeated() -> None:
    requests: list[httpx.Request] = []

    def refusing(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return failure(403, type="invalid_request_error", code="account_invalid")

    with pytest.raises(PaymentsDeclined):
        await retire_links.retire_links(adapter_on(refusing), ACCOUNT, [event(LINKED)])
    assert len(requests) == 1
