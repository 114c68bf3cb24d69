"""The stages of a session: save, complete, move between them."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CurrentActor
from api.deps import (
    CurrentServices,
    RequestedChange,
    SaveHeaders,
    SessionId,
    StageInPath,
    WantsMinimal,
    current_services,
    documented_headers,
    requested_change,
)
from api.document.sections import nullable
from api.document.views import any_draft
from api.entity_tags import refuse_condition
from api.errors import body_error
from api.json_bodies import OptionalJsonBody, documented_body, json_object
from api.request_headers import Preferences
from api.responses import (
    CHANGE_ERRORS,
    changed_response,
    documented_change,
    documented_errors,
    documented_response,
    json_response,
)
from api.routing import ApiRoute
from domain.errors import (
    ErrorCode,
    FieldError,
    InvalidRequest,
    StageIncomplete,
    StageMismatch,
)
from domain.json_values import JsonObject
from domain.stages import Stage

router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["stages"], route_class=ApiRoute)


class TransitionRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"from_stage": "eventSetup", "to_stage": "venueSetup"}]},
    )

    from_stage: Stage = Field(
        description="The current stage. If the session is at a different one, the request is "
        "refused with 409"
    )
    to_stage: Stage


class SavedLater(BaseModel):
    """A change that is queued. The session applies it moments later."""

    session_id: str
    message_id: str = Field(
        description="The `Idempotency-Key`, or the key that the server generated"
    )


@router.patch(
    "/stages/{stage}",
    summary="Save a stage",
    response_model=None,
    responses={
        **documented_change("The session after the change"),
        **documented_response(
            SavedLater,
            "The change is queued",
            status=202,
            headers=["Location", "Preference-Applied"],
        ),
        **documented_errors(*CHANGE_ERRORS),
    },
    openapi_extra={
        **documented_headers(SaveHeaders),
        **documented_body(
            any_draft(),
            required=True,
            event={"title": "Spring Show", "date": "2031-05-09"},
            event_remove={"slug": None},
        ),
    },
)
async def save_stage(
    request: Request, actor: CurrentActor, session_id: SessionId, stage: StageInPath
) -> Response:
    """Saves data as a draft, whether it is valid or not. The response lists the errors of each
    stage. Only unknown fields and values that JSON cannot represent are refused.

    With `Prefer: respond-async`, the response does not wait for the session. It cannot be combined
    with `If-Match`. If the session refuses the change after the response, its audit trail (`GET
    /v1/sessions/{session_id}/actions`) has an action `refuse_message`, with the `message_id` of the
    response as its `idempotency_key`, and the code of the error as its `detail`.
    """
    # Called, not declared: each dependency would cost every save 0.03 ms of CPU (ADR 26).
    services, headers = await current_services(request), SaveHeaders.of(request)
    change = await requested_change(actor, session_id, headers.idempotency_key, headers.if_match)
    data = await json_object(request)
    preferences = Preferences.of(headers.prefer)
    if preferences.is_async:
        refuse_condition(headers.if_match)
        await services.sessions.save_later(change, stage, data)
        return json_response(
            SavedLater(session_id=change.session_id, message_id=change.attempt.id),
            202,
            {
                "Location": f"/v1/sessions/{change.session_id}",
                "Preference-Applied": "respond-async",
            },
        )
    changed = await services.sessions.save(change, stage, data)
    return changed_response(changed, is_minimal=preferences.is_minimal)


@router.post(
    "/stages/{stage}/complete",
    summary="Complete a stage",
    response_model=None,
    responses={
        **documented_change("The session at the next stage"),
        **documented_errors(*CHANGE_ERRORS, StageMismatch, StageIncomplete),
    },
    openapi_extra=documented_body(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {"data": nullable(any_draft())},
        },
        required=False,
        event={"data": {"type": "fashion_show", "startTime": "19:30"}},
    ),
)
async def complete_stage(
    change: RequestedChange,
    services: CurrentServices,
    stage: StageInPath,
    body: OptionalJsonBody,
    *,
    minimal: WantsMinimal,
) -> Response:
    """Saves the data in the request, if there is any, and moves to the next stage. If the stage has
    errors, the response is 422 with each of them: the data is saved, but the session stays at the
    stage. After the last stage, the session stays there until it is published.
    """
    changed = await services.sessions.complete(change, stage, _data_of(body))
    return changed_response(changed, is_minimal=minimal)


@router.post(
    "/transition",
    summary="Move to another stage",
    response_model=None,
    responses={
        **documented_change("The session at the new stage"),
        **documented_errors(*CHANGE_ERRORS, StageMismatch, StageIncomplete),
    },
)
async def move_to_stage(
    change: RequestedChange,
    services: CurrentServices,
    body: Annotated[TransitionRequest, Body()],
    *,
    minimal: WantsMinimal,
) -> Response:
    """Moves back to any earlier stage, or forward if the current stage and every stage in between
    are valid."""
    changed = await services.sessions.move(change, body.from_stage, body.to_stage)
    return changed_response(changed, is_minimal=minimal)


def _data_of(body: Any) -> JsonObject | None:
    if body is None:
        return None
    if not isinstance(body, dict):
        raise _invalid(body_error(("body",), ErrorCode.INVALID_TYPE, expected="object"))
    unknown = [name for name in body if name != "data"]
    if unknown:
        raise _invalid(*(body_error((name,), ErrorCode.UNKNOWN_FIELD) for name in unknown))
    data = body.get("data")
    if data is not None and not isinstance(data, dict):
        raise _invalid(body_error(("data",), ErrorCode.INVALID_TYPE, expected="object"))
    return data


def _invalid(*errors: FieldError) -> InvalidRequest:
    return InvalidRequest(errors[0].message, errors=errors)
