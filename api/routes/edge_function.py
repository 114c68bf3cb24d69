"""The contract of the earlier edge function, so that its front ends work unchanged.

One route takes ``{op, sessionId, data}`` and returns ``{ok, session | progress | event}`` with 200,
or ``{ok: false, error}``. A stage may be given by its own name or by its section's. A session has
the shape of the earlier design's table row.
"""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.auth import CurrentActor
from api.deps import (
    CurrentServices,
    RequestAttempt,
    Services,
)
from api.document.earlier import EARLIER_DATA
from api.errors import body_error, headers_of, invalid_request, note_problem
from api.json_bodies import JsonObjectBody, documented_body
from api.request_headers import DEFAULT_WAIT_SECONDS
from api.routing import ApiRoute
from api.sessions.idempotency import Attempt
from api.sessions.updates import ChangeRequest
from domain.actors import Actor
from domain.errors import (
    ErrorCode,
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    PublishBlocked,
    PublishFailed,
    Publishing,
    RateLimited,
    SessionClosed,
    SessionLost,
    SessionNotFound,
    StageIncomplete,
    StageMismatch,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    WizardError,
)
from domain.ids import successor_of, terms_update_id
from domain.json_values import JsonObject
from domain.schemas.fields import refused
from domain.session.view import SessionView, StageView
from domain.stages import STAGE_OF, Section, Stage
from observability.logs import note_session

_ModelT = TypeVar("_ModelT", bound=BaseModel)

_MAX_SUCCESSORS: Final = 50


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="ignore")

    op: Literal["create", "update_stage_data", "transition", "publish"]
    session_id: UUID | None = Field(default=None, alias="sessionId")
    data: JsonObject | None = None


def _stage_name(value: object) -> object:
    """The name of a stage that is named by its section."""
    if value == "payment":
        raise refused(ErrorCode.SERVER_OWNED)
    if isinstance(value, str) and value in set(Section):
        return STAGE_OF[Section(value)]
    return value


_Stage = Annotated[Stage, BeforeValidator(_stage_name)]


class _StageUpdate(BaseModel):
    stage: _Stage
    stage_data: JsonObject = Field(alias="stageData")


class _Transition(BaseModel):
    from_stage: _Stage = Field(alias="fromStage")
    to_stage: _Stage = Field(alias="toStage")


class Answer(BaseModel):
    """A success. Which fields it has depends on the operation."""

    ok: Literal[True]
    session: dict[str, Any] | None = Field(default=None, description="Returned by `create`")
    progress: int | None = Field(
        default=None,
        description="Returned by `update_stage_data`: the wizard's progress in percent",
    )
    event: dict[str, Any] | None = Field(default=None, description="Returned by `publish`")


class Refusal(BaseModel):
    """An error, in the shape of the earlier contract."""

    ok: Literal[False]
    error: str
    code: str
    errors: list[dict[str, Any]]


