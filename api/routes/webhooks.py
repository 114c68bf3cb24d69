"""Stripe's webhooks: verify, store once, start the handler, respond."""

import asyncio
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field
from temporalio.client import Client
from temporalio.service import RPCError

from activities.inbox import start_stripe_event
from api.deps import CurrentServices
from api.responses import documented_errors
from domain.errors import PayloadTooLarge, Unavailable, WebhookRefused
from payments import webhooks
from payments.errors import InvalidWebhook
from payments.models import IGNORED, affected_account

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

_log = structlog.get_logger(__name__)

START_TIMEOUT: Final = 2.0
"""Seconds for all attempts of the SDK together: Stripe waits for the response."""

_TEMPORAL_UNAVAILABLE: Final = (RPCError, TimeoutError, RuntimeError)
"""The SDK raises RuntimeError before it has connected to Temporal."""


class Received(BaseModel):
    """The event is stored."""

    received: bool = True
    new: bool = Field(description="false if the event was already stored")


@router.post(
    "/stripe",
    summary="Receive a Stripe event",
    response_description="The event is stored",
    responses=documented_errors(WebhookRefused, PayloadTooLarge, Unavailable),
)
async def receive_stripe_event(
    request: Request,
    services: CurrentServices,
    stripe_signature: Annotated[
        str | None, Header(description="The signature, as Stripe sends it.")
    ] = None,
) -> Received:
    """Verifies the signature over the bytes of the body, stores the event once, and starts a
    workflow that handles it. Stripe repeats a delivery until the response is a success.

    If the workflow cannot be started now, a schedule starts it later. Events that concern no
    session are stored, but start no workflow.
    """
    try:
        event = webhooks.verify(
            await request.body(),
            stripe_signature,
            services.webhook_secrets,
            livemode=services.livemode,
        )
    except InvalidWebhook as refusal:
        raise WebhookRefused(refusal.message) from refusal
    outcome = None if affected_account(event.type, event.account) else IGNORED
    new = await services.inbox.put(
        event.id,
        event_type=event.type,
        account_id=event.account,
        livemode=event.livemode,
        payload=event.payload,
        created_at=event.created,
        outcome=outcome,
    )
    services.metrics.webhook("new" if new else "repeated")
    if outcome is None:
        await _start_handler(services.temporal, event.id)
    return Received(new=new)


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
