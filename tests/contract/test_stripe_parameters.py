"""Every parameter sent to Stripe exists in the pinned version of its API.

The SDK has a type for every parameter. Requests are captured on the wire and compared with
these types, so that an upgrade that renames or drops a parameter of ours fails here.
"""

import re
import types
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

import httpx
import pytest
import typing_extensions
from stripe import RequestOptions, StripeContext, params
from stripe.params import checkout
from stripe.params.v2 import core

from dev.stripe_stand_in.app import ENDPOINTS
from domain.actors import Tenant
from payments.adapter import StripeAdapter
from payments.checkout_models import CheckoutItem, CheckoutRequest
from payments.models import AccountDetails, TierSale
from tests.unit.payments.fake_stripe import (
    ACCOUNT,
    FakeStripe,
    adapter_on,
    body_of,
    failure,
    fields,
)
from tests.unit.payments.sale_factories import SESSION_ID, donation, sale

OPERATIONS: dict[tuple[str, str], Any] = {
    ("POST", "/v2/core/accounts"): core.AccountCreateParams,
    ("GET", "/v2/core/accounts"): core.AccountListParams,
    ("GET", "/v2/core/accounts/{id}"): core.AccountRetrieveParams,
    ("POST", "/v2/core/accounts/{id}"): core.AccountUpdateParams,
    ("POST", "/v2/core/account_links"): core.AccountLinkCreateParams,
    ("GET", "/v2/core/events/{id}"): core.EventRetrieveParams,
    ("POST", "/v1/products"): params.ProductCreateParams,
    ("GET", "/v1/products/{id}"): params.ProductRetrieveParams,
    ("POST", "/v1/products/{id}"): params.ProductUpdateParams,
    ("POST", "/v1/prices"): params.PriceCreateParams,
    ("GET", "/v1/prices"): params.PriceListParams,
    ("POST", "/v1/prices/{id}"): params.PriceUpdateParams,
    ("POST", "/v1/payment_links"): params.PaymentLinkCreateParams,
    ("GET", "/v1/payment_links"): params.PaymentLinkListParams,
    ("POST", "/v1/payment_links/{id}"): params.PaymentLinkUpdateParams,
    ("GET", "/v1/checkout/sessions"): checkout.SessionListParams,
    ("POST", "/v1/checkout/sessions"): checkout.SessionCreateParams,
    ("GET", "/v1/checkout/sessions/{id}"): checkout.SessionRetrieveParams,
    ("POST", "/v1/checkout/sessions/{id}/expire"): checkout.SessionExpireParams,
    ("GET", "/v1/checkout/sessions/{id}/line_items"): checkout.SessionListLineItemsParams,
    ("GET", "/v1/payment_intents/{id}"): params.PaymentIntentRetrieveParams,
    ("GET", "/v1/disputes"): params.DisputeListParams,
}

ORDER = CheckoutRequest(
    order_id="6a3f5a52-0c1b-5d8e-9f6a-3b1c2d4e5f60",
    event_id=sale().event_id,
    session_id=SESSION_ID,
    account_id=ACCOUNT,
    currency="usd",
    items=[
        CheckoutItem(
            tier_id=tier.tier_id,
            name=tier.name,
            product_id=tier.product_id,
            price_id=None if tier.is_donation else "price_1",
            quantity=2,
            unit_amount=tier.amount,
        )
        for tier in (sale(), donation())
    ],
    application_fee=100,
    promotion_codes=True,
    automatic_tax=True,
    page_url="https://tickets.example/e/show",
    created_at=datetime(2030, 1, 1, tzinfo=UTC),
    expires_at=datetime(2030, 1, 1, 0, 35, tzinfo=UTC),
)

LINE_ITEM = {
    "id": "li_1",
    "object": "item",
    "amount_total": 5_000,
    "price": {"id": "price_1", "object": "price", "product": sale().product_id},
}
LINE_ITEMS = "/v1/checkout/sessions/cs_1/line_items"
SESSION = {
    "id": "cs_1",
    "object": "checkout.session",
    "amount_total": 10_000,
    "line_items": {"object": "list", "url": LINE_ITEMS, "has_more": True, "data": [LINE_ITEM]},
    "metadata": ORDER.metadata,
    "payment_intent": None,
    "payment_status": "paid",
    "status": "complete",
    "url": None,
}

