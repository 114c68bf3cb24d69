"""Buyers, who order tickets through the API."""

from collections.abc import Mapping
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Final

import httpx

from domain.ids import SIGNAL_CHECKOUT_CHANGED
from domain.orders.order import OrderState
from tests.support.ticket_orders import Sale
from tests.support.waiting import eventually

_REPEAT: Final = (HTTPStatus.ACCEPTED, HTTPStatus.SERVICE_UNAVAILABLE)


async def order(
    buyer: httpx.AsyncClient,
    sale: Sale,
    quantity: int = 1,
    *,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Of the first tier, with a new key by default."""
    tier_id = sale.event["ticket_tiers"][0]["id"]
    return await order_tier(buyer, sale.event["slug"], tier_id, quantity, key=key, headers=headers)


async def order_tier(
    buyer: httpx.AsyncClient,
    slug: str,
    tier_id: str,
    quantity: int = 1,
    *,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    return await buyer.post(
        f"/v1/public/events/{slug}/orders",
        json={"items": [{"tier_id": tier_id, "quantity": quantity}]},
        headers={"Idempotency-Key": key or token_urlsafe(16), **(headers or {})},
    )


async def order_until_answered(
    buyer: httpx.AsyncClient,
    slug: str,
    tier_id: str,
    quantity: int = 1,
    *,
    key: str | None = None,
) -> httpx.Response:
    """An order with a checkout, or a refusal: a busy server asks the buyer to repeat the request
    if many come at the same time."""
    chosen = key or token_urlsafe(16)

    async def answered() -> httpx.Response | None:
        response = await order_tier(buyer, slug, tier_id, quantity, key=chosen)
        return None if response.status_code in _REPEAT else response

    return await eventually(answered, what="an answer to the order")


async def cancel(buyer: httpx.AsyncClient, order_id: str) -> httpx.Response:
    return await buyer.post(f"/v1/public/orders/{order_id}/cancel")


async def pay(sale: Sale, order_id: str) -> None:
    """Pays, and waits until the order is final."""
    (checkout_id,) = (
        stored.checkout_session_id for stored in await sale.orders() if stored.order_id == order_id
    )
    await sale.stand_in.post(f"/checkout_sessions/{checkout_id}/pay")
    handle = sale.handle(order_id)
    await handle.signal(SIGNAL_CHECKOUT_CHANGED, {"checkout_id": checkout_id})
    assert (await handle.result()).state is OrderState.PAID
