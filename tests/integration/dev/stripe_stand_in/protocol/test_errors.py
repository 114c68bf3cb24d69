"""Errors of the stand-in, for which the SDK raises the same exceptions as for Stripe."""

from typing import Any

import httpx
import pytest
import stripe

from tests.support.stand_in import StandIn

PRODUCT = {"id": "p", "name": "P"}
NOT_MODELLED = "stand_in_not_modelled"


@pytest.mark.parametrize("key", ["sk_live_123", "sk_test_", "nonsense"])
async def test_a_wrong_api_key_is_refused(stand_in: StandIn, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        await stand_in.stripe(key).v1.products.list_async()

    assert refused.value.http_status == 401
    assert key not in str(refused.value)


async def test_a_request_without_an_api_key_is_refused(
    stand_in: StandIn, browser: httpx.AsyncClient
) -> None:
    assert (await browser.get(f"{stand_in.url}/v1/products")).status_code == 401


async def test_a_request_for_an_unknown_account_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.PermissionError) as refused:
        await client.v1.products.list_async(options={"stripe_account": "acct_nobody"})

    assert refused.value.error
    assert refused.value.error.code == "account_invalid"


@pytest.mark.parametrize(
    ("path", "parameters", "code", "param"),
    [
        ("products", {**PRODUCT, "colour": "red"}, "parameter_unknown", "colour"),
        ("products", {"id": "p"}, "parameter_missing", "name"),
        ("products", {"name": ""}, "parameter_invalid_empty", "name"),
        ("products", {**PRODUCT, "active": "maybe"}, None, "active"),
        ("products", {**PRODUCT, "images": "one"}, None, "images"),
        ("products", {**PRODUCT, "metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
        ("products", {**PRODUCT, "metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        (
            "products",
            {**PRODUCT, "package_dimensions": {"height": 1}},
            "parameter_missing",
            "package_dimensions[length]",
        ),
        (
            "products",
            {**PRODUCT, "default_price_data": {"currency": "usd"}},
            NOT_MODELLED,
            "default_price_data",
        ),
        (
            "prices",
            {"product": "p", "currency": "usd", "unit_amount": "12.5"},
            "parameter_invalid_integer",
            "unit_amount",
        ),
        *(
            (
                "prices",
                {"product": "p", "currency": currency, "unit_amount": amount},
                "parameter_invalid_integer",
                "unit_amount",
            )
            for currency, amount in (
                ("usd", 100_000_000),
                ("idr", 1_000_000_000_000),
                ("bhd", 12_505),
                ("isk", 50_050),
                ("usd", -1),
                ("usd", "x"),
            )
        ),
        (
            "prices",
            {"product": "p", "currency": "usd", "unit_amount": ""},
            "parameter_invalid_empty",
            "unit_amount",
        ),
        *(
            ("payment_links", {"line_items": [{"price": "x", "quantity": 1}], **extra}, code, param)
            for extra, code, param in (
                ({"automatic_tax": {"enabled": True}}, NOT_MODELLED, "automatic_tax"),
                ({"allow_promotion_codes": True}, NOT_MODELLED, "allow_promotion_codes"),
                ({"application_fee_percent": 5}, NOT_MODELLED, "application_fee_percent"),
                ({"after_completion": {"type": "redirect"}}, NOT_MODELLED, "after_completion"),
                ({"automatic_tax": {"enabled": "maybe"}}, None, "automatic_tax[enabled]"),
            )
        ),
        (
            "payment_links",
            {"line_items": [{"price_data": {"currency": "usd"}, "quantity": 1}]},
            NOT_MODELLED,
            "line_items[0][price_data]",
        ),
        ("prices", {"product": "p", "currency": "xyz", "unit_amount": 1}, None, "currency"),
        ("prices", {"product": "p", "currency": "usd"}, "parameter_missing", "unit_amount"),
        (
            "prices",
            {
                "product": "p",
                "currency": "usd",
                "unit_amount": 1,
                "custom_unit_amount": {"enabled": True},
            },
            "parameters_exclusive",
            "unit_amount",
        ),
        (
            "prices",
            {"product": "p", "currency": "usd", "unit_amount": 1, "tax_behavior": "odd"},
            None,
            "tax_behavior",
        ),
        (
            "prices",
            {"product": "p", "currency": "usd", "unit_amount": 1, "lookup_key": "k" * 201},
            None,
            "lookup_key",
        ),
        (
            "payment_links",
            {"line_items": [{"price": "x", "quantity": 1, "size": "L"}]},
            "parameter_unknown",
            "line_items[0][size]",
        ),
        (
            "payment_links",
            {"line_items": [{"price": "x"}]},
            "parameter_missing",
            "line_items[0][quantity]",
        ),
        (
            "payment_links",
            {"line_items": [{"price": "x", "quantity": 1}]},
            "resource_missing",
            "line_items[0][price]",
        ),
    ],
)
async def test_an_invalid_v1_parameter_is_refused(
    client: stripe.StripeClient,
    path: str,
    parameters: dict[str, Any],
    code: str | None,
    param: str,
) -> None:
    if path == "prices":
        await client.v1.products.create_async({"id": "p", "name": "P"})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        await getattr(client.v1, path).create_async(parameters)

    assert (refused.value.http_status, refused.value.code) == (400, code)
    assert refused.value.param == param
    assert refused.value.request_id


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"nickname": "x"}, "nickname"),
        ({"configuration": {"merchant": {"colour": "red"}}}, "configuration.merchant.colour"),
        (
            {"configuration": {"merchant": {"capabilities": {"card_payments": {}}}}},
            "configuration.merchant.capabilities.card_payments.requested",
        ),
        ({"dashboard": "some"}, "dashboard"),
        ({"include": ["everything"]}, "include.0"),
        ({"display_name": 5}, "Invalid string"),
        (
            {
                "configuration": {
                    "merchant": {"capabilities": {"card_payments": {"requested": "true"}}}
                }
            },
            "Invalid boolean",
        ),
        ({"metadata": {"k" * 41: "v"}}, "Metadata keys"),
    ],
)
async def test_an_invalid_v2_parameter_is_refused(
    client: stripe.StripeClient, parameters: Any, name: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=name) as refused:
        await client.v2.core.accounts.create_async(parameters)

    body: Any = refused.value.json_body
    assert (refused.value.http_status, refused.value.code) == (400, "invalid_fields")
    assert body["error"].keys() == {"code", "message"}


