"""Orders of tickets by anyone, without a token."""

from typing import Annotated, Final

from fastapi import APIRouter, Body, Request, Response

from api.deps import CurrentServices, OrderId, RequestAttempt
from api.middleware.rate_limit import address_of
from api.orders.client import BegunOrder
from api.orders.requests import NewOrder, OrderKey
from api.responses import (
    documented_errors,
    documented_response,
    json_response,
    replayed_header,
)
from api.routes.events import Slug, open_event
from api.routing import ApiRoute
from domain.errors import (
    EventNotFound,
    IdempotencyKeyReused,
    InvalidRequest,
    NotOnSale,
    OrderClosed,
    OrderNotFound,
    PayloadTooLarge,
    PaymentsRefused,
    SalesPaused,
    SoldOut,
    Unavailable,
    UnsupportedMediaType,
)
from domain.orders.order import PublicOrder

router = APIRouter(prefix="/v1/public", tags=["orders"], route_class=ApiRoute)

NOT_STORED: Final = {"Cache-Control": "no-store"}
"""An order changes at any time, and its checkout is for its buyer alone."""

PENDING_RETRY_AFTER: Final = 2
"""Seconds after which the checkout of a new order is usually open."""


@router.post(
    "/events/{slug}/orders",
    summary="Order tickets",
    status_code=201,
    response_model=None,
    responses={
        **documented_response(
            PublicOrder,
            "The order that this key created earlier, in its current state",
            headers=["Cache-Control", "Location", "Idempotent-Replayed"],
        ),
        **documented_response(
            PublicOrder,
            "The tickets are held. Send the buyer to `checkout_url`",
            status=201,
            headers=["Cache-Control", "Location"],
        ),
        **documented_response(
            PublicOrder,
            "The tickets are held, and the checkout is not open after ten seconds. Repeat the "
            "request with the same key, or read the order until it has a `checkout_url`",
            status=202,
            headers=["Cache-Control", "Location", "Retry-After", "Idempotent-Replayed"],
        ),
        **documented_errors(
            EventNotFound,
            InvalidRequest,
            PayloadTooLarge,
            UnsupportedMediaType,
            SoldOut,
            NotOnSale,
            SalesPaused,
            IdempotencyKeyReused,
            PaymentsRefused,
            Unavailable,
        ),
    },
)
async def order_tickets(
    request: Request,
    services: CurrentServices,
    slug: Slug,
    key: OrderKey,
    body: Annotated[NewOrder, Body()],
) -> Response:
    """Holds the tickets, and opens a checkout at Stripe in which the buyer pays within 35 minutes.
    Tickets that are not paid in time are given back. Needs no token.

    The `Idempotency-Key` is required. A double click, a retry and a reloaded page with the same key
    get the same order, and the same `checkout_url`. The same key with other tickets is refused with
    409. If an order is refused, its key can be used again. The order's id gives access to the
    order, so neither it nor the key should be published.

    One address may have a limited number of unpaid orders for an event; the next one is refused
    with 429.
    """
    event = await open_event(services, slug)
    begun = await services.orders.begin(
        event,
        [item.wanted for item in body.items],
        key,
        address_of(request.scope),
        services.site.page_url(event.slug),
        has_left=request.is_disconnected,
    )
    return _begun_response(begun)


def _begun_response(begun: BegunOrder) -> Response:
    order = PublicOrder.of(begun.order)
    headers = {
        **NOT_STORED,
        "Location": f"/v1/public/orders/{order.order_id}",
        **replayed_header(not begun.is_new),
    }
    if begun.is_pending:
        return json_response(order, 202, {**headers, "Retry-After": str(PENDING_RETRY_AFTER)})
    return json_response(order, 201 if begun.is_new else 200, headers)


@router.get(
    "/orders/{order_id}",
    summary="Get an order",
    response_model=None,
    responses={
        **documented_response(PublicOrder, "The order", headers=["Cache-Control"]),
        **documented_errors(OrderNotFound, Unavailable),
    },
)
async def get_order(services: CurrentServices, order_id: OrderId) -> Response:
    """The current state of an order. Needs no token: the ID gives access."""
    return json_response(PublicOrder.of(await services.orders.get(order_id)), headers=NOT_STORED)


@router.post(
    "/orders/{order_id}/cancel",
    summary="Cancel an unpaid order",
    response_model=None,
    responses={
        **documented_response(
            PublicOrder,
            "The order: it is cancelled, or had expired before",
            headers=["Cache-Control"],
        ),
        **documented_errors(OrderNotFound, OrderClosed, InvalidRequest, Unavailable),
    },
)
async def cancel_order(
    services: CurrentServices, order_id: OrderId, _attempt: RequestAttempt
) -> Response:
    """Gives the tickets back and expires the checkout. Needs no token: the id gives access. A
    repeat returns the same, with or without an `Idempotency-Key`. An order whose payment has begun
    is refused with 409, with the order as it is."""
    return json_response(PublicOrder.of(await services.orders.cancel(order_id)), headers=NOT_STORED)
