"""Publishing a session's event."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.deps import CurrentServices, RequestedChange, WaitSeconds, WantsMinimal
from api.errors import RETRY_AFTER_SECONDS
from api.responses import (
    CHANGE_ERRORS,
    SESSION_ERRORS,
    changed_response,
    documented_change,
    documented_errors,
    documented_response,
    json_response,
    replayed_header,
    view_response,
)
from api.routing import ApiRoute
from domain.errors import (
    ErrorCode,
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    PublishBlocked,
    PublishFailed,
    RevisionConflict,
    SessionClosed,
)
from domain.publishing.event import Event
from domain.schemas.fields import refused
from domain.session.view import SessionView

router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["publication"], route_class=ApiRoute)


_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _moment(value: object) -> datetime:
    """Numbers and other spellings have more than one meaning: 20270101 is in the year 1970."""
    if not isinstance(value, str):
        raise refused(ErrorCode.INVALID_TYPE, expected="text")
    try:
        if _RFC_3339.fullmatch(value):
            moment = datetime.fromisoformat(value.upper())
            moment.astimezone(UTC)
            return moment
    except (ValueError, OverflowError):  # no such day, time or offset; a year beyond the calendar
        pass
    raise refused(ErrorCode.INVALID_FORMAT, format="date_time")


Moment = Annotated[datetime, BeforeValidator(_moment)]


class PublishRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    publish_at: Moment | None = Field(
        default=None,
        description="When to publish: a date and time in the future, with an offset (RFC 3339). "
        "If omitted, the event is published at once",
        examples=["2031-05-09T19:30:00-04:00"],
    )


@router.post(
    "/publish",
    summary="Publish the event",
    response_model=None,
    responses={
        **documented_response(Event, "The published event", headers=["Idempotent-Replayed"]),
        **documented_response(
            SessionView,
            "The session: its publication is scheduled, or still running after the waiting time",
            status=202,
            headers=["ETag", "Idempotent-Replayed", "Location", "Retry-After"],
        ),
        **documented_errors(
            *SESSION_ERRORS,
            InvalidRequest,
            PayloadTooLarge,
            SessionClosed,
            IdempotencyKeyReused,
            RevisionConflict,
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
    """Runs the publish checks, creates the products and prices of paid tickets at Stripe, and
    publishes the event. If a step fails permanently, all steps are undone, and the session
    can be changed and published again.

    A session publishes only one event: a repeated request waits for the same publication, and
    returns the same event, whatever its `If-Match`.
    """
    outcome = await services.publisher.publish(
        change, body.publish_at if body else None, wait_seconds=wait
    )
    headers = replayed_header(outcome.is_repeat)
    if outcome.event is not None:
        return json_response(outcome.event, headers=headers)
    headers["Location"] = f"/v1/sessions/{change.session_id}"
    headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return view_response(outcome.view, 202, headers)


@router.delete(
    "/publication",
    summary="Cancel the scheduled publication",
    response_model=None,
    responses={
        **documented_change("The session, which is no longer scheduled for publication"),
        **documented_errors(*CHANGE_ERRORS),
    },
)
async def cancel_publication(
    change: RequestedChange, services: CurrentServices, *, minimal: WantsMinimal
) -> Response:
    """Cancels the publication that `publish_at` scheduled. The session stays open, and the time
    until it expires starts again. If no publication is scheduled, the session is returned
    unchanged. A publication that is running cannot be cancelled."""
    changed = await services.sessions.cancel_publication(change)
    return changed_response(changed, is_minimal=minimal)
