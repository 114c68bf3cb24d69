"""Products and prices of tiers: created, found again, corrected and retired."""

import copy

import httpx
import pytest

from payments.adapter import StripeAdapter
from payments.errors import FailureReplayed, PaymentsDeclined, PaymentsUnavailable
from payments.idempotency import MAX_KEYS
from tests.unit.payments.fake_stripe import ACCOUNT, FakeStripe, adapter_on, failure
from tests.unit.payments.sale_factories import SESSION_ID, donation, sale


@pytest.fixture
def fake() -> FakeStripe:
    return FakeStripe()


@pytest.fixture
def adapter(fake: FakeStripe) -> StripeAdapter:
    return adapter_on(fake)


async def test_a_tier_is_offered_in_two_requests(adapter: StripeAdapter, fake: FakeStripe) -> None:
    price_id = await adapter.offer(ACCOUNT, sale())
    (product,) = fake.objects["products"].values()
    assert product["id"] == sale().product_id
    assert product["name"] == "Summer Show: VIP"
    assert product["description"] == "Front row"
    price = fake.objects["prices"][price_id]
    assert (price["unit_amount"], price["currency"]) == (5_000, "usd")
    assert price["lookup_key"] == sale().lookup_key
    assert product["metadata"] == price["metadata"] == sale().metadata
    assert len(fake.requests) == 2


@pytest.mark.parametrize("keys", ["stored", "forgotten"])
async def test_a_repetition_creates_and_changes_nothing(
    adapter: StripeAdapter, fake: FakeStripe, keys: str
) -> None:
    first = await adapter.offer(ACCOUNT, sale())
    before = copy.deepcopy(fake.objects)
    if keys == "forgotten":
        fake.stored.clear()
    assert await adapter.offer(ACCOUNT, sale()) == first
    assert fake.objects == before


async def test_derived_keys_are_the_same_in_every_process(fake: FakeStripe) -> None:
    await adapter_on(fake).offer(ACCOUNT, sale())
    again = FakeStripe()
    await adapter_on(again).offer(ACCOUNT, sale())
    for kind, step in (("products", "product"), ("prices", "price")):
        (key,) = fake.keys(f"/v1/{kind}")
        assert key.startswith(f"{SESSION_ID}:{step}:tier-1:1:")
        assert again.keys(f"/v1/{kind}") == [key]


MEDIA_URL = "https://media.example"
COVER = f"/media/{'ab' * 32}-1920.webp"


async def test_a_product_shows_the_stored_cover_by_an_absolute_url(fake: FakeStripe) -> None:
    adapter = adapter_on(fake, media_url=MEDIA_URL)
    await adapter.offer(ACCOUNT, sale(picture=COVER))
    (product,) = fake.objects["products"].values()
    assert product["images"] == [f"{MEDIA_URL}{COVER}"]
    before = copy.deepcopy(fake.objects)
    await adapter.offer(ACCOUNT, sale(picture=COVER))
    assert fake.objects == before


@pytest.mark.parametrize("media_url", ["", "http://127.0.0.1:8000"])
async def test_a_product_has_no_image_that_stripe_cannot_show(
    fake: FakeStripe, media_url: str
) -> None:
    await adapter_on(fake, media_url=media_url).offer(ACCOUNT, sale(picture=COVER))
    (product,) = fake.objects["products"].values()
    assert product["images"] == []


async def test_a_product_follows_the_change_of_a_cover(fake: FakeStripe) -> None:
    adapter = adapter_on(fake, media_url=MEDIA_URL)
    await adapter.offer(ACCOUNT, sale(picture=COVER))
    fake.stored.clear()
    await adapter.offer(ACCOUNT, sale())
    (product,) = fake.objects["products"].values()
    assert product["images"] == []


