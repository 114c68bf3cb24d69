"""Products, prices and links are looked up before they are created."""

import httpx
import pytest

from payments.adapter import StripeAdapter
from payments.errors import FailureReplayed, PaymentsDeclined, PaymentsUnavailable
from payments.idempotency import MAX_GENERATIONS
from payments.models import PaymentLink, TierSale
from tests.unit.payments.fake_stripe import ACCOUNT, FakeStripe, adapter_on, body_of, failure
from tests.unit.payments.sale_factories import SESSION_ID, donation, sale


@pytest.fixture
def fake() -> FakeStripe:
    return FakeStripe()


@pytest.fixture
def adapter(fake: FakeStripe) -> StripeAdapter:
    return adapter_on(fake)


async def offered(adapter: StripeAdapter, tier: TierSale) -> tuple[str, str, PaymentLink]:
    product_id = await adapter.ensure_product(ACCOUNT, tier)
    price_id = await adapter.ensure_price(ACCOUNT, tier)
    return product_id, price_id, await adapter.ensure_payment_link(ACCOUNT, tier, price_id)


async def retired(adapter: StripeAdapter, *tiers: TierSale) -> None:
    await adapter.retire(
        ACCOUNT, session_id=SESSION_ID, product_ids=[tier.product_id for tier in tiers]
    )


async def test_a_tier_is_offered(adapter: StripeAdapter, fake: FakeStripe) -> None:
    product_id, price_id, link = await offered(adapter, sale())
    assert product_id == sale().product_id
    assert fake.objects["products"][product_id]["name"] == "Summer Show: VIP"
    assert fake.objects["products"][product_id]["description"] == "Front row"
    assert fake.objects["prices"][price_id]["unit_amount"] == 5_000
    assert fake.objects["prices"][price_id]["currency"] == "usd"
    stored = fake.objects["payment_links"][link.id]
    assert stored["line_items"] == {
        "0": {
            "price": price_id,
            "quantity": "1",
            "adjustable_quantity": {"enabled": "true", "minimum": "1", "maximum": "10"},
        }
    }
    assert stored["restrictions"] == {"completed_sessions": {"limit": "20"}}
    assert link.url == stored["url"]
    for kind in ("products", "prices", "payment_links"):
        (only,) = fake.objects[kind].values()
        assert sale().metadata.items() <= only["metadata"].items()


