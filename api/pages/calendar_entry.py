"""The event as a calendar entry (RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, vUri
from icalendar import Event as Entry

from api.pages.details import opening_lines
from api.pages.event_page import EventPage
from api.pages.texts import https_url
from domain.publishing.event import Event

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"

_DEFAULT_LENGTH: Final = timedelta(hours=2)
"""Of an event that has no end: an entry without one takes no time in most calendars."""


def calendar_entry(event: Event, page: EventPage) -> bytes:
    """Times are in UTC, which every calendar shows in the zone of its user without a definition of
    zones. The entry is the same on each download, so that calendars replace it."""
    entry = Entry()
    entry.add("uid", f"{event.event_id}@event-wizard")
    entry.add("dtstamp", (event.published_at or event.starts_at).astimezone(UTC))
    entry.add("dtstart", _utc(event.starts_at))
    entry.add("dtend", _utc(event.ends_at or event.starts_at + _DEFAULT_LENGTH))
    entry.add("summary", event.title, {"language": event.language} if event.language else {})
    if page.where is not None:
        where = (page.where.name, page.where.address, page.where.online)
        entry.add("location", ", ".join(filter(None, where)))
    geo = event.venue_data.get("geo")
    if geo:
        entry.add("geo", (geo["lat"], geo["lng"]))
    entry.add("description", "\n\n".join(filter(None, _paragraphs(event, page))))
    entry.add("url", page.url)
    if page.picture is not None:
        entry.add("image", vUri(page.picture.url), {"value": "URI", "display": "BADGE"})
    calendar = Calendar()
    calendar.add("prodid", "-//Event Wizard//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def _paragraphs(event: Event, page: EventPage) -> Iterator[str | None]:
    yield page.when.doors if page.when else None
    yield page.description
    yield "\n".join(opening_lines(event.opening_hours))
    yield ", ".join(performer.name for performer in event.performers)
    yield https_url(event.external_url)
    yield page.url


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
