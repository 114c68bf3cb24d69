"""The sales of a tenant's events: the numbers, the orders, and the switch."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.auth import CurrentActor
from api.deps import CurrentServices, EventId, RequestAttempt, RequestedPage, Services
from api.responses import (
    AUTHENTICATED_ERRORS,
    LIST_ERRORS,
    Items,
    Responses,
    documented_errors,
    documented_list,
    documented_response,
    json_response,
    list_response,
    replayed_header,
)
from api.routing import ApiRoute
from api.sessions.idempotency import Attempt
from db.pages import Page
from domain.actors import Actor
from domain.errors import (
    EventNotFound,
    IdempotencyKeyReused,
    InvalidRequest,
    PermissionMissing,
    SalesClosed,
)
from domain.orders.order import Order, PublicOrder
from domain.orders.sales import SalesView
from domain.publishing.event import SalesSwitch

router = APIRouter(prefix="/v1/events/{event_id}", tags=["sales"], route_class=ApiRoute)


class OrganizerOrder(PublicOrder):
    """An order as the event's organizer sees it. The buyer's name and email address are at Stripe,
    with the payment."""

    reason: str | None = Field(description="Why it was cancelled or expired, as a stable code")
    application_fee: int = Field(description="The platform's share")
    amount_refunded: int
    payment_intent_id: str | None = Field(
        description="The payment in the organizer's Stripe account, where it is refunded"
    )
    created_at: datetime
    closed_at: datetime | None = Field(
        description="When the tickets were sold or given back; null while they are held"
    )

    @classmethod
    def of(cls, order: Order) -> "OrganizerOrder":
        shown = order.model_dump(include=set(cls.model_fields))
        return cls.model_validate(shown | {"checkout_url": PublicOrder.of(order).checkout_url})


@router.get(
    "/sales",
    summary="Get the sales of an event",
    response_description="The sales",
    responses=documented_errors(*AUTHENTICATED_ERRORS, EventNotFound),
)
async def get_sales(actor: CurrentActor, services: CurrentServices, event_id: EventId) -> SalesView:
    """How many tickets of each tier are sold, held by unpaid orders, and left, and what buyers
    paid. Free tiers are not sold, and are not listed."""
    return await services.sales.view(actor, event_id)


@router.get(
    "/orders",
    summary="List the orders of an event",
    response_model=None,
    responses={
        **documented_list("A page of orders", Items[OrganizerOrder]),
        **documented_errors(*LIST_ERRORS, EventNotFound),
    },
)
async def list_orders(
    request: Request,
    actor: CurrentActor,
    services: CurrentServices,
    event_id: EventId,
    page: RequestedPage,
) -> Response:
    """The orders, newest first. To refund one, refund its payment in Stripe's dashboard: a full
    refund puts the tickets back on sale."""
    found = await services.sales.orders(actor, event_id, limit=page.limit, cursor=page.cursor)
    shown = [OrganizerOrder.of(order) for order in found.items]
    return list_response(request, Items[OrganizerOrder].of(Page(shown, found.next_cursor)))


def _documented_switch(description: str, *more: type[SalesClosed]) -> Responses:
    return {
        **documented_response(SalesView, description, headers=["Idempotent-Replayed"]),
        **documented_errors(
            *AUTHENTICATED_ERRORS,
            EventNotFound,
            PermissionMissing,
            InvalidRequest,
            IdempotencyKeyReused,
            *more,
        ),
    }


@router.post(
    "/sales/pause",
    summary="Pause the sales of an event",
    response_model=None,
    responses=_documented_switch("The sales, which are paused", SalesClosed),
)
async def pause_sales(
    actor: CurrentActor, services: CurrentServices, event_id: EventId, attempt: RequestAttempt
) -> Response:
    """Refuses new orders until the sales are resumed. Orders that hold tickets can still be paid.
    Needs the permission to publish."""
    return await _changed(services, actor, event_id, SalesSwitch.PAUSED, attempt)


@router.post(
    "/sales/resume",
    summary="Resume the sales of an event",
    response_model=None,
    responses=_documented_switch("The sales, which are on", SalesClosed),
)
async def resume_sales(
    actor: CurrentActor, services: CurrentServices, event_id: EventId, attempt: RequestAttempt
) -> Response:
    """Accepts orders again, within the sale of each tier. Sales that are closed cannot be resumed.
    Needs the permission to publish."""
    return await _changed(services, actor, event_id, SalesSwitch.ON, attempt)


@router.post(
    "/sales/close",
    summary="Close the sales of an event",
    response_model=None,
    responses=_documented_switch("The sales, which are closed"),
)
async def close_sales(
    actor: CurrentActor, services: CurrentServices, event_id: EventId, attempt: RequestAttempt
) -> Response:
    """Ends the sales for good: refuses new orders, and expires checkouts that are not paid. This
    cannot be undone. Needs the permission to publish."""
    return await _changed(services, actor, event_id, SalesSwitch.CLOSED, attempt)


async def _changed(
    services: Services, actor: Actor, event_id: str, wanted: SalesSwitch, attempt: Attempt
) -> Response:
    changed = await services.sales.change(actor, event_id, wanted, attempt)
    return json_response(changed.view, headers=replayed_header(changed.is_repeat))
