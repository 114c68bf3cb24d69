"""Published events."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.auth import CurrentActor
from api.deps import CurrentServices, RequestedPage
from api.responses import AUTHENTICATED_ERRORS, LIST_ERRORS, Items, documented_errors
from api.sessions.idempotency import canonical_id
from domain.errors import EventNotFound, Unavailable
from domain.publishing.build_event import SLUG_MAX_LENGTH
from domain.publishing.event import Event, PublicEvent, public_event

router = APIRouter(prefix="/v1", tags=["events"])


@router.get(
    "/events",
    summary="The tenant's published events, newest first",
    responses=documented_errors(*LIST_ERRORS),
)
async def list_events(
    actor: CurrentActor, services: CurrentServices, page: RequestedPage
) -> Items[Event]:
    return Items.of(await services.event_reads.list(actor, page.limit, page.cursor))


@router.get(
    "/events/{event_id}",
    summary="One of the tenant's published events",
    responses=documented_errors(*AUTHENTICATED_ERRORS, EventNotFound),
)
async def get_event(actor: CurrentActor, services: CurrentServices, event_id: str) -> Event:
    stored_id = canonical_id(event_id)
    event = await services.event_reads.get(actor, stored_id) if stored_id else None
    if event is None:
        raise EventNotFound
    return event


@router.get(
    "/public/events/{slug}",
    summary="A public or unlisted event, for anyone",
    responses=documented_errors(EventNotFound, Unavailable),
)
async def get_public_event(
    services: CurrentServices,
    slug: Annotated[str, Path(examples=["spring-show"])],
) -> PublicEvent:
    event = await services.event_reads.public(slug) if len(slug) <= SLUG_MAX_LENGTH else None
    if event is None:
        raise EventNotFound
    return public_event(event)
