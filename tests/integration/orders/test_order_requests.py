"""Requests to order that are refused before a process starts: these need no worker."""

import json
from secrets import token_urlsafe
from typing import Any

import httpx
import pytest

from db.pool import Connection
from domain.errors import ErrorCode
from domain.orders.order import OrderState
from domain.publishing.event import Event
from tests.support.order_rows import an_order, paid_tier, put_event, put_orders
from tests.support.problem_documents import assert_problem, error_places

KEY = "/header/Idempotency-Key"
ABSENT = "6a3b4b0e-4b57-5c7f-9d6e-0d8a4a3f1c22"


@pytest.fixture
async def event(admin: Connection) -> Event:
    floor = paid_tier("floor", 20, minPerOrder=2, maxPerOrder=4)
    friends = {**paid_tier("friends", 5), "kind": "free", "unit_amount": 0}
    del friends["priceId"]
    return await put_event(admin, floor, friends)


def path_of(event: Event) -> str:
    return f"/v1/public/events/{event.slug}/orders"


def one_item(**changed: Any) -> dict[str, Any]:
    return {"tier_id": "floor", "quantity": 2, **changed}


async def order(
    buyer: httpx.AsyncClient, event: Event, body: Any, key: str | None = None
) -> httpx.Response:
    headers = {"Idempotency-Key": key or token_urlsafe(16)}
    return await buyer.post(path_of(event), json=body, headers=headers)


@pytest.mark.parametrize(
    "lines",
    [
        ["a" * 21],
        ["a" * 256],
        ["a" * 21 + "."],
        ["a" * 21 + " b"],
        [""],
        ["a" * 21 + "é"],
        ["a" * 22, "b" * 22],
    ],
)
async def test_a_weak_key_is_refused(
    buyer: httpx.AsyncClient, event: Event, lines: list[str]
) -> None:
    headers = [(b"Idempotency-Key", line.encode()) for line in lines]

    response = await buyer.post(path_of(event), json={"items": [one_item()]}, headers=headers)

    refused = assert_problem(response, 422, "invalid_request")
    assert error_places(refused) == [(KEY, ErrorCode.INVALID_FORMAT)]
    assert "22 to 255" in refused["detail"]


async def test_an_order_without_a_key_is_refused(buyer: httpx.AsyncClient, event: Event) -> None:
    response = await buyer.post(path_of(event), json={"items": [one_item()]})

    refused = assert_problem(response, 422, "invalid_request")
    assert error_places(refused) == [(KEY, ErrorCode.MISSING)]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
    ids=str,
)
async def test_only_declared_json_is_read(
    buyer: httpx.AsyncClient, event: Event, headers: dict[str, str]
) -> None:
    body = json.dumps({"items": [one_item()]}).encode()
    key = {"Idempotency-Key": token_urlsafe(16)}

    response = await buyer.post(path_of(event), content=body, headers={**headers, **key})

    assert_problem(response, 415, "unsupported_media_type")


async def test_a_large_body_is_refused(buyer: httpx.AsyncClient, event: Event) -> None:
    response = await order(buyer, event, {"items": "x" * 600_000})

    assert_problem(response, 413, "payload_too_large")


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ([], [("", ErrorCode.INVALID_TYPE)]),
        ({}, [("/items", ErrorCode.MISSING)]),
        ({"items": []}, [("/items", ErrorCode.TOO_FEW)]),
        (
            {"items": [one_item(tier_id=f"t{number}") for number in range(51)]},
            [("/items", ErrorCode.TOO_MANY)],
        ),
        ({"items": [one_item()], "email": "a@b.c"}, [("/email", ErrorCode.UNKNOWN_FIELD)]),
        ({"items": [one_item(seat="A1")]}, [("/items/0/seat", ErrorCode.UNKNOWN_FIELD)]),
        ({"items": [one_item(tier_id="\0")]}, [("/items/0/tier_id", ErrorCode.UNKNOWN_ID)]),
        ({"items": [one_item(tier_id=7)]}, [("/items/0/tier_id", ErrorCode.INVALID_TYPE)]),
        ({"items": [one_item(quantity=0)]}, [("/items/0/quantity", ErrorCode.TOO_SMALL)]),
        ({"items": [one_item(quantity=1)]}, [("/items/0/quantity", ErrorCode.TOO_SMALL)]),
        ({"items": [one_item(quantity=5)]}, [("/items/0/quantity", ErrorCode.TOO_LARGE)]),
        ({"items": [one_item(quantity=2**70)]}, [("/items/0/quantity", ErrorCode.TOO_LARGE)]),
        ({"items": [one_item(quantity=True)]}, [("/items/0/quantity", ErrorCode.INVALID_TYPE)]),
        ({"items": [one_item(quantity="2")]}, [("/items/0/quantity", ErrorCode.INVALID_TYPE)]),
        ({"items": [one_item(quantity=2.5)]}, [("/items/0/quantity", ErrorCode.INVALID_TYPE)]),
        ({"items": [one_item(tier_id="friends")]}, [("/items/0/tier_id", ErrorCode.NOT_SUPPORTED)]),
        (
            {"items": [one_item(unit_amount=1)]},
            [("/items/0/unit_amount", ErrorCode.NOT_SUPPORTED)],
        ),
        (
            {"items": [one_item(), one_item()]},
            [
                ("/items/0/tier_id", ErrorCode.NOT_UNIQUE),
                ("/items/1/tier_id", ErrorCode.NOT_UNIQUE),
            ],
        ),
    ],
)
async def test_an_invalid_order_names_the_value(
    buyer: httpx.AsyncClient, event: Event, body: Any, places: list[tuple[str, str]]
) -> None:
    refused = assert_problem(await order(buyer, event, body), 422, "invalid_request")

    assert error_places(refused) == places