class _EarlierErrors(ApiRoute):
    """Returns errors in the shape of the earlier contract, instead of problem documents."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def with_earlier_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except WizardError as error:
                note_problem(request.scope, error.code)
                return _refusal_response(error)

        return with_earlier_errors


router = APIRouter(tags=["earlier front ends"], route_class=_EarlierErrors)

_EXAMPLES: Final[dict[str, JsonObject]] = {
    "create": {"op": "create", "sessionId": "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d"},
    "save": {
        "op": "update_stage_data",
        "sessionId": "7d8f5e0c-5f0c-4c9e-9b6e-0f6a7f1f2c3d",
        "data": {"stage": "event", "stageData": {"title": "Spring Show"}},
    },
}


def _documented_refusal(description: str, *kinds: type[WizardError]) -> dict[str, Any]:
    examples = {kind.code: {"value": _refusal(kind())} for kind in kinds}
    return {
        "model": Refusal,
        "description": description,
        "content": {"application/json": {"examples": examples}},
    }


def _refusal(error: WizardError) -> JsonObject:
    return {
        "ok": False,
        "error": error.detail,
        "code": error.code,
        "errors": [field.model_dump(mode="json") for field in error.errors],
    }


@router.post(
    "/functions/v1/wizard-session",
    summary="Run an operation of the earlier edge function",
    response_description="The result of the operation",
    response_model=Answer,
    response_model_exclude_unset=True,
    responses={
        400: _documented_refusal(
            "The operation is unknown, or the request is not valid", InvalidRequest
        ),
        401: _documented_refusal("A valid bearer token is required", Unauthenticated),
        404: _documented_refusal("The session does not exist", SessionNotFound),
        409: _documented_refusal(
            "The session is closed, lost, being published, or at a different stage",
            SessionClosed,
            SessionLost,
            StageMismatch,
            Publishing,
            PublishFailed,
            IdempotencyKeyReused,
        ),
        413: _documented_refusal("The request is too large", PayloadTooLarge),
        415: _documented_refusal("The body is not JSON, or is compressed", UnsupportedMediaType),
        422: _documented_refusal(
            "The stage is not complete, or the event cannot be published yet",
            StageIncomplete,
            PublishBlocked,
        ),
        429: _documented_refusal("Too many requests, or too many open sessions", RateLimited),
        503: _documented_refusal(
            "The service is temporarily unavailable. A repeated request is safe", Unavailable
        ),
    },
    openapi_extra=documented_body(
        {
            "type": "object",
            "required": ["op"],
            "properties": {
                "op": {"enum": ["create", "update_stage_data", "transition", "publish"]},
                "sessionId": {"type": "string", "format": "uuid"},
                "data": EARLIER_DATA,
            },
        },
        required=True,
        **_EXAMPLES,
    ),
)
async def wizard_session(
    actor: CurrentActor, services: CurrentServices, attempt: RequestAttempt, body: JsonObjectBody
) -> JsonObject:
    """Takes `{op, sessionId, data}`, where `op` is `create`, `update_stage_data`, `transition` or
    `publish`. Stages may be given by their name (`eventSetup`) or by the name of their section
    (`event`). Errors have the earlier status codes and the shape `{ok: false, error}`.
    """
    envelope = _parsed(_Envelope, body)
    if envelope.op == "create":
        view = await _create(services, actor, envelope.session_id)
        note_session(view.session_id)
        return {"ok": True, "session": earlier_row(view)}
    if envelope.session_id is None:
        raise _missing("sessionId")
    change = ChangeRequest(actor, str(envelope.session_id), attempt)
    note_session(change.session_id)
    if envelope.op == "update_stage_data":
        update = _parsed_data(_StageUpdate, envelope)
        saved = await services.sessions.save(change, update.stage, update.stage_data)
        return {"ok": True, "progress": saved.view.completion_percentage}
    if envelope.op == "transition":
        transition = _parsed_data(_Transition, envelope)
        await _move(services, change, transition.from_stage, transition.to_stage)
        return {"ok": True}
    return {"ok": True, "event": await _publish(services, change)}


async def _create(services: Services, actor: Actor, chosen_id: UUID | None) -> SessionView:
    """The session with the chosen id if it is open, otherwise its first open successor: these front
    ends generate an id once, and send it again after that session was closed or lost."""
    session_id = str(chosen_id or uuid4())
    for _ in range(_MAX_SUCCESSORS):
        with suppress(SessionLost):
            view, _is_new = await services.sessions.create(actor, session_id)
            if view.is_active:
                return view
        session_id = successor_of(services.id_secret.get_secret_value(), session_id)
    raise InvalidRequest("Too many sessions were started with this sessionId. Choose another.")


async def _move(
    services: Services, change: ChangeRequest, from_stage: Stage, to_stage: Stage
) -> None:
    """A repeat changes nothing and succeeds: these front ends send no idempotency key.

    Raises:
        StageMismatch: the session is at neither of the two stages.
    """
    try:
        await services.sessions.move(change, from_stage, to_stage)
    except StageMismatch:
        view = await services.sessions.view(change.actor, change.session_id, consistent=True)
        if view.current_stage is not to_stage:
            raise


async def _publish(services: Services, change: ChangeRequest) -> JsonObject:
    await _agree_to_terms(services, change)
    outcome = await services.publisher.publish(change, None, wait_seconds=DEFAULT_WAIT_SECONDS)
    if outcome.event is None:
        raise Unavailable("The event is still being published. Try again in a moment.")
    return {"id": outcome.event.event_id, **outcome.event.model_dump(mode="json")}


async def _agree_to_terms(services: Services, change: ChangeRequest) -> None:
    """These front ends have no input for the terms: publishing with them means agreeing."""
    view = await services.sessions.view(change.actor, change.session_id, consistent=True)
    if view.is_active and not view.stages[Stage.REVIEW_PUBLISH].valid:
        attempt = Attempt.of_system(terms_update_id(view.revision))
        acceptance = ChangeRequest(change.actor, change.session_id, attempt)
        await services.sessions.save(acceptance, Stage.REVIEW_PUBLISH, {"acceptTerms": True})


def earlier_row(view: SessionView) -> JsonObject:
    """The session as a row of the earlier design's table."""
    shown = view.model_dump(mode="json")
    stages = shown.pop("stages")
    return {
        "id": view.session_id,
        **shown,
        **{
            f"{section.value}_data": stages[stage.value]["data"]
            for section, stage in STAGE_OF.items()
        },
        "payment_data": shown["payments"],
        "stripe_account_id": view.payments.account_id,
        "validation_errors": {
            section.value: _messages(view.stages[stage])
            for section, stage in STAGE_OF.items()
            if view.stages[stage].errors
        },
    }


def _messages(stage: StageView) -> dict[str, str]:
    """The first message of each field. A nested field has its path, such as ``address.city``; the
    stage as a whole has the empty name."""
    messages: dict[str, str] = {}
    for error in stage.errors:
        messages.setdefault(error.pointer[1:].replace("/", "."), error.message)
    return messages


def _parsed_data(model: type[_ModelT], envelope: _Envelope) -> _ModelT:
    if envelope.data is None:
        raise _missing("data")
    return _parsed(model, envelope.data, "data")


def _parsed(model: type[_ModelT], value: JsonObject, *place: str) -> _ModelT:
    """
    Args:
        place: of the value in the body.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        placed = [{**detail, "loc": ("body", *place, *detail["loc"])} for detail in details]
        raise invalid_request(placed) from error


def _missing(name: str) -> InvalidRequest:
    error = body_error((name,), ErrorCode.MISSING)
    return InvalidRequest(error.message, errors=[error])


def _refusal_response(error: WizardError) -> Response:
    """The earlier status codes: 400 for an invalid request, the others are the same."""
    status = HTTPStatus.BAD_REQUEST if isinstance(error, InvalidRequest) else error.status
    headers = headers_of(error, token_given=False)
    return JSONResponse(_refusal(error), status_code=status, headers=headers)
