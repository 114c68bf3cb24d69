"""An event in JSON-LD with the vocabulary of schema.org, as pages of events have it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from dev.imports.addresses import address_of, parts_of
from dev.imports.values import (
    admission,
    country_code,
    event_type,
    filled,
    in_timezone,
    local_moment,
    minor_units,
    numbered,
    plain_text,
    schedule,
    timezone_of,
    web_address,
)
from domain.json_values import JsonObject
from domain.values.money import DEFAULT_CURRENCY

_MODES: Final = {
    "OfflineEventAttendanceMode": "physical",
    "OnlineEventAttendanceMode": "virtual",
    "MixedEventAttendanceMode": "hybrid",
}


def sections_of(text: str, number: int = 1) -> JsonObject:
    """An event of the document, by its number.

    Raises:
        ValueError: the text is not JSON, or has no such event.
    """
    document = json.loads(text)
    event = _resolved(numbered(list(_events_in(document)), number), _by_id(document))
    return filled(
        {
            "organizer": _organizer(event),
            "event": _event(event),
            "venue": _venue(event),
            "ticket": _tickets(event),
            "sponsor": _sponsors(event),
        }
    )


def _events_in(document: Any) -> Iterator[JsonObject]:
    for node in _nodes(document):
        if any(name.endswith("Event") for name in _texts(node.get("@type"))):
            yield node


def _nodes(document: Any) -> Iterator[JsonObject]:
    """The objects of a list or of a graph."""
    if isinstance(document, list):
        for entry in document:
            yield from _nodes(entry)
    elif isinstance(document, dict) and "@graph" in document:
        yield from _nodes(document["@graph"])
    elif isinstance(document, dict):
        yield document


def _by_id(document: Any) -> dict[str, JsonObject]:
    return {node["@id"]: node for node in _nodes(document) if isinstance(node.get("@id"), str)}


def _resolved(event: JsonObject, nodes: Mapping[str, JsonObject]) -> JsonObject:
    """The event, with the nodes of the graph instead of references to them."""
    return {
        name: [_node(entry, nodes) for entry in value]
        if isinstance(value, list)
        else _node(value, nodes)
        for name, value in event.items()
    }


def _node(value: Any, nodes: Mapping[str, JsonObject]) -> Any:
    is_reference = isinstance(value, dict) and value.keys() <= {"@id", "@type"}
    return nodes.get(value.get("@id", ""), value) if is_reference else value


def _organizer(event: JsonObject) -> JsonObject:
    organizer = _named(event.get("organizer"))
    is_person = "Person" in _texts(organizer.get("@type"))
    return filled(
        {
            "name": organizer.get("name"),
            "organization": None if is_person else organizer.get("name"),
            "email": str(organizer.get("email", "")).removeprefix("mailto:"),
            "phone": organizer.get("telephone"),
            "website": organizer.get("url"),
            "bio": plain_text(organizer.get("description")),
        }
    )


def _event(event: JsonObject) -> JsonObject:
    start, end = _moment(event.get("startDate")), _moment(event.get("endDate"))
    country = _address(_place(event)).get("country")
    zone = _timezone(country, start)
    keywords = _keywords(event)
    title = str(event.get("name", ""))
    language = _object(event.get("inLanguage")).get("alternateName") or event.get("inLanguage")
    return filled(
        {
            "title": title,
            "type": event_type(*_texts(event.get("@type")), *keywords) or event_type(title),
            "description": plain_text(event.get("description")),
            "language": language if isinstance(language, str) else None,
            "tags": keywords[:10],
            "ageRestriction": event.get("typicalAgeRange"),
            "externalUrl": event.get("url"),
            "performers": [_participant(who) for who in _all_named(event.get("performer"))],
            "organizers": [_participant(who) for who in _all_named(event.get("organizer"))[1:]],
            "openingHours": _opening_hours(_place(event)),
            **schedule(start, end, zone),
        }
    )


def _timezone(country: str | None, start: date | datetime | None) -> str | None:
    return timezone_of(country, start) if isinstance(start, datetime) else None


def _participant(who: JsonObject) -> JsonObject:
    return filled({"name": who.get("name"), "url": who.get("url")})


def _opening_hours(place: JsonObject) -> list[JsonObject]:
    """The hours of single days; those of days of the week have no place in an event."""
    return [
        {"date": day, "opens": str(hours["opens"])[:5], "closes": str(hours["closes"])[:5]}
        for hours in _objects(place.get("openingHoursSpecification"))
        if {"validFrom", "opens", "closes"} <= hours.keys()
        and (day := hours["validFrom"]) == hours.get("validThrough", day)
    ]


def _venue(event: JsonObject) -> JsonObject:
    place, online = _place(event), _online(event)
    mode = next(iter(_texts(event.get("eventAttendanceMode"))), "").rsplit("/", 1)[-1]
    implied = {(True, True): "hybrid", (True, False): "physical", (False, True): "virtual"}
    geo, address = _object(place.get("geo")), _address(place)
    return filled(
        {
            "mode": _MODES.get(mode) or implied.get((bool(place), bool(online))),
            "name": place.get("name"),
            "address": address,
            "geo": filled({"lat": _number(geo, "latitude"), "lng": _number(geo, "longitude")}),
            "capacity": event.get("maximumAttendeeCapacity")
            or place.get("maximumAttendeeCapacity"),
            "doorsTime": _doors(event, address.get("country")),
            "url": online.get("url"),
        }
    )


def _doors(event: JsonObject, country: str | None) -> str | None:
    """``doorTime`` is a moment or a time of day."""
    doors = _moment(event.get("doorTime"))
    if isinstance(doors, datetime):
        zone = _timezone(country, _moment(event.get("startDate")))
        return f"{in_timezone(doors, zone) if doors.tzinfo else doors:%H:%M}"
    return event.get("doorTime")


def _address(place: JsonObject) -> JsonObject:
    address = place.get("address")
    if isinstance(address, str):
        return address_of(parts_of(address))
    address = _object(address)
    country = address.get("addressCountry")
    return filled(
        {
            "line1": address.get("streetAddress"),
            "city": address.get("addressLocality"),
            "region": address.get("addressRegion"),
            "postalCode": address.get("postalCode"),
            "country": country_code(_object(country).get("name") or str(country or "")),
        }
    )


def _tickets(event: JsonObject) -> JsonObject:
    offers = list(_offers(event))
    if not offers:
        return admission()
    currency = str(offers[0].get("priceCurrency", DEFAULT_CURRENCY)).lower()
    return {"currency": currency, "tiers": [_tier(offer, currency) for offer in offers]}


def _offers(event: JsonObject) -> Iterator[JsonObject]:
    """An aggregate without its offers is a ticket for its lowest price."""
    for offer in _objects(event.get("offers")):
        if "AggregateOffer" in _texts(offer["@type"]):
            price = {"price": offer.get("lowPrice")}
            shared = {"priceCurrency": offer.get("priceCurrency", DEFAULT_CURRENCY)}
            single = [{**shared, **price}] if price["price"] is not None else []
            yield from _objects(offer.get("offers")) or single
        else:
            yield offer


def _tier(offer: JsonObject, currency: str) -> JsonObject:
    price = offer.get("price", _object(offer.get("priceSpecification")).get("price"))
    amount = minor_units(price, currency)
    return filled(
        {
            "name": offer.get("name") or "Admission",
            "kind": "paid" if amount else None,
            "unit_amount": amount,
            "quantity": _object(offer.get("inventoryLevel")).get("value"),
            "saleStart": _sale(offer.get("validFrom") or offer.get("availabilityStarts")),
            "saleEnd": _sale(offer.get("validThrough") or offer.get("availabilityEnds")),
            "description": plain_text(offer.get("description")),
        }
    )


def _sponsors(event: JsonObject) -> JsonObject:
    sponsors = [
        filled({"name": sponsor.get("name"), "url": sponsor.get("url")})
        for sponsor in _objects(event.get("sponsor"))
    ]
    cover, *gallery = [_image(image, event) for image in _list(event.get("image"))] or [{}]
    media = filled({"cover": cover, "gallery": gallery})
    return filled({"sponsors": sponsors, "media": media})


def _image(image: Any, event: JsonObject) -> JsonObject:
    described = _object(image)
    url = image if isinstance(image, str) else described.get("url") or described.get("contentUrl")
    alt = described.get("caption") or described.get("description") or event.get("name")
    return filled({"url": web_address(url), "alt": alt, "credit": described.get("creditText")})


def _place(event: JsonObject) -> JsonObject:
    places = _objects(event.get("location"))
    return next((place for place in places if "VirtualLocation" not in _texts(place["@type"])), {})


def _online(event: JsonObject) -> JsonObject:
    places = _objects(event.get("location"))
    return next((place for place in places if "VirtualLocation" in _texts(place["@type"])), {})


def _keywords(event: JsonObject) -> list[str]:
    keywords = event.get("keywords")
    words = keywords.split(",") if isinstance(keywords, str) else _texts(keywords)
    return [word.strip() for word in words if word.strip()]


def _moment(text: Any) -> date | datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def _sale(text: Any) -> str | None:
    moment = _moment(text)
    return local_moment(moment) if isinstance(moment, datetime) else None


def _number(value: JsonObject, name: str) -> float | None:
    try:
        return float(value[name])
    except (KeyError, TypeError, ValueError):
        return None


def _list(value: Any) -> list[Any]:
    """A property of schema.org has one value or several."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _object(value: Any) -> JsonObject:
    objects = _objects(value)
    return objects[0] if objects else {}


def _objects(value: Any) -> list[JsonObject]:
    return [{"@type": "Thing", **entry} for entry in _list(value) if isinstance(entry, dict)]


def _named(value: Any) -> JsonObject:
    things = _all_named(value)
    return things[0] if things else {}


def _all_named(value: Any) -> list[JsonObject]:
    """Organizers and performers. Many pages have their names alone."""
    return [
        {"@type": "Thing", **({"name": entry} if isinstance(entry, str) else entry)}
        for entry in _list(value)
        if isinstance(entry, dict | str)
    ]


def _texts(value: Any) -> list[str]:
    return [entry for entry in _list(value) if isinstance(entry, str)]
