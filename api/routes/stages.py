"""Working on the stages of a session: save, complete, go back and forth."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field

from api import deps
from api.deps import (
    CurrentServices,
    ExpectedRevision,
    OptionalJsonBody,
    RequestedChange,
    RequestedSave,
    documented_for_save,
)
from api.errors import responses_for
from api.responses import documented, json_response, view_response
from api.save_route import SaveRoute
from domain.errors import (
    ErrorCode,
    FieldError,
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    Publishing,
    RevisionConflict,
    SessionClosed,
    SessionNotFound,
    StageIncomplete,
    StageMismatch,
    Unauthenticated,
    Unavailable,
)
from domain.json_values import JsonObject, pointer_to
from domain.session.view import SessionView
from domain.stages import Stage

_PREFIX = "/v1/sessions/{session_id}"

saves = APIRouter(prefix=_PREFIX, tags=["stages"], route_class=SaveRoute)
router = APIRouter(prefix=_PREFIX, tags=["stages"])

_ALWAYS = (
    Unauthenticated,
    SessionNotFound,
    SessionClosed,
    Publishing,
    IdempotencyKeyReused,
    PayloadTooLarge,
    InvalidRequest,
    Unavailable,
)

_PATCH = {
    "type": "object",
    "additionalProperties": True,
    "description": "A merge patch (RFC 7396) of the stage's data; `GET /v1/wizard` has its schema.",
}


class TransitionRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    from_stage: Stage
    to_stage: Stage


class SavedLater(BaseModel):
    """The change is on its way; the session shows it within moments."""

    session_id: str
    message_id: str = Field(description="The Idempotency-Key, or the one that was made here")


@saves.patch(
    "/stages/{stage}",
    summary="Save a stage's draft",
    response_model=None,
    responses={
        **documented(SessionView, "Saved", headers=["ETag"]),
        **documented(
            SavedLater, "On its way", status=202, headers=["Location", "Preference-Applied"]
        ),
        **responses_for(*_ALWAYS, RevisionConflict),
    },
    openapi_extra={
        **documented_for_save(),
        **deps.documented(
            _PATCH,
            required=True,
            event={"title": "Spring Show", "date": "2031-05-09"},
            remove={"slug": None},
        ),
    },
)
async def save_stage(save: RequestedSave, stage: Stage) -> Response:
    """What was typed is kept, valid or not; the answer says what is wrong with it.

    With `Prefer: respond-async` the answer does not wait for the session, and `If-Match` is not
    looked at.
    """
    change, sessions = save.change, save.sessions
    if save.respond_async:
        await sessions.save_later(change, stage, save.data)
        return json_response(
            SavedLater(session_id=change.session_id, message_id=change.attempt.id),
            202,
            {
                "Location": f"/v1/sessions/{change.session_id}",
                "Preference-Applied": "respond-async",
            },
        )
    return view_response(await sessions.save(change, stage, save.data, save.expected_revision))


@router.post(
    "/stages/{stage}/complete",
    summary="Save a stage, and go on if it is valid",
    response_model=None,
    responses={
        **documented(SessionView, "Gone on", headers=["ETag"]),
        **responses_for(*_ALWAYS, StageMismatch, StageIncomplete, RevisionConflict),
    },
    openapi_extra=deps.documented(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {"data": {"anyOf": [_PATCH, {"type": "null"}]}},
        },
        required=False,
        organizer={"data": {"name": "Ada Lovelace"}},
    ),
)
async def complete_stage(
    change: RequestedChange,
    services: CurrentServices,
    stage: Stage,
    body: OptionalJsonBody,
    expected: ExpectedRevision,
) -> Response:
    """Data that came along is kept also where the stage turns out not to be complete."""
    return view_response(await services.sessions.complete(change, stage, _data_of(body), expected))


@router.post(
    "/transition",
    summary="Go to another stage",
    response_model=None,
    responses={
        **documented(SessionView, "Gone there", headers=["ETag"]),
        **responses_for(*_ALWAYS, StageMismatch, StageIncomplete),
    },
)
async def move_to_stage(
    change: RequestedChange,
    services: CurrentServices,
    body: Annotated[TransitionRequest, Body()],
) -> Response:
    """Back always, forward only over stages that are valid."""
    return view_response(await services.sessions.move(change, body.from_stage, body.to_stage))


def _data_of(body: Any) -> JsonObject | None:
    if body is None:
        return None
    if not isinstance(body, dict):
        raise _refused([((), ErrorCode.INVALID_TYPE, "The body has to be a JSON object.")])
    unknown = [name for name in body if name != "data"]
    if unknown:
        raise _refused(
            [((name,), ErrorCode.UNKNOWN_FIELD, 'The body has "data" only.') for name in unknown]
        )
    data = body.get("data")
    if data is not None and not isinstance(data, dict):
        raise _refused([(("data",), ErrorCode.INVALID_TYPE, "The data has to be a JSON object.")])
    return data


def _refused(found: list[tuple[tuple[str, ...], ErrorCode, str]]) -> InvalidRequest:
    return InvalidRequest(
        found[0][2],
        errors=[
            FieldError(pointer=pointer_to(path), code=code.value, message=message)
            for path, code, message in found
        ],
    )
