"""Idempotency keys in v1 and v2 of Stripe's API."""

import asyncio

import pytest
import stripe

from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

KEY: stripe.RequestOptions = {"idempotency_key": "k1"}


async def products(client: stripe.StripeClient) -> int:
    return len((await client.v1.products.list_async()).data)


def was_replayed(obj: stripe.StripeObject) -> bool:
    response = obj.last_response
    assert response
    return response.headers.get("idempotent-replayed") == "true"


async def test_the_same_request_gets_the_same_response(client: stripe.StripeClient) -> None:
    first = await client.v1.products.create_async({"name": "P"}, KEY)
    second = await client.v1.products.create_async({"name": "P"}, KEY)

    assert second.id == first.id
    assert (was_replayed(first), was_replayed(second)) == (False, True)
    assert await products(client) == 1


async def test_a_key_with_other_parameters_is_refused(client: stripe.StripeClient) -> None:
    await client.v1.products.create_async({"name": "P"}, KEY)

    with pytest.raises(stripe.IdempotencyError, match="same parameters") as refused:
        await client.v1.products.create_async({"name": "Q"}, KEY)
    assert refused.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        await client.v1.products.update_async("p", {"name": "P"}, KEY)


async def test_a_key_belongs_to_one_account(client: stripe.StripeClient, account: str) -> None:
    await client.v1.products.create_async({"name": "P"}, KEY)
    await client.v1.products.create_async({"name": "Q"}, {**KEY, "stripe_account": account})

    assert await products(client) == 1


async def test_v1_replays_a_stored_500(stand_in: StandIn, client: stripe.StripeClient) -> None:
    await stand_in.fail("error_after_effect", path="/v1/products")

    for replayed in (None, "true"):
        with pytest.raises(stripe.APIError) as failed:
            await client.v1.products.create_async({"name": "P"}, KEY)
        assert failed.value.http_status == 500
        assert (failed.value.headers or {}).get("idempotent-replayed") == replayed

    assert await products(client) == 1


async def test_v1_replays_a_500_that_did_nothing(
    stand_in: StandIn, client: stripe.StripeClient
) -> None:
    await stand_in.fail("error_instead_of_effect")

    for _ in range(2):
        with pytest.raises(stripe.APIError):
            await client.v1.products.create_async({"name": "P"}, KEY)

    assert await products(client) == 0


async def test_v1_replays_business_errors_but_not_invalid_parameters(
    client: stripe.StripeClient,
) -> None:
    await client.v1.products.create_async({"id": "p", "name": "P"})
    for replayed in (None, "true"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await client.v1.products.create_async({"id": "p", "name": "P"}, KEY)
        assert (refused.value.headers or {}).get("idempotent-replayed") == replayed

    retried: stripe.RequestOptions = {"idempotency_key": "k2"}
    with pytest.raises(stripe.InvalidRequestError):
        await client.v1.products.create_async({"name": ""}, retried)
    await client.v1.products.create_async({"name": "Q"}, retried)


async def test_v2_runs_a_failed_request_again(
    stand_in: StandIn, client: stripe.StripeClient
) -> None:
    await stand_in.fail("error_instead_of_effect")

    with pytest.raises(stripe.APIError):
        await client.v2.core.accounts.create_async({}, KEY)
    first = await client.v2.core.accounts.create_async({}, KEY)
    second = await client.v2.core.accounts.create_async({}, KEY)

    assert second.id == first.id


async def test_v2_replays_a_success_whose_response_was_lost(
    stand_in: StandIn, client: stripe.StripeClient
) -> None:
    await stand_in.fail("error_after_effect")

    with pytest.raises(stripe.APIError):
        await client.v2.core.accounts.create_async({}, KEY)
    await client.v2.core.accounts.create_async({}, KEY)

    assert len((await client.v2.core.accounts.list_async()).data) == 1
    with pytest.raises(stripe.IdempotencyError) as refused:
        await client.v2.core.accounts.create_async({"display_name": "other"}, KEY)
    assert (refused.value.http_status, refused.value.code) == (409, "idempotency_error")


async def test_a_v2_key_in_use_is_an_idempotency_error(
    stand_in: StandIn, client: stripe.StripeClient
) -> None:
    await stand_in.fail("slow", seconds=1)
    first = asyncio.create_task(client.v2.core.accounts.create_async({}, KEY))

    async def under_way() -> bool:
        return bool(await stand_in.get("/requests", method="POST"))

    await eventually(under_way, what="the first request")
    with pytest.raises(stripe.IdempotencyError) as refused:
        await client.v2.core.accounts.create_async({}, KEY)

    assert (refused.value.http_status, refused.value.code) == (409, "idempotency_key_in_use")
    again = await first
    assert (await client.v2.core.accounts.create_async({}, KEY)).id == again.id


async def test_a_key_in_use_is_refused(stand_in: StandIn, client: stripe.StripeClient) -> None:
    await stand_in.fail("slow", seconds=1)
    first = asyncio.create_task(client.v1.products.create_async({"name": "P"}, KEY))

    async def under_way() -> bool:
        return bool(await stand_in.get("/requests", method="POST"))

    await eventually(under_way, what="the first request")
    with pytest.raises(stripe.APIError) as refused:
        await client.v1.products.create_async({"name": "P"}, KEY)

    assert refused.value.http_status == 409
    assert refused.value.error
    assert refused.value.error.code == "idempotency_key_in_use"
    again = await client.v1.products.create_async({"name": "P"}, {"idempotency_key": "k2"})
    assert again.id != (await first).id


async def test_an_expired_key_runs_again(stand_in: StandIn, client: stripe.StripeClient) -> None:
    await client.v1.products.create_async({"name": "P"}, KEY)
    assert await stand_in.post("/idempotency/expire", key="k1") == {"expired": 1}

    await client.v1.products.create_async({"name": "P"}, KEY)

    assert await products(client) == 2


async def test_a_key_has_at_most_255_characters(client: stripe.StripeClient) -> None:
    await client.v1.products.create_async({"name": "P"}, {"idempotency_key": "k" * 255})

    with pytest.raises(stripe.IdempotencyError, match="255"):
        await client.v1.products.create_async({"name": "P"}, {"idempotency_key": "k" * 256})
