"""Published events."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.auth import CurrentActor
from api.deps import CurrentServices
from api.errors import responses_for
from api.responses import Items
from api.sessions.idempotency import canonical_id
from domain.errors import EventNotFound, InvalidRequest, Unauthenticated, Unavailable
from domain.publishing.build_event import SLUG_MAX_LENGTH
from domain.publishing.event import Event, PublicEvent, public_event

router = APIRouter(prefix="/v1", tags=["events"])

MAX_PAGE = 100


@router.get(
    "/events",
    summary="The tenant's published events, newest first",
    responses=responses_for(Unauthenticated, InvalidRequest, Unavailable),
)
async def list_events(
    actor: CurrentActor,
    services: CurrentServices,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Items[Event]:
    page = await services.event_reads.list(actor, limit, cursor)
    return Items(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/events/{event_id}",
    summary="One of the tenant's published events",
    responses=responses_for(Unauthenticated, EventNotFound, Unavailable),
)
async def get_event(actor: CurrentActor, services: CurrentServices, event_id: str) -> Event:
    known = canonical_id(event_id)
    event = await services.event_reads.get(actor, known) if known else None
    if event is None:
        raise EventNotFound
    return event


@router.get(
    "/public/events/{slug}",
    summary="A public or unlisted event, for anyone",
    responses=responses_for(EventNotFound, Unavailable),
)
async def get_public_event(
    services: CurrentServices,
    slug: Annotated[str, Path(examples=["spring-show"])],
) -> PublicEvent:
    event = await services.event_reads.public(slug) if len(slug) <= SLUG_MAX_LENGTH else None
    if event is None:
        raise EventNotFound
    return public_event(event)
