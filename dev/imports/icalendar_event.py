"""An event of an iCalendar file (RFC 5545, with the properties of RFC 7986)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from dev.imports.values import (
    admission,
    country_code,
    event_type,
    filled,
    plain_text,
    schedule,
)
from domain.json_values import JsonObject

_MAIL: Final = "mailto:"


def sections_of(text: str) -> JsonObject:
    """The first event of the file.

    Raises:
        ValueError: the text is not iCalendar, or has no event.
    """
    calendar = Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    if not events:
        raise ValueError("the calendar has no event")
    event = events[0]
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
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    return filled(
        {
            "title": title,
            "type": event_type(*tags) or event_type(title),
            "description": plain_text(str(event.get("DESCRIPTION", ""))),
            "externalUrl": str(event.get("URL", "")),
            "tags": tags[:10],
            **schedule(start, end, _timezone(calendar, start)),
        }
    )


def _timezone(calendar: Component, start: date | datetime | None) -> str | None:
    """That of the start, else the one in which the calendar is shown."""
    if isinstance(start, datetime) and isinstance(start.tzinfo, ZoneInfo):
        return start.tzinfo.key
    return str(calendar.get("X-WR-TIMEZONE", "")) or None


def _venue(event: Component) -> JsonObject:
    """``LOCATION`` is free text: most often the name, the street, the city and the country."""
    parts = [part.strip() for part in str(event.get("LOCATION", "")).split(",") if part.strip()]
    geo, conference = event.get("GEO"), event.get("CONFERENCE")
    online = str(_first(conference) or "")
    if not parts:
        return filled({"mode": "virtual" if online else None, "url": online})
    return filled(
        {
            "mode": "hybrid" if online else "physical",
            "name": parts[0],
            "address": _address(parts[1:]),
            "geo": {"lat": geo.latitude, "lng": geo.longitude} if geo else None,
            "url": online,
        }
    )


def _address(parts: Sequence[str]) -> JsonObject:
    country = country_code(parts[-1]) if parts else None
    rest = parts[:-1] if country else parts
    line1, *further = rest or [""]
    *line2, city = further or [""]
    code, _, name = city.partition(" ")
    has_code = any(char.isdigit() for char in code)
    return filled(
        {
            "line1": line1,
            "line2": ", ".join(line2),
            "city": name if has_code else city,
            "postalCode": code if has_code else "",
            "country": country,
        }
    )


def _media(event: Component) -> JsonObject:
    image = str(_first(event.get("IMAGE")) or "")
    cover = {"url": image, "alt": str(event.get("SUMMARY", ""))} if image else {}
    return filled({"media": filled({"cover": cover})})


def _categories(event: Component) -> list[str]:
    found = event.get("CATEGORIES")
    lists = found if isinstance(found, list) else [found] if found else []
    return [str(name) for categories in lists for name in categories.cats]


def _moment(event: Component, name: str) -> date | datetime | None:
    found = event.get(name)
    if found is None:
        return None
    moment: date | datetime = found.dt
    is_utc = isinstance(moment, datetime) and str(moment.tzinfo) == "UTC"
    return moment.replace(tzinfo=UTC) if is_utc and isinstance(moment, datetime) else moment


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) else values
