"""Stripe's webhooks: verify, store once, start the handler, respond."""

import asyncio
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field
from temporalio.client import Client
from temporalio.service import RPCError

from activities.inbox import start_stripe_event
from api.deps import CurrentServices, Services
from api.responses import documented_errors
from api.routing import ApiRoute
from domain.errors import PayloadTooLarge, Unavailable, WebhookRefused
from payments import webhooks
from payments.errors import InvalidWebhook
from payments.models import (
    IGNORED,
    ORDER_NOT_OPEN,
    ORDER_SIGNALLED,
    EventSubject,
    InboxEvent,
    ObjectReference,
    subject_of,
)

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=ApiRoute)

_log = structlog.get_logger(__name__)

STRIPE_PATH: Final = "/v1/webhooks/stripe"

MAX_EVENT_BYTES: Final = 1024 * 1024
"""A snapshot contains the whole object, which may have long lists and metadata."""

START_TIMEOUT: Final = 2.0
"""Seconds for all attempts of the SDK together: Stripe waits for the response."""

_TEMPORAL_UNAVAILABLE: Final = (RPCError, TimeoutError, RuntimeError)
"""The SDK raises RuntimeError before it has connected to Temporal."""


_EVENT: Final = {
    "type": "object",
    "required": ["id", "object", "type", "livemode"],
    "properties": {
        "id": {"type": "string"},
        "object": {"enum": ["event", "v2.core.event"]},
        "type": {"type": "string"},
        "livemode": {"type": "boolean"},
    },
    "description": "What is common to all events. The others are described by Stripe",
}


class Received(BaseModel):
    """The event is stored, or needs no processing."""

    received: bool = True
    new: bool = Field(
        description="false if the event was already stored, or belongs to the other mode"
    )


@router.post(
    STRIPE_PATH.removeprefix(router.prefix),
    summary="Receive a Stripe event",
    response_description="The event is received",
    responses=documented_errors(WebhookRefused, PayloadTooLarge, Unavailable),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The event as Stripe sends it, a snapshot or a thin event",
            "content": {"application/json; charset=utf-8": {"schema": _EVENT}},
        }
    },
)
async def receive_stripe_event(
    request: Request,
    services: CurrentServices,
    stripe_signature: Annotated[
        str | None, Header(description="The signature, as Stripe sends it.")
    ] = None,
) -> Received:
    """Verifies the signature over the bytes of the body, and stores id, type and references of the
    event once. Stripe repeats a delivery until the response is a success. The body may be up to
    1 MiB.

    An event of a checkout is signalled to its order at once. Every other event starts a workflow
    that handles it. If Temporal is unavailable, a schedule starts that workflow later. Events that
    concern neither a session nor an order are stored, but start no workflow. Events of the other
    mode are neither stored nor processed: Stripe sends test events of connected accounts to the
    live endpoint as well.
    """
    try:
        event = webhooks.verify(await request.body(), stripe_signature, services.webhook_secrets)
    except InvalidWebhook as refusal:
        raise WebhookRefused(refusal.message) from refusal
    if event.livemode != services.livemode:
        services.metrics.webhook("other_mode")
        _log.info("Stripe event of the other mode ignored", event_id=event.id)
        return Received(new=False)
    is_new = await _process(services, event)
    services.metrics.webhook("new" if is_new else "repeated")
    return Received(new=is_new)


async def _process(services: Services, event: InboxEvent) -> bool:
    """Returns whether the event is new."""
    subject = subject_of(event.type, event.account, event.reference)
    if subject is None:
        return await _store(services, event, IGNORED)
    if subject is EventSubject.CHECKOUT and event.reference is not None:
        outcome = await _signal_order(services, event.id, event.reference)
        return await _store(services, event, outcome)
    is_new = await _store(services, event)
    await _start_handler(services.temporal, event.id)
    return is_new


async def _store(services: Services, event: InboxEvent, outcome: str | None = None) -> bool:
    """Returns whether the event is new. An event without an outcome is processed later."""
    is_relevant = outcome != IGNORED
    return await services.inbox.put(
        event.id,
        event_type=event.type,
        account_id=event.account,
        livemode=event.livemode,
        payload=event.model_dump(include={"reference"}, exclude_none=True) if is_relevant else {},
        created_at=event.created,
        outcome=outcome,
    )


async def _signal_order(services: Services, event_id: str, checkout: ObjectReference) -> str | None:
    """Returns the outcome; None if Temporal has not accepted the signal.

    Another signal costs a look at the checkout, and changes nothing.
    """
    try:
        async with asyncio.timeout(START_TIMEOUT):
            is_open = await services.orders.checkout_changed(checkout.order_id or "", checkout.id)
    except _TEMPORAL_UNAVAILABLE as error:
        _log.warning("order not signalled", event_id=event_id, reason=repr(error))
        return None
    return ORDER_SIGNALLED if is_open else ORDER_NOT_OPEN


async def _start_handler(temporal: Client, event_id: str) -> None:
    try:
        async with asyncio.timeout(START_TIMEOUT):
            await start_stripe_event(temporal, event_id)
    except _TEMPORAL_UNAVAILABLE as error:
        _log.warning(
            "Stripe event stored, but its workflow was not started",
            event_id=event_id,
            reason=repr(error),
        )
