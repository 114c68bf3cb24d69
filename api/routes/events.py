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
    summary="List published events",
    response_description="A page of events",
    responses=documented_errors(*LIST_ERRORS),
)
async def list_events(
    actor: CurrentActor, services: CurrentServices, page: RequestedPage
) -> Items[Event]:
    """The tenant's published events, the latest publication first."""
    return Items.of(await services.event_reads.list(actor, page.limit, page.cursor))


@router.get(
    "/events/{event_id}",
    summary="Get a published event",
    response_description="The event",
    responses=documented_errors(*AUTHENTICATED_ERRORS, EventNotFound),
)
async def get_event(
    actor: CurrentActor,
    services: CurrentServices,
    event_id: Annotated[
        str, Path(description="The event's id, a UUID. Another tenant's event is not found.")
    ],
) -> Event:
    """One of the tenant's published events, with everything that was entered."""
    stored_id = canonical_id(event_id)
    event = await services.event_reads.get(actor, stored_id) if stored_id else None
    if event is None:
        raise EventNotFound
    return event


@router.get(
    "/public/events/{slug}",
    summary="Get a public event",
    response_description="The event",
    responses=documented_errors(EventNotFound, Unavailable),
)
async def get_public_event(
    services: CurrentServices,
    slug: Annotated[str, Path(description="The event's slug.", examples=["spring-show"])],
) -> PublicEvent:
    """A published event as anyone may see it; no token is needed. Unlisted events are included,
    private ones are not."""
    event = await services.event_reads.public(slug) if len(slug) <= SLUG_MAX_LENGTH else None
    if event is None:
        raise EventNotFound
    return public_event(event)
