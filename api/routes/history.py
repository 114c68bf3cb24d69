"""The audit trail of a session, and restoring an earlier revision."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CurrentActor
from api.deps import (
    CurrentServices,
    RequestedChange,
    RequestedPage,
    Services,
    SessionId,
    WantsMinimal,
    WantsSummary,
)
from api.responses import (
    CHANGE_ERRORS,
    SESSION_ERRORS,
    Items,
    changed_response,
    documented_change,
    documented_errors,
    documented_list,
    list_response,
)
from api.routing import ApiRoute
from api.sessions.revisions import restore_revision
from db.pages import Page
from domain.actors import Actor
from domain.errors import InvalidRequest, RevisionNotFound
from domain.session.summaries import ListedAction, ListedActionSummary

Listed = TypeVar("Listed", ListedAction, ListedActionSummary)

router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["history"], route_class=ApiRoute)


class RestoreRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=0, le=2**53 - 1, description="The revision whose data to restore")


@router.get(
    "/actions",
    summary="List the audit trail",
    response_model=None,
    responses={
        **documented_list("A page of changes", Items[ListedAction], Items[ListedActionSummary]),
        **documented_errors(*SESSION_ERRORS, InvalidRequest),
    },
)
async def list_actions(
    request: Request,
    actor: CurrentActor,
    services: CurrentServices,
    session_id: SessionId,
    page: RequestedPage,
    *,
    summary: WantsSummary,
) -> Response:
    """All changes of the session, newest first: who changed what, and when."""
    view = await services.sessions.view(actor, session_id)
    reads, limit, cursor = services.session_reads, page.limit, page.cursor
    if summary:
        listed = await reads.action_summaries(actor, view.session_id, limit=limit, cursor=cursor)
        return list_response(
            request, await _with_names(services, actor, listed, ListedActionSummary)
        )
    found = await reads.actions(actor, view.session_id, limit=limit, cursor=cursor)
    return list_response(request, await _with_names(services, actor, found, ListedAction))


async def _with_names(
    services: Services,
    actor: Actor,
    page: Page[Any],
    kind: type[Listed],
) -> Items[Listed]:
    """The page with the names of those who made the changes."""
    user_ids = {action.actor_id for action in page.items if action.actor_id is not None}
    names = await services.member_reads.names(actor, user_ids)
    items = [
        kind.model_construct(**dict(action), user_name=names.get(action.actor_id))
        for action in page.items
    ]
    return Items[kind](items=items, next_cursor=page.next_cursor)  # type: ignore[valid-type]  # a class as a parameter


@router.post(
    "/restore",
    summary="Restore an earlier revision",
    response_model=None,
    responses={
        **documented_change("The session with the restored data"),
        **documented_errors(*CHANGE_ERRORS, RevisionNotFound),
    },
)
async def restore(
    change: RequestedChange,
    services: CurrentServices,
    body: Annotated[RestoreRequest, Body()],
    *,
    minimal: WantsMinimal,
) -> Response:
    """Saves the data of the earlier revision as a new change. The terms must be accepted again."""
    changed = await restore_revision(
        services.sessions, services.session_reads, change, body.revision
    )
    return changed_response(changed, is_minimal=minimal)
