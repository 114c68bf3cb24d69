"""The event as schema.org's ``Event`` (JSON-LD), for search engines."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from api.pages.event_page import EventPage
from api.pages.texts import https_url, plain_amount
from domain.json_values import JsonObject
from domain.orders.inventory import Stocks
from domain.orders.sales import SaleState, public_tier
from domain.publishing.event import Event, EventHours, doors_at
from domain.schemas.ticket import TierKind, TierVisibility
from domain.schemas.venue import VenueMode

_AVAILABILITY: Final = {
    SaleState.SCHEDULED: "PreOrder",
    SaleState.ON_SALE: "InStock",
    SaleState.PAUSED: "OutOfStock",
    SaleState.SOLD_OUT: "SoldOut",
    SaleState.ENDED: "Discontinued",
}

_ATTENDANCE: Final = {
    VenueMode.PHYSICAL: "OfflineEventAttendanceMode",
    VenueMode.VIRTUAL: "OnlineEventAttendanceMode",
    VenueMode.HYBRID: "MixedEventAttendanceMode",
}


def structured_data(
    event: Event, page: EventPage, stocks: Stocks, now: datetime, *, account_lost: bool
) -> JsonObject:
    opens = doors_at(event)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": page.url,
        "url": page.url,
        "name": event.title,
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat() if event.ends_at else None,
        "doorTime": opens.isoformat() if opens else None,
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": f"https://schema.org/{_ATTENDANCE[VenueMode(event.venue_mode)]}",
        "description": page.description,
        "image": [picture.url for picture in (page.picture, *page.gallery) if picture] or None,
        "inLanguage": event.language,
        "location": _location(event, page),
        "sameAs": https_url(event.external_url),
        "eventSchedule": _schedules(event) or None,
        "organizer": _organizers(event, page),
        "performer": [_named("PerformingGroup", one.name, one.url) for one in event.performers]
        or None,
        "sponsor": [
            {"@type": "Organization", "name": sponsor["name"]}
            for sponsor in event.sponsor_data.get("sponsors") or []
            if sponsor.get("name")
        ]
        or None,
        "offers": [
            _offer(event, tier, public_tier(event, tier, stocks, now, account_lost=account_lost))
            | {"url": page.url}
            for tier in event.ticket_tiers
            if tier.get("visibility") != TierVisibility.HIDDEN and tier["quantity"] != 0
        ],
    }
    return _without_none(data)


def _organizers(event: Event, page: EventPage) -> JsonObject | list[JsonObject]:
    kind = "Organization"
    first = _named(kind, page.organizer, event.organizer.get("website"))
    others = [_named(kind, one.name, one.url) for one in event.organizers]
    return [first, *others] if others else first


def _named(kind: str, name: str | None, url: object) -> JsonObject:
    return _without_none({"@type": kind, "name": name, "url": https_url(url)})


def _schedules(event: Event) -> list[JsonObject]:
    """The opening hours."""
    return [
        {
            "@type": "Schedule",
            "startDate": entry.date.isoformat(),
            "startTime": entry.opens,
            "endDate": _closes_on(entry).isoformat(),
            "endTime": entry.closes,
            "scheduleTimezone": event.timezone,
        }
        for entry in event.opening_hours
    ]


def _closes_on(hours: EventHours) -> date:
    return hours.date + timedelta(days=1) if hours.closes <= hours.opens else hours.date


def _location(event: Event, page: EventPage) -> JsonObject | list[JsonObject]:
    online: JsonObject = {"@type": "VirtualLocation", "url": page.url}
    if event.venue_mode == VenueMode.VIRTUAL:
        return online
    address = event.venue_data.get("address") or {}
    geo = event.venue_data.get("geo")
    place = _without_none(
        {
            "@type": "Place",
            "name": event.venue_data.get("name"),
            "address": _without_none(
                {
                    "@type": "PostalAddress",
                    "streetAddress": address.get("line1"),
                    "addressLocality": address.get("city"),
                    "addressRegion": address.get("region"),
                    "postalCode": address.get("postalCode"),
                    "addressCountry": address.get("country"),
                }
            ),
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": geo["lat"],
                "longitude": geo["lng"],
            }
            if geo
            else None,
        }
    )
    return [place, online] if event.venue_mode == VenueMode.HYBRID else place


def _offer(event: Event, tier: JsonObject, sale: JsonObject) -> JsonObject:
    is_free = tier["kind"] == TierKind.FREE
    state = SaleState.ON_SALE if is_free else SaleState(sale["sale_state"])
    return _without_none(
        {
            "@type": "Offer",
            "name": tier["name"],
            "price": plain_amount(0 if is_free else tier["unit_amount"], event.currency),
            "priceCurrency": event.currency.upper(),
            "availability": f"https://schema.org/{_AVAILABILITY[state]}",
            "validFrom": sale["sale_start"],
            "validThrough": sale["sale_end"],
        }
    )


def _without_none(data: dict[str, Any]) -> JsonObject:
    return {name: value for name, value in data.items() if value is not None}
