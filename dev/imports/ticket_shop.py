"""The export of a ticket shop: CSV with a row for each kind of ticket, and the event in each row.

Shops name their columns differently: :mod:`dev.imports.columns` has the names. Columns that a file
lacks are left out; those that the wizard has no field for are ignored.
"""

import csv
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

from dev.imports.columns import column_of, moment
from dev.imports.values import (
    country_code,
    event_type,
    filled,
    local_moment,
    minor_units,
    numbered,
    plain_text,
    schedule,
    timezone_of,
)
from domain.json_values import JsonObject
from domain.values.money import DEFAULT_CURRENCY

Row: TypeAlias = dict[str, str]

_TITLE: Final = "Event Name"
_TICKET: Final = "Ticket Name"
_KINDS: Final = {None: None, 0: "free"}
_YES: Final = frozenset({"yes", "true", "1", "ja", "oui", "x"})


def sections_of(text: str, number: int = 1) -> JsonObject:
    """An event of the file, by its number, with the tickets of all of its rows.

    Raises:
        ValueError: the text has no rows, no such event, or lacks the columns that name event and
            ticket.
    """
    rows = _rows(text)
    if not rows or not {_TITLE, _TICKET} <= rows[0].keys():
        raise ValueError(f"the export needs rows with the columns {_TITLE} and {_TICKET}")
    title = numbered(list(dict.fromkeys(row[_TITLE] for row in rows)), number)
    tickets = [row for row in rows if row[_TITLE] == title]
    first = tickets[0]
    return filled(
        {
            "organizer": _organizer(first),
            "event": _event(first),
            "venue": _venue(first),
            "ticket": _tickets(tickets),
            "sponsor": _media(first),
        }
    )


def _rows(text: str) -> list[Row]:
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    if lines and lines[0].startswith("sep="):  # for Excel
        lines.pop(0)
    separator = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    rows = csv.DictReader(lines, delimiter=separator)
    return [
        {column_of(name): (value or "").strip() for name, value in row.items() if name}
        for row in rows
    ]


def _organizer(row: Row) -> JsonObject:
    return filled(
        {
            "name": row.get("Organizer Name"),
            "email": row.get("Organizer Email"),
            "phone": row.get("Organizer Phone"),
            "website": row.get("Organizer Website"),
        }
    )


def _event(row: Row) -> JsonObject:
    start, end = _start(row), _end(row)
    zone = row.get("Event Timezone")
    if not zone and start:
        zone = timezone_of(country_code(row.get("Venue Country")), start)
    category = row.get("Event Category", "")
    return filled(
        {
            "title": row[_TITLE],
            "type": event_type(category) or event_type(row[_TITLE]),
            "summary": row.get("Event Summary"),
            "description": plain_text(row.get("Event Description")),
            "ageRestriction": row.get("Age Restriction"),
            "externalUrl": row.get("Event URL"),
            **schedule(start, end, zone or None),
        }
    )


def _venue(row: Row) -> JsonObject:
    online = row.get("Online URL", "")
    address = filled(
        {
            "line1": row.get("Venue Address"),
            "city": row.get("Venue City"),
            "region": row.get("Venue State"),
            "postalCode": row.get("Venue Postal Code"),
            "country": country_code(row.get("Venue Country")),
        }
    )
    has_place = bool(row.get("Venue Name"))
    doors = moment(row.get("Doors Open"))
    return filled(
        {
            "mode": {(True, True): "hybrid", (False, True): "virtual"}.get(
                (has_place, bool(online)), "physical"
            ),
            "name": row.get("Venue Name"),
            "address": address,
            "capacity": _whole(row.get("Venue Capacity")),
            "doorsTime": doors.strftime("%H:%M") if doors else None,
            "url": online,
        }
    )


def _tickets(rows: Sequence[Row]) -> JsonObject:
    currency = (rows[0].get("Currency") or DEFAULT_CURRENCY).lower()
    return {"currency": currency, "tiers": [_tier(row, currency) for row in rows]}


def _tier(row: Row, currency: str) -> JsonObject:
    is_donation = row.get("Ticket Type", "").casefold() == "donation"
    amount = minor_units(row["Price"] or 0, currency) if "Price" in row else None
    return filled(
        {
            "name": row[_TICKET],
            "kind": "donation" if is_donation else _KINDS.get(amount, "paid"),
            "unit_amount": amount,
            "quantity": _whole(row.get("Quantity Total")),
            "minPerOrder": _whole(row.get("Min Per Order")),
            "maxPerOrder": _whole(row.get("Max Per Order")),
            "saleStart": local_moment(moment(row.get("Sales Start"))),
            "saleEnd": local_moment(moment(row.get("Sales End"))),
            "visibility": "hidden" if row.get("Hidden", "").casefold() in _YES else None,
            "description": plain_text(row.get("Ticket Description")),
        }
    )


def _media(row: Row) -> JsonObject:
    image = row.get("Image URL", "")
    cover = {"url": image, "alt": row.get("Image Description") or row[_TITLE]} if image else {}
    return filled({"media": filled({"cover": cover})})


def _start(row: Row) -> datetime | None:
    return moment(row.get("Event Start") or f"{row.get('Start Date')} {row.get('Start Time')}")


def _end(row: Row) -> datetime | None:
    day = row.get("End Date") or row.get("Start Date")
    return moment(row.get("Event End") or f"{day} {row.get('End Time')}")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
