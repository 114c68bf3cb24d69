"""Sessions: create, list, look at, close."""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CurrentActor
from api.deps import AttemptHeader, CurrentServices, KnownRevisions, RequestedChange, etag
from api.errors import responses_for
from api.responses import ETAG_HEADER, Items, documented, view_response
from api.sessions.idempotency import Attempt
from domain.actors import Actor
from domain.errors import (
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    Publishing,
    SessionClosed,
    SessionNotFound,
    Unauthenticated,
    Unavailable,
)
from domain.ids import session_id_for_key
from domain.publishing.dry_run import checks_of, chosen_slug
from domain.session.view import SessionView, Status
from domain.validation.check_codes import Check, Severity
from observability.logs import note_session

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])

MAX_PAGE: Final = 100


class CreateSession(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session_id: UUID | None = Field(
        default=None, description="Chosen by the client; made here if it is not given"
    )


class Checks(BaseModel):
    """``ready``: nothing blocks."""

    ready: bool
    checks: list[Check]


@router.post(
    "",
    status_code=201,
    summary="Start a session, or find one's own again",
    response_model=None,
    responses={
        **documented(SessionView, "Started", status=201, headers=["ETag", "Location"]),
        **documented(SessionView, "The caller's own, as it is now", headers=["ETag", "Location"]),
        **responses_for(
            Unauthenticated, SessionNotFound, InvalidRequest, Unavailable, PayloadTooLarge
        ),
    },
)
async def create_session(
    actor: CurrentActor,
    services: CurrentServices,
    attempt: AttemptHeader,
    body: Annotated[CreateSession | None, Body()] = None,
) -> Response:
    """Answers also while no worker is up: the session takes up its work when one is."""
    session_id = _new_session_id(actor, body.session_id if body else None, attempt)
    note_session(session_id)
    view, is_new = await services.sessions.create(actor, session_id)
    location = {"Location": f"/v1/sessions/{view.session_id}"}
    return view_response(view, 201 if is_new else 200, location)


@router.get(
    "",
    summary="The tenant's sessions, newest first",
    responses=responses_for(Unauthenticated, InvalidRequest, Unavailable),
)
async def list_sessions(
    actor: CurrentActor,
    services: CurrentServices,
    status: Annotated[Status | None, Query(description="Only sessions in this status")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Items[SessionView]:
    page = await services.session_reads.list(actor, status=status, limit=limit, cursor=cursor)
    return Items(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/{session_id}",
    summary="A session",
    response_model=None,
    responses={
        **documented(SessionView, "The session", headers=["ETag"]),
        304: {"description": "Still at the revision of If-None-Match", "headers": ETAG_HEADER},
        **responses_for(Unauthenticated, SessionNotFound, InvalidRequest, Unavailable),
    },
)
async def get_session(
    actor: CurrentActor,
    services: CurrentServices,
    session_id: str,
    known: KnownRevisions,
    consistent: Annotated[
        bool, Query(description="Ask the workflow instead of the read model")
    ] = False,
) -> Response:
    """From the read model, which follows the workflow within moments."""
    view = await services.sessions.view(actor, session_id, consistent=consistent)
    if view.revision in known:
        return Response(status_code=304, headers={"ETag": etag(view.revision)})
    return view_response(view)


@router.get(
    "/{session_id}/checks",
    summary="What publishing would find now",
    responses=responses_for(Unauthenticated, SessionNotFound, Unavailable),
)
async def get_checks(actor: CurrentActor, services: CurrentServices, session_id: str) -> Checks:
    view = await services.sessions.view(actor, session_id)
    slug = chosen_slug(view)
    taken = slug is not None and await services.session_reads.is_slug_taken(
        slug, except_session=view.session_id
    )
    checks = checks_of(view, actor, now=datetime.now(UTC), slug_taken=taken)
    ready = not any(each.severity is Severity.BLOCK for each in checks)
    return Checks(ready=ready, checks=checks)


@router.post(
    "/{session_id}/abandon",
    summary="Close a session without publishing",
    response_model=None,
    responses={
        **documented(SessionView, "Closed", headers=["ETag"]),
        **responses_for(
            Unauthenticated,
            SessionNotFound,
            SessionClosed,
            Publishing,
            IdempotencyKeyReused,
            InvalidRequest,
            Unavailable,
            PayloadTooLarge,
        ),
    },
)
async def abandon_session(change: RequestedChange, services: CurrentServices) -> Response:
    return view_response(await services.sessions.abandon(change))


@router.delete(
    "/{session_id}",
    status_code=204,
    summary="Erase a session for good",
    response_model=None,
    responses={
        202: {"description": "It is being erased: repeat the request to see it done"},
        204: {"description": "Erased, now or earlier"},
        **responses_for(Unauthenticated, SessionNotFound, Publishing, InvalidRequest, Unavailable),
    },
)
async def erase_session(change: RequestedChange, services: CurrentServices) -> Response:
    """All that was entered, the audit trail and the history. A published event stays, without its
    organizer's e-mail address and telephone number and without the press contact."""
    is_done = await services.erasing.erase(change)
    return Response(status_code=204 if is_done else 202)


def _new_session_id(actor: Actor, chosen: UUID | None, attempt: Attempt) -> str:
    """A repeat with the same key finds the same session, also where no id was chosen."""
    if chosen is not None:
        return str(chosen)
    if attempt.given_by_client:
        return session_id_for_key(str(actor.tenant), attempt.id)
    return str(uuid4())
