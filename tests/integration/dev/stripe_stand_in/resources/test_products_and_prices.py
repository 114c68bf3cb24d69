"""Products and prices of a connected account."""

import pytest
import stripe

from tests.support.stand_in import StandIn


async def test_a_product_keeps_the_id_that_it_was_given(
    client: stripe.StripeClient, account: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    await client.v1.products.create_async(
        {"id": "own", "name": "VIP", "metadata": {"tier": "1"}}, options
    )

    product = await client.v1.products.retrieve_async("own", options=options)

    assert (product.name, product.active, product.metadata["tier"]) == ("VIP", True, "1")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.products.create_async({"id": "own", "name": "VIP"}, options)
    assert refused.value.code == "resource_already_exists"


async def test_a_price_of_another_account_is_not_found(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    for options in ({}, {"stripe_account": (await client.v2.core.accounts.create_async()).id}):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await client.v1.prices.retrieve_async(price, options=options)  # type: ignore[arg-type]
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


async def test_a_product_is_updated_and_unset(client: stripe.StripeClient, account: str) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    created = await client.v1.products.create_async(
        {"name": "VIP", "description": "Front row", "metadata": {"a": "1", "b": "2"}}, options
    )

    changed = await client.v1.products.update_async(
        created.id, {"active": False, "description": "", "metadata": {"a": "", "c": "3"}}, options
    )

    assert not changed.active
    assert changed.description is None
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}


async def test_a_list_is_newest_first_and_in_pages(
    client: stripe.StripeClient, account: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    for number in range(5):
        await client.v1.products.create_async({"id": f"p{number}", "name": "P"}, options)

    first = await client.v1.products.list_async({"limit": 2}, options)
    second = await client.v1.products.list_async({"limit": 2, "starting_after": "p3"}, options)
    back = await client.v1.products.list_async({"limit": 2, "ending_before": "p1"}, options)

    assert ([product.id for product in first.data], first.has_more) == (["p4", "p3"], True)
    assert [product.id for product in second.data] == ["p2", "p1"]
    assert [product.id for product in back.data] == ["p3", "p2"]
    assert len([product async for product in first.auto_paging_iter()]) == 5


async def test_prices_are_found_by_lookup_key_product_and_activity(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    keyed = await client.v1.prices.create_async(
        {"product": "vip", "currency": "usd", "unit_amount": 3000, "lookup_key": "key"}, options
    )
    await client.v1.prices.update_async(price, {"active": False}, options)

    by_key = await client.v1.prices.list_async({"lookup_keys": ["other", "key"]}, options)
    active = await client.v1.prices.list_async({"product": "vip", "active": True}, options)
    inactive = await client.v1.prices.list_async({"product": "vip", "active": False}, options)

    assert [found.id for found in by_key.data] == [keyed.id]
    assert [found.id for found in active.data] == [keyed.id]
    assert [found.id for found in inactive.data] == [price]


async def test_a_used_lookup_key_requires_a_transfer(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    await client.v1.prices.update_async(price, {"lookup_key": "key"}, options)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.prices.create_async(
            {"product": "vip", "currency": "usd", "unit_amount": 1, "lookup_key": "key"}, options
        )
    moved = await client.v1.prices.create_async(
        {
            "product": "vip",
            "currency": "usd",
            "unit_amount": 1,
            "lookup_key": "key",
            "transfer_lookup_key": True,
        },
        options,
    )

    assert (refused.value.param, moved.lookup_key) == ("lookup_key", "key")
    assert (await client.v1.prices.retrieve_async(price, options=options)).lookup_key is None


async def test_a_custom_amount_keeps_to_the_currency_s_minimum(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}

    created = await client.v1.prices.create_async(
        {
            "product": "vip",
            "currency": "usd",
            "custom_unit_amount": {"enabled": True, "minimum": 500, "preset": 1000},
        },
        options,
    )

    assert created.unit_amount is None
    assert created.custom_unit_amount
    assert (created.custom_unit_amount.minimum, created.custom_unit_amount.preset) == (500, 1000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.prices.create_async(
            {
                "product": "vip",
                "currency": "usd",
                "custom_unit_amount": {"enabled": True, "minimum": 10},
            },
            options,
        )
    assert refused.value.code == "amount_too_small"


async def test_a_price_has_its_product_when_expanded(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    shown = await client.v1.prices.retrieve_async(
        price, {"expand": ["product"]}, {"stripe_account": account}
    )

    assert isinstance(shown.product, stripe.Product)
    assert shown.product.name == "VIP"


async def test_a_price_of_no_product_is_refused(client: stripe.StripeClient, account: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.prices.create_async(
            {"product": "none", "currency": "usd", "unit_amount": 100}, {"stripe_account": account}
        )

    assert refused.value.code == "resource_missing"
    assert (refused.value.http_status, refused.value.param) == (400, "product")


async def test_stored_objects_are_listed_by_the_controls(
    stand_in: StandIn, account: str, price: str
) -> None:
    (seen,) = await stand_in.get("/objects", kind="price", account=account)

    assert seen["id"] == price
