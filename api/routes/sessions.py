"""Sessions: create, list, read, check, abandon, erase."""

from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.auth import CurrentActor
from api.deps import (
    ClientTags,
    CurrentServices,
    RequestAttempt,
    RequestedChange,
    RequestedPage,
    SessionId,
    WantsMinimal,
    WantsSummary,
)
from api.document.views import sent_sections
from api.responses import (
    CHANGE_ERRORS,
    LIST_ERRORS,
    SESSION_ERRORS,
    Items,
    changed_response,
    documented_change,
    documented_errors,
    documented_list,
    documented_not_modified,
    documented_response,
    list_response,
    replayed_header,
    view_response,
    view_unless_known,
)
from api.routing import ApiRoute
from api.sessions.checks import run_checks
from api.sessions.idempotency import Attempt
from domain.actors import Actor
from domain.errors import InvalidRequest, PayloadTooLarge, Publishing, RevisionConflict
from domain.ids import session_id_for_key
from domain.json_values import JsonObject
from domain.session.summaries import SessionSummary
from domain.session.view import SessionView, Status
from domain.stages import Section
from domain.validation.check_codes import Check
from observability.logs import note_session

router = APIRouter(prefix="/v1/sessions", tags=["sessions"], route_class=ApiRoute)


class InitialSections(BaseModel):
    """Data of the stages, by the names of their sections."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=sent_sections())

    organizer: JsonObject = Field(default_factory=dict)
    event: JsonObject = Field(default_factory=dict)
    venue: JsonObject = Field(default_factory=dict)
    ticket: JsonObject = Field(default_factory=dict)
    sponsor: JsonObject = Field(default_factory=dict)
    review: JsonObject = Field(default_factory=dict)

    @property
    def entered(self) -> dict[Section, JsonObject]:
        return {Section(name): getattr(self, name) for name in self.model_fields_set}


class CreateSession(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session_id: UUID | None = Field(
        default=None, description="An ID of your choice. If omitted, the server generates one"
    )
    sections: InitialSections | None = Field(
        default=None,
        description="The data that the session begins with: one change, with revision 1. Ignored "
        "if the session exists already",
    )


_CREATE_EXAMPLES: Final[dict[str, Example]] = {
    "empty": {"summary": "A session without data", "value": {}},
    "filled": {
        "summary": "A session with all of its data, ready to be published",
        "value": {
            "sections": {
                "organizer": {"name": "Ada Lovelace"},
                "event": {
                    "title": "Spring Show",
                    "type": "fashion_show",
                    "date": "2031-05-09",
                    "startTime": "19:30",
                },
                "venue": {
                    "mode": "physical",
                    "name": "Great Hall",
                    "address": {"line1": "1 Main Street", "city": "New York", "country": "US"},
                },
                "ticket": {"tiers": [{"name": "General", "unit_amount": 0, "quantity": 150}]},
                "review": {"acceptTerms": True},
            }
        },
    },
}


class Checks(BaseModel):
    """The result of the publish checks."""

    ready: bool = Field(description="Whether no check blocks publishing")
    checks: list[Check] = Field(description="Each problem found; empty if there is none")


@router.post(
    "",
    status_code=201,
    summary="Create a session",
    response_model=None,
    responses={
        **documented_response(
            SessionView, "The new session", status=201, headers=["ETag", "Location"]
        ),
        **documented_response(
            SessionView, "The existing session of this id", headers=["ETag", "Location"]
        ),
        **documented_errors(*SESSION_ERRORS, InvalidRequest, PayloadTooLarge),
    },
)
async def create_session(
    actor: CurrentActor,
    services: CurrentServices,
    attempt: RequestAttempt,
    body: Annotated[CreateSession | None, Body(openapi_examples=_CREATE_EXAMPLES)] = None,
) -> Response:
    """If the tenant already has a session with this `session_id`, the response is that session,
    with 200. Without a `session_id`, the server generates one; a repeat with the same
    `Idempotency-Key` then returns the same session.

    With `sections`, the session begins with data: one request instead of a save for each stage.
    They are saved as by `PATCH /v1/sessions/{session_id}/stages/{stage}`: invalid values are kept,
    with their errors in the response. If a value cannot be saved, no session is created.

    Works even if no worker is running: the session can be changed as soon as one is.
    """
    session_id = _new_session_id(
        services.id_secret, actor, body.session_id if body else None, attempt
    )
    note_session(session_id)
    sections = body.sections.entered if body and body.sections else None
    view, is_new = await services.sessions.create(
        actor, session_id, sections=sections, key=attempt.id
    )
    headers = {
        "Location": f"/v1/sessions/{view.session_id}",
        **replayed_header(not is_new and attempt.given_by_client),
    }
    return view_response(view, 201 if is_new else 200, headers)


@router.get(
    "",
    summary="List sessions",
    response_model=None,
    responses={
        **documented_list("A page of sessions", Items[SessionView], Items[SessionSummary]),
        **documented_errors(*LIST_ERRORS),
    },
)
async def list_sessions(
    request: Request,
    actor: CurrentActor,
    services: CurrentServices,
    page: RequestedPage,
    *,
    status: Annotated[
        Status | None, Query(description="Return only sessions with this status.")
    ] = None,
    summary: WantsSummary,
) -> Response:
    """All sessions of the tenant, newest first."""
    reads, limit, cursor = services.session_reads, page.limit, page.cursor
    if summary:
        listed = await reads.summaries(actor, status=status, limit=limit, cursor=cursor)
        return list_response(request, Items[SessionSummary].of(listed))
    found = await reads.list(actor, status=status, limit=limit, cursor=cursor)
    return list_response(request, Items[SessionView].of(found))


@router.get(
    "/{session_id}",
    summary="Get a session",
    response_model=None,
    responses={
        **documented_response(SessionView, "The session", headers=["ETag"]),
        **documented_not_modified(),
        **documented_errors(*SESSION_ERRORS, InvalidRequest),
    },
)
async def get_session(
    actor: CurrentActor,
    services: CurrentServices,
    session_id: SessionId,
    known: ClientTags,
    consistent: Annotated[
        bool, Query(description="Read from the workflow instead of the read model.")
    ] = False,
) -> Response:
    """Reads from the read model, which a change reaches moments after its response.
    `consistent=true` reads from the workflow, which always has the latest change.

    To poll, send the `ETag` of the last response as `If-None-Match`.
    """
    view = await services.sessions.view(actor, session_id, consistent=consistent)
    return view_unless_known(view, known)


@router.get(
    "/{session_id}/checks",
    summary="Run the publish checks",
    response_description="The result of the checks",
    responses=documented_errors(*SESSION_ERRORS),
)
async def get_checks(
    actor: CurrentActor, services: CurrentServices, session_id: SessionId
) -> Checks:
    """Lists each problem that blocks publishing, and each warning: now, or at the time for which
    the publication is scheduled. Publishes nothing."""
    checked = await run_checks(services.sessions, services.session_reads, actor, session_id)
    return Checks(ready=checked.is_ready, checks=checked.checks)


@router.post(
    "/{session_id}/abandon",
    summary="Abandon a session",
    response_model=None,
    responses={
        **documented_change("The closed session"),
        **documented_errors(*CHANGE_ERRORS),
    },
)
async def abandon_session(
    change: RequestedChange, services: CurrentServices, *, minimal: WantsMinimal
) -> Response:
    """Closes the session without publishing its event. Its data can still be read."""
    changed = await services.sessions.abandon(change)
    return changed_response(changed, is_minimal=minimal)


@router.delete(
    "/{session_id}",
    status_code=204,
    summary="Erase a session",
    response_model=None,
    responses={
        **documented_response(
            None,
            "The erasure continues in the background. Repeat the request to see its result",
            status=202,
        ),
        **documented_response(
            None, "The session is erased, by this request or an earlier one", status=204
        ),
        **documented_errors(*SESSION_ERRORS, Publishing, RevisionConflict, InvalidRequest),
    },
)
async def erase_session(change: RequestedChange, services: CurrentServices) -> Response:
    """Permanently deletes the session: its data, its audit trail and its workflow history. A
    published event is kept, without the organizer's email address and phone number and without
    the press contact. This cannot be undone."""
    is_complete = await services.eraser.erase(change)
    return Response(status_code=204 if is_complete else 202)


def _new_session_id(secret: SecretStr, actor: Actor, chosen: UUID | None, attempt: Attempt) -> str:
    """The chosen id, or one derived from the idempotency key, so that a repeat finds it."""
    if chosen is not None:
        return str(chosen)
    if attempt.given_by_client:
        return session_id_for_key(secret.get_secret_value(), str(actor.tenant), attempt.id)
    return str(uuid4())
