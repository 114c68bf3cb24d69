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
        default=None, description="Later than now; at once if it is not given, or past"
    )


@router.post(
    "/publish",
    summary="Publish the event",
    response_model=None,
    responses={
        **documented_response(Event, "Published, now or earlier"),
        **documented_response(
            SessionView,
            "Planned, or still running when the time to wait was over",
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
    """A session is published once: a repeat joins the publication that is in progress."""
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