ORDER_OBJECTS: dict[tuple[str, str], Any] = {
    ("POST", "/v1/checkout/sessions"): SESSION,
    ("GET", "/v1/checkout/sessions/{id}"): SESSION,
    ("POST", "/v1/checkout/sessions/{id}/expire"): SESSION,
    ("GET", "/v1/checkout/sessions/{id}/line_items"): {
        "object": "list",
        "url": LINE_ITEMS,
        "has_more": False,
        "data": [{**LINE_ITEM, "id": "li_2"}],
    },
    ("GET", "/v1/payment_intents/{id}"): {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 10_000,
        "latest_charge": None,
        "metadata": ORDER.metadata,
    },
    ("GET", "/v1/disputes"): {
        "object": "list",
        "url": "/v1/disputes",
        "has_more": False,
        "data": [],
    },
}
"""Answers about one order that is paid."""

NOT_PARAMETERS = frozenset(RequestOptions.__annotations__)
"""Request options, which older methods of the SDK take among the parameters."""


def problems(value: Any, kind: Any, place: str = "") -> list[str]:
    """Differences of a value from a type. Texts of form fields count as the values they spell."""
    origin, arguments = get_origin(kind), get_args(kind)
    if typing_extensions.is_typeddict(kind):
        return _problems_of_object(value, kind, place)
    if origin in (typing_extensions.NotRequired, typing_extensions.Required):
        return problems(value, arguments[0], place)
    if origin in (Union, types.UnionType):
        by_type = [problems(value, argument, place) for argument in arguments]
        return min(by_type, key=len)
    if origin is list:
        items = value.values() if isinstance(value, dict) else value
        return [
            problem
            for number, item in enumerate(items)
            for problem in problems(item, arguments[0], f"{place}/{number}")
        ]
    return [] if _fits(value, kind) else [f"{place}: {value!r} is not {kind}"]


def _fits(value: Any, kind: Any) -> bool:
    if get_origin(kind) is dict:
        return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    if get_origin(kind) is typing_extensions.Literal:
        return value in get_args(kind)
    if kind is bool:
        return value in (True, False, "true", "false")
    if kind is int:
        return isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    return kind is str and isinstance(value, str)


