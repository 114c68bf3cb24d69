"""What was changed in a session, and the way back."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CurrentActor
from api.deps import CurrentServices, RequestedChange
from api.errors import responses_for
from api.responses import Items, documented, view_response
from domain.errors import (
    IdempotencyKeyReused,
    InvalidRequest,
    PayloadTooLarge,
    Publishing,
    RevisionNotFound,
    SessionClosed,
    SessionNotFound,
    Unauthenticated,
    Unavailable,
    WizardError,
)
from domain.session.actions import Action
from domain.session.view import SessionView

router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["history"])

MAX_PAGE = 100


class RestoreRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=0, le=2**53 - 1)


@router.get(
    "/actions",
    summary="The audit trail, newest first",
    responses=responses_for(Unauthenticated, SessionNotFound, InvalidRequest, Unavailable),
)
async def list_actions(
    actor: CurrentActor,
    services: CurrentServices,
    session_id: str,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Items[Action]:
    view = await services.sessions.view(actor, session_id)
    page = await services.session_reads.actions(actor, view.session_id, limit=limit, cursor=cursor)
    return Items(items=page.items, next_cursor=page.next_cursor)


@router.post(
    "/restore",
    summary="Bring the data of an earlier revision back",
    response_model=None,
    responses={
        **documented(SessionView, "Restored, as a new change", headers=["ETag"]),
        **responses_for(
            Unauthenticated,
            SessionNotFound,
            RevisionNotFound,
            SessionClosed,
            Publishing,
            IdempotencyKeyReused,
            PayloadTooLarge,
            InvalidRequest,
            Unavailable,
        ),
    },
)
async def restore(
    change: RequestedChange,
    services: CurrentServices,
    body: Annotated[RestoreRequest, Body()],
) -> Response:
    """Nothing is undone: the old data comes back as the newest change. Terms are asked for anew."""
    view = await services.sessions.view(change.actor, change.session_id)
    sections = await services.session_reads.sections_at(
        change.actor, view.session_id, body.revision
    )
    if sections is None:
        raise _missing(view, body.revision)
    return view_response(await services.sessions.restore(change, body.revision, sections))


def _missing(view: SessionView, revision: int) -> WizardError:
    """The audit trail may be some moments behind the session."""
    if revision > view.revision:
        return RevisionNotFound(f"The session is at revision {view.revision}.")
    return Unavailable("The audit trail is not up to date yet: try again in a moment.")
