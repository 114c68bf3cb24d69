"""Sessions: create, list, read, check, abandon, erase."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CurrentActor
from api.deps import (
    CachedRevisions,
    CurrentServices,
    RequestAttempt,
    RequestedChange,
    RequestedPage,
)
from api.responses import (
    CHANGE_ERRORS,
    LIST_ERRORS,
    SESSION_ERRORS,
    Items,
    documented_errors,
    documented_response,
    not_modified_response,
    view_response,
)
from api.sessions.idempotency import Attempt
from domain.actors import Actor
from domain.errors import InvalidRequest, PayloadTooLarge, Publishing
from domain.ids import session_id_for_key
from domain.publishing.dry_run import checks_of, chosen_slug
from domain.session.view import SessionView, Status
from domain.validation.check_codes import Check, Severity
from observability.logs import note_session

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


class CreateSession(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session_id: UUID | None = Field(
        default=None, description="Chosen by the client; made here if it is not given"
    )


class Checks(BaseModel):
    """``ready``: no check blocks publishing."""

    ready: bool
    checks: list[Check]


@router.post(
    "",
    status_code=201,
    summary="Start a session, or find one's own again",
    response_model=None,
    responses={
        **documented_response(SessionView, "Started", status=201, headers=["ETag", "Location"]),
        **documented_response(
            SessionView, "The caller's own, as it is now", headers=["ETag", "Location"]
        ),
        **documented_errors(*SESSION_ERRORS, InvalidRequest, PayloadTooLarge),
    },
)
async def create_session(
    actor: CurrentActor,
    services: CurrentServices,
    attempt: RequestAttempt,
    body: Annotated[CreateSession | None, Body()] = None,
) -> Response:
    """Works also while no worker is running: the session starts once there is one."""
    session_id = _new_session_id(actor, body.session_id if body else None, attempt)
    note_session(session_id)
    view, is_new = await services.sessions.create(actor, session_id)
    location = {"Location": f"/v1/sessions/{view.session_id}"}
    return view_response(view, 201 if is_new else 200, location)


@router.get(
    "",
    summary="The tenant's sessions, newest first",
    responses=documented_errors(*LIST_ERRORS),
)
async def list_sessions(
    actor: CurrentActor,
    services: CurrentServices,
    page: RequestedPage,
    status: Annotated[Status | None, Query(description="Only sessions in this status")] = None,
) -> Items[SessionView]:
    return Items.of(
        await services.session_reads.list(
            actor, status=status, limit=page.limit, cursor=page.cursor
        )
    )


@router.get(
    "/{session_id}",
    summary="A session",
    response_model=None,
    responses={
        **documented_response(SessionView, "The session", headers=["ETag"]),
        **documented_response(
            None, "Still at the revision of If-None-Match", status=304, headers=["ETag"]
        ),
        **documented_errors(*SESSION_ERRORS, InvalidRequest),
    },
)
async def get_session(
    actor: CurrentActor,
    services: CurrentServices,
    session_id: str,
    cached: CachedRevisions,
    consistent: Annotated[
        bool, Query(description="Ask the workflow instead of the read model")
    ] = False,
) -> Response:
    """From the read model, which follows the workflow within moments."""
    view = await services.sessions.view(actor, session_id, consistent=consistent)
    return not_modified_response(view) if view.revision in cached else view_response(view)


@router.get(
    "/{session_id}/checks",
    summary="What publishing would find now",
    responses=documented_errors(*SESSION_ERRORS),
)
async def get_checks(actor: CurrentActor, services: CurrentServices, session_id: str) -> Checks:
    view = await services.sessions.view(actor, session_id)
    slug = chosen_slug(view)
    taken = slug is not None and await services.session_reads.is_slug_taken(
        slug, except_session=view.session_id
    )
    checks = checks_of(view, actor, now=datetime.now(UTC), slug_taken=taken)
    ready = not any(check.severity is Severity.BLOCK for check in checks)
    return Checks(ready=ready, checks=checks)


@router.post(
    "/{session_id}/abandon",
    summary="Close a session without publishing",
    response_model=None,
    responses={
        **documented_response(SessionView, "Closed", headers=["ETag"]),
        **documented_errors(*CHANGE_ERRORS),
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
        **documented_response(
            None, "It is being erased: repeat the request to see it done", status=202
        ),
        **documented_response(None, "Erased, now or earlier", status=204),
        **documented_errors(*SESSION_ERRORS, Publishing, InvalidRequest),
    },
)
async def erase_session(change: RequestedChange, services: CurrentServices) -> Response:
    """Erases all entered data, the audit trail and the history. A published event is kept, without
    its organizer's e-mail address and telephone number and without the press contact."""
    is_complete = await services.eraser.erase(change)
    return Response(status_code=204 if is_complete else 202)


def _new_session_id(actor: Actor, chosen: UUID | None, attempt: Attempt) -> str:
    """The chosen id, or one derived from the idempotency key, so that a repeat finds it."""
    if chosen is not None:
        return str(chosen)
    if attempt.given_by_client:
        return session_id_for_key(str(actor.tenant), attempt.id)
    return str(uuid4())