async def test_an_unmodelled_v2_parameter_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"configuration\.customer") as refused:
        await client.v2.core.accounts.create_async(
            {"configuration": {"customer": {"billing": {"invoice": {"prefix": "A"}}}}}
        )

    assert refused.value.code == "stand_in_not_modelled"


async def test_a_missing_v2_object_is_not_found(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v2.core.accounts.retrieve_async("acct_nobody")

    body: Any = refused.value.json_body
    assert (refused.value.http_status, refused.value.code) == (404, "not_found")
    assert body["error"].keys() == {"code", "message"}


@pytest.mark.parametrize("kind", ["rate_limited", "lock_timeout"])
async def test_v2_has_one_code_of_its_own_for_busy_accounts(
    stand_in: StandIn, client: stripe.StripeClient, kind: str
) -> None:
    await stand_in.fail(kind)

    with pytest.raises(stripe.RateLimitError) as refused:
        await client.v2.core.accounts.create_async({})

    assert (refused.value.http_status, refused.value.code) == (429, "account_rate_limit_exceeded")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/products", b"name=\xff"),
        ("/v2/core/accounts", b"\xff"),
        ("/v2/core/accounts", b"[]"),
        ("/v2/core/accounts", b'{"display_name": "\\ud800"}'),
        ("/v2/core/accounts", b"[" * 100_000),
    ],
)
async def test_an_unreadable_body_is_refused(
    stand_in: StandIn, browser: httpx.AsyncClient, path: str, body: bytes
) -> None:
    response = await browser.post(
        f"{stand_in.url}{path}", content=body, headers={"Authorization": "Bearer sk_test_123"}
    )

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_json")


async def test_idr_amounts_have_up_to_twelve_digits(client: stripe.StripeClient) -> None:
    await client.v1.products.create_async({"id": "p", "name": "P"})

    price = await client.v1.prices.create_async(
        {"product": "p", "currency": "idr", "unit_amount": 999_999_999_999}
    )

    assert price.unit_amount == 999_999_999_999


async def test_an_unknown_url_is_not_found(stand_in: StandIn, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(
        f"{stand_in.url}/v1/unicorns", headers={"Authorization": "Bearer sk_test_123"}
    )

    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json()["error"]["message"]


async def test_a_limit_is_from_1_to_100(client: stripe.StripeClient) -> None:
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await client.v1.products.list_async({"limit": limit})
        assert refused.value.param == "limit"


async def test_a_request_is_recorded_without_its_api_key(
    stand_in: StandIn, client: stripe.StripeClient, account: str
) -> None:
    await stand_in.control.delete("/requests")
    assert await stand_in.get("/requests") == []

    await client.v1.products.create_async(
        {"name": "P"}, {"stripe_account": account, "idempotency_key": "k1"}
    )

    (logged,) = await stand_in.get("/requests", method="POST", path="/v1/", account=account)
    assert logged["idempotency_key"] == "k1"
    assert (logged["path"], logged["params"]) == ("/v1/products", {"name": "P"})
    assert (logged["status"], logged["api_version"]) == (200, stripe.api_version)
    assert "sk_test" not in str(logged)
    assert await stand_in.get("/requests", path="/v2/") == []
