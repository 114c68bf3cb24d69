"""Publishing a session's event."""

from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import CurrentServices, RequestedChange, WaitSeconds
from api.errors import RETRY_AFTER_SECONDS
from api.responses import (
    SESSION_ERRORS,
    documented_errors,
    documented_response,
    json_response,
    view_response,
)
from domain.errors import (
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    PublishBlocked,
    PublishFailed,
    SessionClosed,
)
from domain.publishing.event import Event
from domain.session.view import SessionView

router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["publication"])


class PublishRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    publish_at: AwareDatetime | None = Field(
        default=None,
        description="When to publish. If omitted or in the past, the event is published at once",
    )


@router.post(
    "/publish",
    summary="Publish the event",
    response_model=None,
    responses={
        **documented_response(Event, "The published event"),
        **documented_response(
            SessionView,
            "The session: its publication is scheduled, or still running after the waiting time",
            status=202,
            headers=["ETag", "Location", "Retry-After"],
        ),
        **documented_errors(
            *SESSION_ERRORS,
            InvalidRequest,
            PayloadTooLarge,
            SessionClosed,
            IdempotencyKeyReused,
            PublishBlocked,
            PublishFailed,
        ),
    },
)
async def publish(
    change: RequestedChange,
    services: CurrentServices,
    wait: WaitSeconds,
    body: Annotated[PublishRequest | None, Body()] = None,
) -> Response:
    """Runs the publish checks, creates the products and payment links of paid tickets at Stripe,
    and publishes the event. If a step fails permanently, all steps are undone, and the session
    can be changed and published again.

    A session publishes only one event: a repeated request waits for the same publication, and
    returns the same event.
    """
    outcome = await services.publisher.publish(
        change, body.publish_at if body else None, wait_seconds=wait
    )
    if isinstance(outcome, Event):
        return json_response(outcome)
    return view_response(
        outcome,
        202,
        {"Location": f"/v1/sessions/{change.session_id}", "Retry-After": str(RETRY_AFTER_SECONDS)},
    )
