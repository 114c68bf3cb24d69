"""Faults on demand, as the SDK reports them."""

from typing import Any

import pytest
import stripe

from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

KEY: stripe.RequestOptions = {"idempotency_key": "k1"}


async def create(client: stripe.StripeClient) -> stripe.Product:
    return await client.v1.products.create_async({"name": "P"}, KEY)


async def products(client: stripe.StripeClient) -> int:
    return len((await client.v1.products.list_async()).data)


@pytest.mark.parametrize(
    ("kind", "failure", "done"),
    [
        ("error_before_effect", (stripe.APIError, 500, None), 0),
        ("error_instead_of_effect", (stripe.APIError, 500, None), 0),
        ("error_after_effect", (stripe.APIError, 500, None), 1),
        ("rate_limited", (stripe.RateLimitError, 429, "rate_limit"), 0),
        ("lock_timeout", (stripe.RateLimitError, 429, "lock_timeout"), 0),
        ("key_in_use", (stripe.APIError, 409, "idempotency_key_in_use"), 0),
        ("drop_before_effect", (stripe.APIConnectionError, None, None), 0),
        ("drop_after_effect", (stripe.APIConnectionError, None, None), 1),
        ("truncated_body", (stripe.APIConnectionError, None, None), 1),
        ("garbled_body", (stripe.APIError, 200, None), 1),
    ],
)
async def test_a_fault_has_its_error_and_its_effect(
    stand_in: StandIn,
    client: stripe.StripeClient,
    kind: str,
    failure: tuple[type[stripe.StripeError], int | None, str | None],
    done: int,
) -> None:
    error, status, code = failure
    await stand_in.fail(kind, method="POST")

    with pytest.raises(error) as failed:
        await create(client)

    assert failed.value.http_status == status
    assert (failed.value.error.code if failed.value.error else None) == code
    assert await products(client) == done


@pytest.mark.parametrize(
    "kind",
    [
        "error_before_effect",
        "rate_limited",
        "lock_timeout",
        "key_in_use",
        "drop_before_effect",
        "drop_after_effect",
        "truncated_body",
        "garbled_body",
    ],
)
async def test_a_repeat_with_the_same_key_makes_one_object(
    stand_in: StandIn, client: stripe.StripeClient, kind: str
) -> None:
    await stand_in.fail(kind, method="POST")
    with pytest.raises(stripe.StripeError):
        await create(client)

    await create(client)

    assert await products(client) == 1


async def test_a_rate_limit_has_retry_after(stand_in: StandIn, client: stripe.StripeClient) -> None:
    await stand_in.fail("rate_limited", seconds=7)

    with pytest.raises(stripe.RateLimitError) as limited:
        await create(client)

    assert (limited.value.headers or {})["retry-after"] == "7"


async def test_a_request_that_timed_out_still_has_its_effect(
    stand_in: StandIn,
) -> None:
    await stand_in.fail("slow", method="POST", seconds=1.5)
    short_timeout_client = stripe.StripeClient(
        "sk_test_123",
        base_addresses={"api": stand_in.url},
        http_client=stripe.HTTPXClient(timeout=1),
        max_network_retries=0,
    )

    with pytest.raises(stripe.APIConnectionError):
        await create(short_timeout_client)

    default_client = stand_in.stripe()

    async def repeated() -> stripe.Product | None:
        try:
            return await create(default_client)
        except stripe.APIError:  # its key is still in use
            return None

    again = await eventually(repeated, what="the answer to the first call")
    assert again.last_response
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert await products(default_client) == 1


@pytest.mark.parametrize(
    ("settings", "outcomes"),
    [
        ({"times": 2}, "xx.."),
        ({"times": None}, "xxxx"),
        ({"every": 2, "times": None}, ".x.x"),
        ({"every": 3}, "..x."),
        ({"path": "/v1/prices"}, "...."),
        ({"method": "GET"}, "...."),
        ({"account": "acct_other"}, "...."),
    ],
)
async def test_a_fault_applies_to_matching_requests(
    stand_in: StandIn, client: stripe.StripeClient, settings: dict[str, Any], outcomes: str
) -> None:
    await stand_in.fail("error_before_effect", **settings)

    outcome = ""
    for _ in outcomes:
        try:
            await client.v1.products.create_async({"name": "P"})
            outcome += "."
        except stripe.APIError:
            outcome += "x"

    assert outcome == outcomes


async def test_pending_faults_are_listed_and_cleared(
    stand_in: StandIn, client: stripe.StripeClient
) -> None:
    await stand_in.fail("drop_before_effect", times=None)
    assert [fault["kind"] for fault in await stand_in.get("/faults")] == ["drop_before_effect"]

    await stand_in.control.delete("/faults")

    await create(client)