def _problems_of_object(value: Any, kind: Any, place: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{place}: {value!r} is not an object"]
    # The SDK imports these two, which options use, for type checkers only.
    hints = get_type_hints(kind, localns={"StripeContext": StripeContext, "Mapping": Mapping})
    parameters = {name: hint for name, hint in hints.items() if name not in NOT_PARAMETERS}
    differences = [f"{place}/{name}: unknown" for name in value.keys() - parameters.keys()]
    differences += [f"{place}/{name}: missing" for name in kind.__required_keys__ - value.keys()]
    for name in value.keys() & parameters.keys():
        differences += problems(value[name], parameters[name], f"{place}/{name}")
    return differences


def operation_of(request: httpx.Request) -> tuple[str, str]:
    path = re.sub(
        r"^(/v1/checkout/\w+|/v1/(?!checkout)\w+|/v2/core/\w+)/[^/]+(/\w+)?$",
        r"\1/{id}\2",
        request.url.path,
    )
    return request.method, path


class Recorder:
    """Answers every request well enough for the adapter to continue."""

    def __init__(self) -> None:
        self.catalogue = FakeStripe(page=1)
        self.requests: list[httpx.Request] = []
        self.knows_account = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        operation = operation_of(request)
        if operation in ORDER_OBJECTS:
            return httpx.Response(200, json=ORDER_OBJECTS[operation])
        if request.url.path.startswith("/v1/"):
            return self.catalogue(request)
        return self._platform(*operation)

    def _platform(self, method: str, path: str) -> httpx.Response:
        account = {
            "id": ACCOUNT,
            "object": "v2.core.account",
            "livemode": False,
            "metadata": {"tenant": "user:ada", "generation": "1"},
        }
        if (method, path) == ("POST", "/v2/core/accounts"):
            if self.knows_account:
                return failure(400, type="idempotency_error")
            self.knows_account = True
        if (method, path) == ("GET", "/v2/core/accounts"):
            return httpx.Response(200, json={"data": [account], "next_page_url": None})
        if path == "/v2/core/account_links":
            link = {"url": "https://connect.test/1", "expires_at": "2030-01-01T00:00:00Z"}
            return httpx.Response(200, json=link)
        return httpx.Response(200, json=account)


async def use_everything(adapter: StripeAdapter) -> None:
    ada = Tenant("user", "ada")
    details = AccountDetails(email="ada@example.test", display_name="Ada", country="US")
    await adapter.create_account(ada, 1, details)
    await adapter.create_account(ada, 1, AccountDetails())
    await adapter.complete_account(ACCOUNT, details, checked_at=datetime(2030, 1, 1, tzinfo=UTC))
    await adapter.account(ACCOUNT, checked_at=datetime(2030, 1, 1, tzinfo=UTC))
    await adapter.onboarding_link(
        ACCOUNT, return_url="https://wizard.test/done", refresh_url="https://wizard.test/again"
    )
    await adapter.event("evt_1")
    renamed = sale(name="Autumn Show: VIP", description=None, amount=6_000, quantity=None)
    for tier in (sale(), renamed, donation(), donation(amount=0)):
        await _offer(adapter, tier)
    await adapter.retire_links(ACCOUNT, SESSION_ID)
    for link in await adapter.links(ACCOUNT):
        await adapter.deactivate_link(ACCOUNT, link.id)
        await adapter.sales_of_link(ACCOUNT, link.id)
    await adapter.retire(ACCOUNT, [sale().product_id, donation().product_id])
    await _offer(adapter, sale())
    await sell(adapter)


async def sell(adapter: StripeAdapter) -> None:
    await adapter.open_checkout(ORDER, 1)
    await adapter.find_checkout(ACCOUNT, ORDER.order_id, ORDER.created_at)
    paid = await adapter.checkout(ACCOUNT, "cs_1")
    assert paid.amounts == {"tier-1": 10_000}
    await adapter.expire_checkout(ACCOUNT, "cs_1")
    await adapter.charge(ACCOUNT, "pi_1")


async def _offer(adapter: StripeAdapter, tier: TierSale) -> None:
    price_id = await adapter.offer(ACCOUNT, tier)
    await adapter.ensure_payment_link(ACCOUNT, tier, price_id)


async def test_every_request_fits_the_api() -> None:
    recorder = Recorder()
    await use_everything(adapter_on(recorder))
    for request in recorder.requests:
        sent = body_of(request) if request.method == "POST" else fields(request.url.query.decode())
        operation = operation_of(request)
        assert problems(sent, OPERATIONS[operation], " ".join(operation)) == []
    assert {operation_of(request) for request in recorder.requests} == OPERATIONS.keys()


async def test_the_stand_in_models_every_request() -> None:
    endpoints = {(endpoint.method, endpoint.template): endpoint for endpoint in ENDPOINTS}
    recorder = Recorder()
    await use_everything(adapter_on(recorder))
    for request in recorder.requests:
        is_json = request.method == "POST" and request.url.path.startswith("/v2/")
        sent = body_of(request) if request.method == "POST" else fields(request.url.query.decode())
        assert (
            endpoints[operation_of(request)].read(sent, is_form=not is_json).keys() == sent.keys()
        )


async def test_catalogue_requests_name_the_connected_account() -> None:
    recorder = Recorder()
    await use_everything(adapter_on(recorder))
    for request in recorder.requests:
        is_catalogue = request.url.path.startswith("/v1/")
        assert request.headers.get("Stripe-Account") == (ACCOUNT if is_catalogue else None)


async def test_every_request_names_the_version_and_no_telemetry() -> None:
    recorder = Recorder()
    await use_everything(adapter_on(recorder))
    assert {request.headers["Stripe-Version"] for request in recorder.requests} == {
        "2026-10-28.endive"
    }
    assert not any("X-Stripe-Client-Telemetry" in request.headers for request in recorder.requests)


@pytest.mark.parametrize(
    ("kind", "sent", "message"),
    [
        (params.ProductCreateParams, {"name": "x", "colour": "red"}, "/colour: unknown"),
        (params.ProductCreateParams, {"description": "x"}, "/name: missing"),
        (params.ProductCreateParams, {"name": "x", "stripe_account": "a"}, "/stripe_account: unk"),
        (params.PriceListParams, {"limit": "many"}, "/limit: 'many' is not"),
        (params.PriceUpdateParams, {"active": "yes"}, "/active: 'yes' is not"),
        (
            params.PaymentLinkCreateParams,
            {"line_items": {"0": {"price": "price_1", "quantity": "1", "size": "xl"}}},
            "/line_items/0/size: unknown",
        ),
        (core.AccountCreateParams, {"dashboard": "half"}, "/dashboard: 'half' is not"),
        (core.AccountLinkCreateParams, {"account": "a", "use_case": "x"}, "is not an object"),
    ],
)
def test_an_unknown_parameter_is_found(kind: Any, sent: dict[str, Any], message: str) -> None:
    (problem,) = problems(sent, kind)
    assert message in problem
