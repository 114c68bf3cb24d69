"""Suggestions for the organizer and the venue, mostly from earlier events of the tenant."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from babel.core import get_global

from copilot.suggestions.basis import Basis, OwnEvent, Suggestion
from domain.schemas.event import EventType
from domain.schemas.ticket import TierAccess, default_access
from domain.schemas.venue import VenueMode
from domain.stages import Stage
from domain.values.text import as_seen

_ORGANIZER_FIELDS: Final = (
    "name",
    "organization",
    "email",
    "phone",
    "website",
    "bio",
    "logo",
    "socials",
)
_PLACE_FIELDS: Final = ("name", "address", "geo", "capacity", "accessibility")

_DOORS_BEFORE: Final[dict[EventType, int]] = {
    EventType.FASHION_SHOW: 45,
    EventType.EXHIBITION: 15,
    EventType.LAUNCH: 30,
}
"""Minutes before the start. A pop-up opens its doors when it starts."""

_PLATFORMS: Final = {
    "zoom.us": "Zoom",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "twitch.tv": "Twitch",
    "meet.google.com": "Google Meet",
    "teams.microsoft.com": "Microsoft Teams",
}


def organizers(basis: Basis) -> Iterator[Suggestion]:
    """The organizer of the newest event. If a name is typed, of the newest with this name."""
    name = basis.circumstances.known.get(Stage.ORGANIZER_SETUP.section, {}).get("name")
    for event in basis.recent_events:
        if not event.organizer or (name and not _is_same(name, event.organizer.get("name"))):
            continue
        for field in _ORGANIZER_FIELDS:
            if event.organizer.get(field):
                yield _from(event, Stage.ORGANIZER_SETUP, f"/{field}", event.organizer[field])
        return


def modes(basis: Basis) -> Iterator[Suggestion]:
    """The mode that the filled fields imply."""
    venue = basis.data.venue
    is_place = bool(venue.name or venue.address or venue.geo)
    if venue.url is None and not is_place:
        return
    if venue.url is None:
        mode = VenueMode.PHYSICAL
    else:
        mode = VenueMode.HYBRID if is_place else VenueMode.VIRTUAL
    yield _venue("/mode", mode.value, "from_known_fields")


def places(basis: Basis) -> Iterator[Suggestion]:
    """The place of the newest event. If a name is typed, of the newest at this place."""
    typed = basis.circumstances.known.get(Stage.VENUE_SETUP.section, {})
    name = typed.get("name")
    if not basis.may_be_in_person or (not name and (typed.get("address") or typed.get("geo"))):
        return
    for event in basis.recent_events:
        if event.venue.get("name") and (not name or _is_same(name, event.venue["name"])):
            for field in _PLACE_FIELDS:
                if event.venue.get(field):
                    yield _from(event, Stage.VENUE_SETUP, f"/{field}", event.venue[field])
            return


def countries(basis: Basis) -> Iterator[Suggestion]:
    """The country of the city, or of the event's time zone, which the person chose."""
    if not basis.may_be_in_person:
        return
    if basis.fashion_week is not None:
        yield _venue("/address/country", basis.fashion_week.country, "country_of_city")
        return
    country = get_global("zone_territories").get(basis.data.event.timezone or "")
    if country and basis.data.venue.address is not None:
        yield _venue("/address/country", country, "country_of_zone")


def capacities(basis: Basis) -> Iterator[Suggestion]:
    """As many places as there are tickets for the room."""
    ticket = basis.data.ticket
    implied = default_access(basis.data.venue.mode)
    seated = [
        tier.quantity
        for tier in ticket.tiers or []
        if tier.quantity and (tier.access or implied) is not TierAccess.ONLINE
    ]
    if basis.is_in_person and seated:
        yield _venue("/capacity", sum(seated), "number_of_tickets")


def doors(basis: Basis) -> Iterator[Suggestion]:
    event = basis.data.event
    minutes = _DOORS_BEFORE.get(event.type) if event.type else None
    if minutes is None or event.start_time is None or not basis.is_in_person:
        return
    opens = datetime.combine(date(2000, 1, 2), event.start_time) - timedelta(minutes=minutes)
    yield _venue("/doorsTime", f"{opens:%H:%M}", "before_start", minutes=minutes)


def platforms(basis: Basis) -> Iterator[Suggestion]:
    """The service that the address names."""
    host = urlsplit(basis.data.venue.url or "").hostname or ""
    for domain, platform in _PLATFORMS.items():
        if host == domain or host.endswith(f".{domain}"):
            yield _venue("/platform", platform, "from_address")


def accessibility(basis: Basis) -> Iterator[Suggestion]:
    if basis.is_in_person:
        yield _venue("/accessibility", None, "describe_accessibility")


def _is_same(name: object, other: object) -> bool:
    return isinstance(name, str) and isinstance(other, str) and as_seen(name) == as_seen(other)


def _from(event: OwnEvent, stage: Stage, pointer: str, value: object) -> Suggestion:
    params = {"title": event.title, "date": event.first_day.isoformat()}
    return Suggestion(stage, pointer, value, "earlier_event", params)


def _venue(pointer: str, value: object, reason_code: str, **params: object) -> Suggestion:
    return Suggestion(Stage.VENUE_SETUP, pointer, value, reason_code, params)
