"""An event of an iCalendar file (RFC 5545, with the properties of RFC 7986)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from dev.imports.addresses import address_of, parts_of
from dev.imports.values import (
    admission,
    event_type,
    filled,
    numbered,
    plain_text,
    schedule,
    timezone_of,
)
from domain.json_values import JsonObject

_MAIL: Final = "mailto:"
_DAY: Final = timedelta(days=1)


def sections_of(text: str, number: int = 1) -> JsonObject:
    """An event of the file, by its number among those that are not cancelled.

    Raises:
        ValueError: the text is not iCalendar, or has no such event.
    """
    calendar = Calendar.from_ical(text)
    events = [event for event in calendar.walk("VEVENT") if event.get("STATUS") != "CANCELLED"]
    event = numbered(events, number)
    return filled(
        {
            "organizer": _organizer(event),
            "event": _event(calendar, event),
            "venue": _venue(event),
            "ticket": admission(),
            "sponsor": _media(event),
        }
    )


def _organizer(event: Component) -> JsonObject:
    organizer = event.get("ORGANIZER")
    if organizer is None:
        return {}
    address = str(organizer)
    return filled(
        {
            "name": str(organizer.params.get("CN", "")),
            "email": address[len(_MAIL) :] if address.lower().startswith(_MAIL) else "",
        }
    )


def _event(calendar: Component, event: Component) -> JsonObject:
    title, tags = str(event.get("SUMMARY", "")), _categories(event)
    start, end = _moment(event, "DTSTART"), _end(event)
    country = _venue(event).get("address", {}).get("country")
    return filled(
        {
            "title": title,
            "type": event_type(*tags) or event_type(title),
            "description": plain_text(str(event.get("DESCRIPTION", ""))),
            "externalUrl": str(event.get("URL", "")),
            "tags": tags[:10],
            **schedule(start, end, _timezone(calendar, start, country)),
        }
    )


def _timezone(
    calendar: Component, start: date | datetime | None, country: str | None
) -> str | None:
    """That of the start, else the one in which the calendar is shown, else that of the country."""
    if isinstance(start, datetime) and isinstance(start.tzinfo, ZoneInfo):
        return start.tzinfo.key
    shown_in = str(calendar.get("X-WR-TIMEZONE", "")) or None
    return shown_in or (timezone_of(country, start) if isinstance(start, datetime) else None)


def _venue(event: Component) -> JsonObject:
    """``LOCATION`` is free text: most often the name, the street, the city and the country."""
    parts = parts_of(str(event.get("LOCATION", "")))
    geo, conference = event.get("GEO"), event.get("CONFERENCE")
    online = str(_first(conference) or "")
    if not parts:
        return filled({"mode": "virtual" if online else None, "url": online})
    return filled(
        {
            "mode": "hybrid" if online else "physical",
            "name": parts[0],
            "address": address_of(parts[1:]),
            "geo": {"lat": geo.latitude, "lng": geo.longitude} if geo else None,
            "url": online,
        }
    )


def _media(event: Component) -> JsonObject:
    image = str(_first(event.get("IMAGE")) or _attached_image(event))
    cover = {"url": image, "alt": str(event.get("SUMMARY", ""))} if image else {}
    return filled({"media": filled({"cover": cover})})


def _attached_image(event: Component) -> str:
    attached = event.get("ATTACH", [])
    files = attached if isinstance(attached, list) else [attached]
    images = (file for file in files if file.params.get("FMTTYPE", "").startswith("image/"))
    return str(next(images, ""))


def _categories(event: Component) -> list[str]:
    found = event.get("CATEGORIES")
    lists = found if isinstance(found, list) else [found] if found else []
    return [str(name) for categories in lists for name in categories.cats]


def _end(event: Component) -> date | datetime | None:
    """The last moment, or the last day: iCalendar has the day after it."""
    start, end, duration = _moment(event, "DTSTART"), _moment(event, "DTEND"), event.get("DURATION")
    if end is None and start is not None and duration is not None:
        end = start + duration.dt
    return end if end is None or isinstance(end, datetime) else end - _DAY


def _moment(event: Component, name: str) -> date | datetime | None:
    found = event.get(name)
    if found is None:
        return None
    moment: date | datetime = found.dt
    is_utc = isinstance(moment, datetime) and str(moment.tzinfo) == "UTC"
    return moment.replace(tzinfo=UTC) if is_utc and isinstance(moment, datetime) else moment


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) else values