async def test_a_repetition_creates_and_changes_nothing(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    first = await offered(adapter, sale())
    sent = len(fake.sent())
    assert await offered(adapter, sale()) == first
    assert len(fake.sent()) == sent


async def test_derived_keys_are_the_same_in_every_process(
    fake: FakeStripe,
) -> None:
    await offered(adapter_on(fake), sale())
    again = FakeStripe()
    await offered(adapter_on(again), sale())
    for kind, step in (("products", "product"), ("prices", "price"), ("payment_links", "link")):
        (key,) = fake.keys(f"/v1/{kind}")
        assert key.startswith(f"{SESSION_ID}:{step}:tier-1:1:")
        assert again.keys(f"/v1/{kind}") == [key]


async def test_a_donation_leaves_the_amount_to_the_giver(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    _, price_id, link = await offered(adapter, donation(quantity=5, min_per_order=2))
    price = fake.objects["prices"][price_id]
    assert price["custom_unit_amount"] == {"minimum": 50, "preset": 1_000, "maximum": None}
    assert price["unit_amount"] is None
    stored = fake.objects["payment_links"][link.id]
    assert stored["line_items"] == {"0": {"price": price_id, "quantity": "1"}}
    assert stored["restrictions"] == {"completed_sessions": {"limit": "5"}}
    assert (await offered(adapter, donation(quantity=5, min_per_order=2)))[1] == price_id


async def test_a_suggestion_under_the_minimum_is_none(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    price_id = await adapter.ensure_price(ACCOUNT, donation(amount=0))
    assert fake.objects["prices"][price_id]["custom_unit_amount"]["preset"] is None
    assert await adapter.ensure_price(ACCOUNT, donation(amount=0)) == price_id


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


async def test_another_amount_retires_the_old_price(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    _, old_price, old_link = await offered(adapter, sale())
    _, price, link = await offered(adapter, sale(amount=6_000))
    assert price != old_price
    assert link.id != old_link.id
    assert fake.active("prices") == [price]
    assert fake.active("payment_links") == [link.id]


async def test_another_name_changes_the_product(adapter: StripeAdapter, fake: FakeStripe) -> None:
    await adapter.ensure_product(ACCOUNT, sale())
    await adapter.ensure_product(ACCOUNT, sale(name="Autumn Show: VIP", description=None))
    (product,) = fake.objects["products"].values()
    assert (product["name"], product["description"]) == ("Autumn Show: VIP", "")


async def test_a_retired_tier_is_put_on_sale_again(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    first = await offered(adapter, sale())
    await retired(adapter, sale())
    assert not any(fake.active(kind) for kind in fake.objects)
    assert await offered(adapter, sale()) == first
    assert all(len(fake.active(kind)) == 1 for kind in fake.objects)


async def test_retiring_leaves_other_sessions(adapter: StripeAdapter, fake: FakeStripe) -> None:
    await offered(adapter, sale())
    await offered(adapter, donation())
    foreign = await offered(adapter, sale(session_id="another", event_id="another"))
    fake.put("payment_links", "plink_by_hand")
    await retired(adapter, sale(), donation())
    assert fake.active("products") == [foreign[0]]
    assert fake.active("prices") == [foreign[1]]
    assert fake.active("payment_links") == [foreign[2].id, "plink_by_hand"]


async def test_retiring_again_does_nothing(adapter: StripeAdapter, fake: FakeStripe) -> None:
    await retired(adapter, sale())
    assert fake.sent() == []
    await offered(adapter, sale())
    await retired(adapter, sale())
    sent = len(fake.sent())
    await retired(adapter, sale())
    assert len(fake.sent()) == sent


async def test_links_and_prices_are_found_on_later_pages(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    fake.page = 2
    for number in range(5):
        fake.put("payment_links", f"plink_{number}")
        fake.put("prices", f"price_{number}", product=sale().product_id, currency="usd")
    offered_first = await offered(adapter, sale())
    assert await offered(adapter, sale()) == offered_first
    assert fake.active("prices") == [offered_first[1]]
    await retired(adapter, sale())
    assert offered_first[2].id not in fake.active("payment_links")


async def test_a_lookup_key_of_another_price_is_transferred(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    fake.put(
        "prices", "price_by_hand", product="other", currency="usd", lookup_key=sale().lookup_key
    )
    assert await adapter.ensure_price(ACCOUNT, sale()) != "price_by_hand"
    (created,) = [request for request in fake.requests if request.method == "POST"]
    assert body_of(created)["transfer_lookup_key"] == "true"


async def test_a_product_created_concurrently_is_used(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    exists = failure(400, type="invalid_request_error", code="resource_already_exists")
    fake.put("products", sale().product_id, name=sale().name, description=sale().description)
    fake.faults = [
        (f"GET /v1/products/{sale().product_id}", failure(404, code="resource_missing")),
        ("POST /v1/products", exists),
    ]
    assert await adapter.ensure_product(ACCOUNT, sale()) == sale().product_id


REPLAYED = failure(500, {"Idempotent-Replayed": "true"}, type="api_error")


@pytest.mark.parametrize("path", ["products", "prices", "payment_links"])
async def test_a_stored_failure_leads_to_the_next_key(
    adapter: StripeAdapter, fake: FakeStripe, path: str
) -> None:
    fake.faults = [(f"POST /v1/{path}", REPLAYED), (f"POST /v1/{path}", REPLAYED)]
    await offered(adapter, sale())
    generations = [key.split(":")[3] for key in fake.keys(f"/v1/{path}")]
    assert generations == ["1", "2", "3"]
    assert len(fake.objects[path]) == 1


async def test_a_stored_failure_that_had_effect_is_reconciled(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    def replayed_after_effect(request: httpx.Request) -> httpx.Response:
        response = fake(request)
        is_creation = request.method == "POST" and request.url.path.count("/") == 2
        return REPLAYED if is_creation else response

    await offered(adapter_on(replayed_after_effect), sale())
    assert all(len(objects) == 1 for objects in fake.objects.values())
    assert len(fake.sent()) == 3


async def test_a_new_failure_keeps_its_key_for_the_retry(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    fake.faults = [("POST /v1/products", failure(500, type="api_error"))]
    with pytest.raises(PaymentsUnavailable):
        await adapter.ensure_product(ACCOUNT, sale())
    await adapter.ensure_product(ACCOUNT, sale())
    first, second = fake.keys("/v1/products")
    assert first == second


async def test_generations_of_keys_are_limited(adapter: StripeAdapter, fake: FakeStripe) -> None:
    fake.faults = [("POST /v1/products", REPLAYED)] * (MAX_GENERATIONS + 1)
    with pytest.raises(FailureReplayed):
        await adapter.ensure_product(ACCOUNT, sale())
    assert len(set(fake.keys("/v1/products"))) == MAX_GENERATIONS


async def test_a_refused_tier_is_final(adapter: StripeAdapter, fake: FakeStripe) -> None:
    fake.faults = [("POST /v1/prices", failure(400, code="amount_too_small"))]
    with pytest.raises(PaymentsDeclined):
        await adapter.ensure_price(ACCOUNT, sale())
    assert len(fake.keys("/v1/prices")) == 1


async def test_a_refused_request_is_repeated_once_corrected(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    stored = failure(400, {"Idempotent-Replayed": "true"}, message="no payment methods")
    fake.faults = [("POST /v1/payment_links", stored)]
    assert await adapter.ensure_payment_link(ACCOUNT, sale(), "price_1")
    fresh = failure(400, message="no payment methods")
    fake.faults = [("POST /v1/payment_links", stored), ("POST /v1/payment_links", fresh)]
    with pytest.raises(PaymentsDeclined):
        await adapter.ensure_payment_link(ACCOUNT, sale(), "price_2")


async def test_every_update_has_a_new_idempotency_key(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    """Under a single key, deactivating, activating and deactivating again would end active."""
    for _ in range(2):
        await offered(adapter, sale())
        await retired(adapter, sale())
    for kind, objects in fake.objects.items():
        (object_id,) = objects
        keys = fake.keys(f"/v1/{kind}/{object_id}")
        assert len(set(keys)) == len(keys) == 3
