"""Publishing a session's event."""

from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import CurrentServices, RequestedChange, WaitSeconds
from api.errors import RETRY_AFTER_SECONDS, responses_for
from api.responses import documented, json_response, view_response
from domain.errors import (
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    PublishBlocked,
    PublishFailed,
    SessionClosed,
    SessionNotFound,
    Unauthenticated,
    Unavailable,
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
        **documented(Event, "Published, now or earlier"),
        **documented(
            SessionView,
            "Planned, or still running when the time to wait was over",
            status=202,
            headers=["ETag", "Location", "Retry-After"],
        ),
        **responses_for(
            Unauthenticated,
            SessionNotFound,
            SessionClosed,
            PublishFailed,
            IdempotencyKeyReused,
            PayloadTooLarge,
            InvalidRequest,
            PublishBlocked,
            Unavailable,
        ),
    },
)
async def publish(
    change: RequestedChange,
    services: CurrentServices,
    wait: WaitSeconds,
    body: Annotated[PublishRequest | None, Body()] = None,
) -> Response:
    """However often it is asked for, there is one publication; a repeat joins it."""
    outcome = await services.publishing.publish(
        change, body.publish_at if body else None, wait_seconds=wait
    )
    if isinstance(outcome, Event):
        return json_response(outcome)
    return view_response(
        outcome,
        202,
        {"Location": f"/v1/sessions/{change.session_id}", "Retry-After": str(RETRY_AFTER_SECONDS)},
    )
