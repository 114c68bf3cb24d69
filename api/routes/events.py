"""Published events."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from api.auth import CurrentActor
from api.content import Content, content_response, language_headers
from api.deps import (
    AcceptedLanguages,
    ClientTags,
    CurrentServices,
    EventId,
    RequestedPage,
    Services,
    WantsSummary,
)
from api.responses import (
    AUTHENTICATED_ERRORS,
    LIST_ERRORS,
    Items,
    documented_errors,
    documented_list,
    documented_not_modified,
    documented_response,
    list_response,
)
from api.routing import ApiRoute
from domain.errors import EventNotFound, Unavailable
from domain.orders.public_event import PublicEvent
from domain.publishing.event import Event, EventSummary
from domain.values.slugs import SLUG_MAX_LENGTH

router = APIRouter(prefix="/v1", tags=["events"], route_class=ApiRoute)

PUBLIC_CACHE_CONTROL: Final = "public, max-age=10"
"""Caches may serve an event, with what is left of its tickets, that is ten seconds old."""

PUBLIC_HEADERS: Final = ("ETag", "Cache-Control", "Content-Language", "Vary")

Slug = Annotated[str, Path(description="The event's slug.", examples=["spring-show"])]


@router.get(
    "/events",
    summary="List published events",
    response_model=None,
    responses={
        **documented_list("A page of events", Items[Event], Items[EventSummary]),
        **documented_errors(*LIST_ERRORS),
    },
)
async def list_events(
    request: Request,
    actor: CurrentActor,
    services: CurrentServices,
    page: RequestedPage,
    *,
    summary: WantsSummary,
) -> Response:
    """The tenant's published events, the latest publication first."""
    reads = services.event_reads
    if summary:
        listed = await reads.summaries(actor, page.limit, page.cursor)
        return list_response(request, Items[EventSummary].of(listed))
    return list_response(request, Items[Event].of(await reads.list(actor, page.limit, page.cursor)))


@router.get(
    "/events/{event_id}",
    summary="Get a published event",
    response_description="The event",
    responses=documented_errors(*AUTHENTICATED_ERRORS, EventNotFound),
)
async def get_event(
    actor: CurrentActor,
    services: CurrentServices,
    event_id: EventId,
) -> Event:
    """One of the tenant's published events, with all its data."""
    event = await services.event_reads.get(actor, event_id)
    if event is None:
        raise EventNotFound
    return event


@router.get(
    "/public/events/{slug}",
    summary="Get a public event",
    response_model=None,
    responses={
        **documented_response(PublicEvent, "The event", headers=PUBLIC_HEADERS),
        **documented_not_modified(*PUBLIC_HEADERS[1:]),
        **documented_errors(EventNotFound, Unavailable),
    },
)
async def get_public_event(
    request: Request,
    services: CurrentServices,
    slug: Slug,
    languages: AcceptedLanguages,
    _known: ClientTags,
) -> Response:
    """The public view of a published event, with the sale of its tickets. Needs no token. Unlisted
    events are included, private events are not. Hidden tiers are not listed; they are sold to
    buyers who have their `id`.

    `Accept-Language` chooses between the languages of the event; `Content-Language` is the one of
    the response. The `ETag` changes with the event and with each sale. Caches may serve a response
    for ten seconds; only an order decides whether tickets are left."""
    event = await open_event(services, slug)
    shown = await services.sales.public(event, languages)
    content = Content(
        shown.model_dump_json().encode(),
        cache_control=PUBLIC_CACHE_CONTROL,
        headers=language_headers(event, shown.language),
    )
    return content_response(request, content)


async def open_event(services: Services, slug: str) -> Event:
    """A public or unlisted event.

    Raises:
        EventNotFound: there is none, or it is private or not published.
    """
    event = await services.event_reads.public(slug) if len(slug) <= SLUG_MAX_LENGTH else None
    if event is None:
        raise EventNotFound
    return event
