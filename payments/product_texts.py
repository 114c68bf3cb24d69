"""The name and the description of a tier's product, which buyers read on Stripe's checkout page."""

from datetime import date
from typing import Final

from domain.json_values import JsonObject
from domain.publishing.event import Event
from domain.schemas.ticket import TierAccess

MAX_NAME: Final = 250
"""Stripe refuses longer names. A title and a tier's name together may have 252 characters."""

_ONLINE: Final = "Online"


def product_name(event: Event, tier: JsonObject) -> str:
    """For example ``Spring Show: Front row``."""
    name = f"{event.title}: {tier['name']}"
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def product_description(event: Event, tier: JsonObject) -> str:
    """Date, place and the tier's own description.

    For example ``Sat 1 June 2030, 20:00 (Europe/Paris) · Grand Hall, Paris · Seats in row one``.
    """
    parts = [_date(event), _place(event, tier), tier.get("description")]
    return " · ".join(part for part in parts if part)


def _date(event: Event) -> str:
    start = f"{_day(event.event_date)}, {event.start_time:%H:%M}"
    end = f" to {_day(event.end_date)}" if event.end_date != event.event_date else ""
    return f"{start}{end} ({event.timezone})"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B %Y}"


def _place(event: Event, tier: JsonObject) -> str:
    """What the ticket gives access to. The URL of an online event is for ticket holders only."""
    venue = event.venue_data
    city = venue.get("address", {}).get("city")
    hall = ", ".join(part for part in (venue.get("name"), city) if part)
    match tier.get("access"):
        case TierAccess.ONLINE:
            return _ONLINE
        case TierAccess.BOTH:
            return f"{hall}, and online"
        case _:
            return hall