async def test_a_donation_leaves_the_amount_to_the_giver(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    price_id = await adapter.offer(ACCOUNT, donation())
    price = fake.objects["prices"][price_id]
    assert price["custom_unit_amount"] == {"minimum": 50, "preset": 1_000, "maximum": None}
    assert price["unit_amount"] is None
    assert await adapter.offer(ACCOUNT, donation()) == price_id


async def test_a_suggestion_under_the_minimum_is_none(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    price_id = await adapter.offer(ACCOUNT, donation(amount=0))
    assert fake.objects["prices"][price_id]["custom_unit_amount"]["preset"] is None
    fake.stored.clear()
    assert await adapter.offer(ACCOUNT, donation(amount=0)) == price_id


async def test_another_amount_retires_the_old_price(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    old_price = await adapter.offer(ACCOUNT, sale())
    price = await adapter.offer(ACCOUNT, sale(amount=6_000))
    assert price != old_price
    assert fake.active("prices") == [price]


async def test_an_earlier_amount_is_put_on_sale_again(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    first = await adapter.offer(ACCOUNT, sale())
    await adapter.offer(ACCOUNT, sale(amount=6_000))
    assert await adapter.offer(ACCOUNT, sale()) == first
    assert fake.active("prices") == [first]


async def test_another_name_changes_the_product(adapter: StripeAdapter, fake: FakeStripe) -> None:
    await adapter.offer(ACCOUNT, sale())
    await adapter.offer(ACCOUNT, sale(name="Autumn Show: VIP", description=None))
    (product,) = fake.objects["products"].values()
    assert (product["name"], product["description"]) == ("Autumn Show: VIP", "")


@pytest.mark.parametrize("keys", ["stored", "forgotten"])
async def test_a_retired_tier_is_put_on_sale_again(
    adapter: StripeAdapter, fake: FakeStripe, keys: str
) -> None:
    """A stored response shows the product and the price as they were before they were retired."""
    first = await adapter.offer(ACCOUNT, sale())
    await adapter.retire(ACCOUNT, [sale().product_id])
    assert not any(fake.active(kind) for kind in fake.objects)
    if keys == "forgotten":
        fake.stored.clear()
    assert await adapter.offer(ACCOUNT, sale()) == first
    assert fake.active("products") == [sale().product_id]
    assert fake.active("prices") == [first]


async def test_a_deleted_product_is_created_again(adapter: StripeAdapter, fake: FakeStripe) -> None:
    await adapter.offer(ACCOUNT, sale())
    for objects in fake.objects.values():
        objects.clear()
    price_id = await adapter.offer(ACCOUNT, sale())
    assert fake.active("products") == [sale().product_id]
    assert fake.active("prices") == [price_id]


async def test_retiring_leaves_other_sessions(adapter: StripeAdapter, fake: FakeStripe) -> None:
    await adapter.offer(ACCOUNT, sale())
    await adapter.offer(ACCOUNT, donation())
    other = sale(session_id="another", event_id="another")
    price_id = await adapter.offer(ACCOUNT, other)
    await adapter.retire(ACCOUNT, [sale().product_id, donation().product_id])
    assert fake.active("products") == [other.product_id]
    assert fake.active("prices") == [price_id]


async def test_retiring_again_does_nothing(adapter: StripeAdapter, fake: FakeStripe) -> None:
    await adapter.retire(ACCOUNT, [sale().product_id])
    assert fake.sent() == []
    await adapter.offer(ACCOUNT, sale())
    await adapter.retire(ACCOUNT, [sale().product_id])
    sent = len(fake.sent())
    await adapter.retire(ACCOUNT, [sale().product_id])
    assert len(fake.sent()) == sent


async def test_prices_are_found_on_later_pages(adapter: StripeAdapter, fake: FakeStripe) -> None:
    fake.page = 2
    for number in range(5):
        fake.put("prices", f"price_{number}", product=sale().product_id, currency="usd")
    fake.put("products", sale().product_id, name=sale().name, description=sale().description)
    price_id = await adapter.offer(ACCOUNT, sale())
    assert fake.active("prices") == [price_id]


async def test_a_lookup_key_of_another_price_is_transferred(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    fake.put(
        "prices", "price_by_hand", product="other", currency="usd", lookup_key=sale().lookup_key
    )
    price_id = await adapter.offer(ACCOUNT, sale())
    assert price_id != "price_by_hand"
    assert fake.objects["prices"][price_id]["lookup_key"] == sale().lookup_key
    assert fake.objects["prices"]["price_by_hand"]["lookup_key"] is None
    fake.stored.clear()
    assert await adapter.offer(ACCOUNT, sale()) == price_id


async def test_a_product_created_concurrently_is_used(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    fake.put("products", sale().product_id, name=sale().name, description=sale().description)
    await adapter.offer(ACCOUNT, sale())
    assert fake.active("products") == [sale().product_id]


REPLAYED = failure(500, {"Idempotent-Replayed": "true"}, type="api_error")


@pytest.mark.parametrize("path", ["products", "prices"])
async def test_a_stored_failure_leads_to_the_next_key(
    adapter: StripeAdapter, fake: FakeStripe, path: str
) -> None:
    fake.faults = [(f"POST /v1/{path}", REPLAYED), (f"POST /v1/{path}", REPLAYED)]
    await adapter.offer(ACCOUNT, sale())
    numbers = [key.split(":")[3] for key in fake.keys(f"/v1/{path}")]
    assert numbers == ["1", "2", "3"]
    assert len(fake.objects[path]) == 1


async def test_a_stored_failure_that_had_effect_is_reconciled(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    def replayed_after_effect(request: httpx.Request) -> httpx.Response:
        response = fake(request)
        is_creation = request.method == "POST" and request.url.path.count("/") == 2
        return REPLAYED if is_creation else response

    await adapter_on(replayed_after_effect).offer(ACCOUNT, sale())
    assert len(fake.objects["products"]) == len(fake.objects["prices"]) == 1
    assert len(fake.sent()) == 2


async def test_a_new_failure_keeps_its_key_for_the_retry(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    fake.faults = [("POST /v1/products", failure(500, type="api_error"))]
    with pytest.raises(PaymentsUnavailable):
        await adapter.offer(ACCOUNT, sale())
    await adapter.offer(ACCOUNT, sale())
    first, second = fake.keys("/v1/products")
    assert first == second


async def test_keys_of_one_creation_are_limited(adapter: StripeAdapter, fake: FakeStripe) -> None:
    fake.faults = [("POST /v1/products", REPLAYED)] * (MAX_KEYS + 1)
    with pytest.raises(FailureReplayed):
        await adapter.offer(ACCOUNT, sale())
    assert len(set(fake.keys("/v1/products"))) == MAX_KEYS


async def test_a_refused_tier_is_final(adapter: StripeAdapter, fake: FakeStripe) -> None:
    fake.faults = [("POST /v1/prices", failure(400, code="amount_too_small"))]
    with pytest.raises(PaymentsDeclined):
        await adapter.offer(ACCOUNT, sale())
    assert len(fake.keys("/v1/prices")) == 1


async def test_a_refused_request_is_repeated_once_corrected(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    stored = failure(400, {"Idempotent-Replayed": "true"}, message="refused")
    fake.faults = [("POST /v1/products", stored)]
    assert await adapter.offer(ACCOUNT, sale())
    fresh = failure(400, message="refused")
    fake.faults = [("POST /v1/products", stored), ("POST /v1/products", fresh)]
    with pytest.raises(PaymentsDeclined):
        await adapter.offer(ACCOUNT, donation())


async def test_every_update_has_a_new_idempotency_key(
    adapter: StripeAdapter, fake: FakeStripe
) -> None:
    """Under a single key, deactivating, activating and deactivating again would end active."""
    for _ in range(2):
        await adapter.offer(ACCOUNT, sale())
        await adapter.retire(ACCOUNT, [sale().product_id])
    for kind in ("products", "prices"):
        (object_id,) = fake.objects[kind]
        keys = fake.keys(f"/v1/{kind}/{object_id}")
        assert len(set(keys)) == len(keys) == 3