@pytest.mark.parametrize(
    ("tier", "code"),
    [
        ({"quantity": 1}, "sold_out"),
        ({"saleEnd": "2020-01-01T00:00:00Z"}, "not_on_sale"),
        ({"saleStart": "2100-01-01T00:00:00Z"}, "not_on_sale"),
    ],
)
async def test_what_is_not_on_sale_starts_no_process(
    buyer: httpx.AsyncClient, admin: Connection, tier: dict[str, Any], code: str
) -> None:
    event = await put_event(admin, paid_tier("floor", **{"quantity": 9, **tier}))

    response = await order(buyer, event, {"items": [one_item()]})

    refused = assert_problem(response, 409, code)
    assert [shown["tier_id"] for shown in refused["tiers"]] == ["floor"]


async def test_text_that_is_not_unicode_is_refused(buyer: httpx.AsyncClient, event: Event) -> None:
    body = b'{"items": [{"tier_id": "\\ud800", "quantity": 2}]}'
    headers = {"Idempotency-Key": token_urlsafe(16), "Content-Type": "application/json"}

    response = await buyer.post(path_of(event), content=body, headers=headers)

    refused = assert_problem(response, 422, "invalid_request")
    assert error_places(refused)[0][0] == "/items/0/tier_id"


async def test_unknown_private_and_draft_events_look_the_same(
    buyer: httpx.AsyncClient, admin: Connection
) -> None:
    private = await put_event(admin, visibility="private")
    absent = private.model_copy(update={"slug": "no-such-event"})

    responses = [
        await order(buyer, event, {"items": [one_item(quantity=1)]}) for event in (private, absent)
    ]

    for response in responses:
        assert_problem(response, 404, "event_not_found")
    assert responses[0].content == responses[1].content


@pytest.mark.parametrize("order_id", [ABSENT, "x", "٣" * 36], ids=["absent", "text", "digits"])
@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("POST", "/cancel")])
async def test_an_unknown_order_is_not_found(
    buyer: httpx.AsyncClient, order_id: str, method: str, suffix: str
) -> None:
    response = await buyer.request(method, f"/v1/public/orders/{order_id}{suffix}")

    assert_problem(response, 404, "order_not_found")


async def test_an_order_is_read_by_its_id(
    buyer: httpx.AsyncClient, event: Event, admin: Connection
) -> None:
    stored = an_order(event, OrderState.OPEN, fingerprint="a-fingerprint")
    await put_orders(admin, stored)
    path = f"/v1/public/orders/{stored.order_id}"

    shown, head = await buyer.get(path), await buyer.head(path)

    assert shown.status_code == head.status_code == 200
    assert shown.headers["Cache-Control"] == head.headers["Cache-Control"] == "no-store"
    assert not head.content
    order = shown.json()
    assert order.keys() == {
        "order_id",
        "event_id",
        "state",
        "items",
        "amount_total",
        "currency",
        "checkout_url",
        "expires_at",
        "paid_at",
    }
    assert order["checkout_url"] == stored.checkout_url
    for secret in (stored.holder, stored.tenant, stored.stripe_account_id, stored.fingerprint):
        assert secret
        assert secret not in shown.text


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED])
async def test_cancelling_an_ended_order_returns_it(
    buyer: httpx.AsyncClient, event: Event, admin: Connection, state: OrderState
) -> None:
    stored = an_order(event, state)
    await put_orders(admin, stored)

    response = await buyer.post(f"/v1/public/orders/{stored.order_id}/cancel")

    assert response.status_code == 200, response.text
    assert response.json()["state"] == state
    assert response.json()["checkout_url"] is None


@pytest.mark.parametrize("state", [OrderState.PAID, OrderState.DISPUTED, OrderState.REFUNDED])
async def test_a_paid_order_is_not_cancelled(
    buyer: httpx.AsyncClient, event: Event, admin: Connection, state: OrderState
) -> None:
    stored = an_order(event, state)
    await put_orders(admin, stored)

    response = await buyer.post(f"/v1/public/orders/{stored.order_id}/cancel")

    refused = assert_problem(response, 409, "order_closed")
    assert refused["order"]["state"] == state
    assert (await buyer.get(f"/v1/public/orders/{stored.order_id}")).json()["state"] == state


async def test_a_get_does_not_cancel(
    buyer: httpx.AsyncClient, event: Event, admin: Connection
) -> None:
    stored = an_order(event, OrderState.OPEN)
    await put_orders(admin, stored)

    response = await buyer.get(f"/v1/public/orders/{stored.order_id}/cancel")

    assert response.status_code == 405
    assert response.headers["Allow"] == "OPTIONS, POST"


async def test_another_sites_page_may_read_an_order(buyer: httpx.AsyncClient, event: Event) -> None:
    """Of an allowed origin: it sends a key, and reads where the order is."""
    asked = await buyer.options(
        path_of(event),
        headers={
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,idempotency-key",
        },
    )
    refused = await buyer.post(path_of(event), headers={"Origin": "https://app.example"})

    assert asked.status_code == 200
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]
    exposed = refused.headers["Access-Control-Expose-Headers"]
    assert {"Location", "Retry-After", "Idempotent-Replayed"} <= set(exposed.split(", "))
