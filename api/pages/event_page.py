"""The view model of the event's page: what the template shows, as text."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from api.pages.details import Detail, details_of
from api.pages.pictures import Picture, picture_of, pictures_of
from api.pages.texts import (
    amount_text,
    clock,
    day_text,
    https_url,
    zone_text,
)
from api.pages.tier_rows import TierRow
from domain.json_values import JsonObject
from domain.publishing.event import Event, doors_at
from domain.schemas.event import Visibility
from domain.schemas.venue import VenueMode
from domain.values.countries import country_name

_MAP: Final = "https://www.openstreetmap.org/"

_TITLE_CLASSES: Final = ((11, ""), (16, "w16"), (24, "w24"), (32, "w32"))
"""The longest word, in letters of an average width, that fits into each size of the title."""

_LONG_TITLES: Final = ((100, 25), (30, 17))
"""A title of more letters is set as one that has a word of so many."""

_WIDE_SCRIPTS: Final = "\u2e80"
"""Letters from here on are about twice as wide as Latin ones."""

_NIGHT: Final = timedelta(hours=14)
"""An event that ends sooner after its start, on the next day, is an evening."""


@dataclass(frozen=True)
class When:
    starts: str
    """RFC 3339, for machines."""
    day: str
    hours: str
    doors: str | None


@dataclass(frozen=True)
class Where:
    name: str
    address: str | None
    """Street, city, region and country, as far as they are known."""
    online: str | None
    accessibility: str | None
    map_url: str | None

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.address, self.online, self.accessibility) if line]


@dataclass(frozen=True)
class SponsorMark:
    """A sponsor, by its logo or else by its name."""

    name: str
    url: str | None
    logo: Picture | None


@dataclass(frozen=True)
class EventPage:
    """What is None or empty is missing, which the template marks for a draft."""

    url: str
    language: str
    title: str | None
    title_class: str
    organizer: str | None
    summary: str | None
    paragraphs: list[str]
    picture: Picture | None
    gallery: list[Picture]
    sponsors: list[SponsorMark]
    """All of them if any has a logo; else they are one of the details."""
    when: When | None
    where: Where | None
    currency: str
    tiers: list[TierRow]
    lowest_price: str | None
    details: list[Detail]
    is_indexed: bool
    is_draft: bool = False

    @property
    def document_title(self) -> str:
        return ", ".join(text for text in (self.title, self.organizer) if text) or "Draft"

    @property
    def description(self) -> str | None:
        return self.summary or next(iter(self.paragraphs), "")[:200] or None

    @property
    def is_on_sale(self) -> bool:
        return self.is_draft or any(tier.choices for tier in self.tiers)


@dataclass(frozen=True)
class Missing:
    """What a draft lacks, although the event that stands in for it has a value."""

    title: bool = False
    date: bool = False
    venue: bool = False


def event_page(
    event: Event,
    tiers: list[TierRow],
    *,
    public_url: str,
    media_url: str,
    missing: Missing | None = None,
) -> EventPage:
    """Reads only fields that anyone may see: no contacts, and no address of an online event.

    Args:
        event: the event.
        tiers: the rows of its tickets.
        public_url: the address of the server that serves the page.
        media_url: the address of the server that serves ``/media``.
        missing: None for a published event.
    """
    absent = missing or Missing()
    sponsors = _sponsors(event.sponsor_data, media_url)
    prices = [tier.lowest for tier in tiers if tier.choices and tier.lowest is not None]
    return EventPage(
        url=f"{public_url}/e/{event.slug}",
        language=event.language or "en",
        title=None if absent.title else event.title,
        title_class=title_class(event.title),
        organizer=event.organizer.get("organization") or event.organizer.get("name"),
        summary=event.summary,
        paragraphs=_paragraphs(event.description),
        picture=_cover(event.sponsor_data, media_url),
        gallery=_gallery(event.sponsor_data, media_url),
        sponsors=sponsors,
        when=None if absent.date else _when(event),
        where=None if absent.venue else _where(event),
        currency=event.currency.upper(),
        tiers=tiers,
        lowest_price=_from_price(prices, event.currency),
        details=list(details_of(event, names_sponsors=not sponsors)),
        is_indexed=missing is None and event.visibility == Visibility.PUBLIC,
        is_draft=missing is not None,
    )


def title_class(title: str) -> str:
    longest = max((_width(word) for word in title.split()), default=0)
    for letters, word in _LONG_TITLES:
        if _width(title) > letters:
            longest = max(longest, word)
            break
    return next((name for most, name in _TITLE_CLASSES if longest <= most), "w48")


def _width(text: str) -> int:
    return sum(2 if letter >= _WIDE_SCRIPTS else 1 for letter in text)


def _from_price(prices: list[int], currency: str) -> str | None:
    if not prices:
        return None
    prefix = "from " if len(set(prices)) > 1 else ""
    return f"{prefix}{amount_text(min(prices), currency)}"


def _paragraphs(text: str | None) -> list[str]:
    """Separated by empty lines."""
    lines = (text or "").replace("\r\n", "\n").split("\n\n")
    return [paragraph.strip() for paragraph in lines if paragraph.strip()]


def _cover(sponsor_data: JsonObject, media_url: str) -> Picture | None:
    return picture_of((sponsor_data.get("media") or {}).get("cover") or {}, media_url)


def _gallery(sponsor_data: JsonObject, media_url: str) -> list[Picture]:
    return pictures_of((sponsor_data.get("media") or {}).get("gallery"), media_url)


def _sponsors(sponsor_data: JsonObject, media_url: str) -> list[SponsorMark]:
    marks = [
        SponsorMark(
            name=sponsor["name"],
            url=https_url(sponsor.get("url")),
            logo=picture_of(sponsor.get("logo") or {}, media_url),
        )
        for sponsor in sponsor_data.get("sponsors") or []
        if sponsor.get("name")
    ]
    return marks if any(mark.logo for mark in marks) else []


def _when(event: Event) -> When:
    zone = ZoneInfo(event.timezone)
    starts = event.starts_at.astimezone(zone)
    ends = event.ends_at.astimezone(zone) if event.ends_at else None
    named_zone = zone_text(starts, zone)
    if ends is None:
        day, hours = day_text(starts.date()), f"from {clock(starts)}"
    elif ends.date() == starts.date():
        day, hours = day_text(starts.date()), f"{clock(starts)} to {clock(ends)}"
    elif event.end_time is not None and ends - starts < _NIGHT:
        day, hours = day_text(starts.date()), f"{clock(starts)} to {clock(ends)} the next day"
    else:
        day = f"{day_text(starts.date())} to {day_text(event.end_date)}"
        until = f", until {clock(ends)} on the last day" if event.end_time else ""
        hours = f"from {clock(starts)}{until}"
    return When(
        starts=starts.isoformat(),
        day=day,
        hours=f"{hours}, {named_zone}",
        doors=_doors(event, starts),
    )


def _doors(event: Event, starts: datetime) -> str | None:
    opens = doors_at(event)
    if opens is None:
        return None
    before = "" if opens.date() == starts.date() else " the evening before"
    return f"Doors at {clock(opens)}{before}"


def _where(event: Event) -> Where:
    venue = event.venue_data
    if event.venue_mode == VenueMode.VIRTUAL:
        platform = venue.get("platform")
        note = "Ticket holders receive the address"
        return Where("Online", None, f"{note}, on {platform}" if platform else note, None, None)
    address = venue.get("address") or {}
    city = " ".join(filter(None, (address.get("postalCode"), address.get("city"))))
    country = country_name(address["country"]) if address.get("country") else None
    parts = [address.get("line1"), address.get("line2"), city, address.get("region"), country]
    return Where(
        name=venue.get("name") or "In person",
        address=", ".join(part for part in parts if part),
        online="Also online" if event.venue_mode == VenueMode.HYBRID else None,
        accessibility=venue.get("accessibility"),
        map_url=_map_url(venue),
    )


def _map_url(venue: JsonObject) -> str | None:
    geo, address = venue.get("geo") or {}, venue.get("address") or {}
    if "lat" in geo and "lng" in geo:
        return f"{_MAP}?{urlencode({'mlat': geo['lat'], 'mlon': geo['lng']})}"
    names = ("line1", "postalCode", "city", "country")
    query = ", ".join(str(address[name]) for name in names if address.get(name))
    return f"{_MAP}search?{urlencode({'query': query})}" if query else None
