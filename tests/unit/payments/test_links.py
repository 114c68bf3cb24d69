"""Payment links of publications that began under an earlier release."""

import httpx
import pytest

from payments.adapter import StripeAdapter
from payments.errors import PaymentsDeclined
from tests.unit.payments.fake_stripe import ACCOUNT, FakeStripe, adapter_on, failure
from tests.unit.payments.sale_factories import SESSION_ID, donation, sale


@pytest.fixture
def fake() -> FakeStripe:
    return FakeStripe()


@pytest.fixture
def adapter(fake: FakeStripe) -> StripeAdapter:
    return adapter_on(fake)


async def test_a_link_is_found_again(adapter: StripeAdapter, fake: FakeStripe) -> None:
    link = await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    assert await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1") == link
    (stored,) = fake.objects["payment_links"].values()
    assert (stored["id"], stored["url"]) == (link.id, link.url)
    assert sale().metadata.items() <= stored["metadata"].items()


@pytest.mark.parametrize(
    ("changes", "quantity", "range_", "orders"),
    [
        ({"quantity": None}, "1", ("1", "10"), None),
        ({"quantity": 20, "min_per_order": 3}, "3", ("3", "10"), "6"),
        ({"quantity": 4}, "1", ("1", "4"), "4"),
        ({"min_per_order": 2, "max_per_order": 2}, "2", None, "10"),
        ({"quantity": 1}, "1", None, "1"),
        ({"quantity": 1, "min_per_order": 2}, "2", None, "1"),
    ],
    ids=str,
)
async def test_limits_of_an_order_are_passed_on(  # noqa: PLR0917 - pytest passes them by name
    adapter: StripeAdapter,
    fake: FakeStripe,
    changes: dict[str, int | None],
    quantity: str,
    range_: tuple[str, str] | None,
    orders: str | None,
) -> None:
    link = await adapter.ensure_payment_link(ACCOUNT, sale(**changes), "price_1")
    stored = fake.objects["payment_links"][link.id]
    item = stored["line_items"]["0"]
    adjustable = item.get("adjustable_quantity")
    assert item["quantity"] == quantity
    assert (adjustable and (adjustable["minimum"], adjustable["maximum"])) == range_
    limit = stored["restrictions"]["completed_sessions"]["limit"] if orders else None
    assert limit == orders
    assert orders or "restrictions" not in stored


async def test_a_donation_is_bought_once_per_order(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    gift = donation(quantity=5, min_per_order=2)
    link = await adapter.ensure_payment_link(ACCOUNT, gift, "price_1")
    stored = fake.objects["payment_links"][link.id]
    assert stored["line_items"] == {"0": {"price": "price_1", "quantity": "1"}}
    assert stored["restrictions"] == {"completed_sessions": {"limit": "5"}}


async def test_another_price_deactivates_the_old_link(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    link = await adapter.ensure_payment_link(ACCOUNT, sale(), "price_2")
    assert fake.active("payment_links") == [link.id]


async def test_links_are_retired_and_used_again(adapter: StripeAdapter, fake: FakeStripe) -> None:
    fake.page = 2
    for number in range(5):
        fake.put("payment_links", f"plink_{number}")
    link = await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    foreign = await adapter.ensure_payment_link(ACCOUNT, sale(session_id="another"), "price_1")

    await adapter.retire_links(ACCOUNT, SESSION_ID)

    assert link.id not in fake.active("payment_links")
    assert {foreign.id, "plink_0", "plink_4"} <= set(fake.active("payment_links"))
    assert await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1") == link
    assert link.id in fake.active("payment_links")


async def test_a_stored_failure_leads_to_the_next_key(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    replayed = failure(500, {"Idempotent-Replayed": "true"}, type="api_error")
    fake.faults = [("POST /v1/payment_links", replayed)] * 2
    await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    numbers = [key.split(":")[3] for key in fake.keys("/v1/payment_links")]
    assert numbers == ["1", "2", "3"]


async def test_a_refused_link_is_repeated_once_corrected(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    path = "POST /v1/payment_links"
    stored = failure(400, {"Idempotent-Replayed": "true"}, message="no payment methods")
    fake.faults = [(path, stored)]
    assert await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    fresh: httpx.Response = failure(400, message="no payment methods")
    fake.faults = [(path, stored), (path, fresh)]
    with pytest.raises(PaymentsDeclined):
        await adapter.ensure_payment_link(ACCOUNT, sale(), "price_2")
