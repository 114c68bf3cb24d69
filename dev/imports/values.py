"""Conversions that several formats need. A value without a meaning for the wizard is left out."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.json_values import JsonObject
from domain.schemas.event import EventType
from domain.values.countries import COUNTRIES
from domain.values.money import currency

_WORDS_OF_TYPES: Final = {
    EventType.FASHION_SHOW: ("fashion", "runway", "catwalk", "lookbook"),
    EventType.EXHIBITION: ("exhibition", "gallery", "vernissage", "museum"),
    EventType.LAUNCH: ("launch", "release", "premiere", "presentation"),
    EventType.POPUP: ("pop-up", "popup", "pop up", "saleevent"),
}

_TAG: Final = re.compile(r"<[^>]+>")
_END_OF_PARAGRAPH: Final = re.compile(r"</p\s*>|<br\s*/?>", re.IGNORECASE)


def filled(fields: Mapping[str, Any]) -> JsonObject:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", {}, [])}


def event_type(*words: str) -> str | None:
    """The type of event that these words describe, such as categories or a title."""
    text = " ".join(words).casefold()
    for kind, signs in _WORDS_OF_TYPES.items():
        if any(sign in text for sign in signs):
            return kind.value
    return None


def country_code(text: str | None) -> str | None:
    """The code of a country that is given by code or by its English name."""
    given = (text or "").strip()
    if given.upper() in COUNTRIES:
        return given.upper()
    return _countries_by_name().get(given.casefold())


def timezone_of(country: str | None, moment: datetime) -> str | None:
    """The first zone of the country that has the offset of the moment.

    The formats of the web have an offset, and an event has a zone.
    """
    for zone in _zones_by_country().get(country or "", ()):
        if moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.utcoffset():
            return zone
    return None


def schedule(
    start: date | datetime | None, end: date | datetime | None, timezone: str | None
) -> JsonObject:
    """The fields of ``eventSetup``. A start in UTC is converted to the zone, other offsets are
    those of the place."""
    start_date, start_time = _local(start, timezone)
    end_date, end_time = _local(end, timezone)
    return filled(
        {
            "date": start_date,
            "startTime": start_time,
            "endTime": end_time if start_time else None,
            "endDate": end_date if end_date != start_date else None,
            "timezone": timezone,
        }
    )


def minor_units(price: Any, code: str) -> int | None:
    """An amount such as ``12.50`` in the minor unit of the currency."""
    try:
        amount = Decimal(str(price).strip()) * 10 ** currency(code.lower()).decimals
        return int(amount) if amount == amount.to_integral_value() else None
    except (InvalidOperation, OverflowError):
        return None


def local_moment(moment: datetime | None) -> str | None:
    """A point in time of a sale, such as ``2031-05-01T10:00``, with its offset if it has one."""
    return moment.isoformat(timespec="minutes") if moment else None


def plain_text(text: str | None) -> str:
    """The text of a description, which may be HTML."""
    paragraphs = _END_OF_PARAGRAPH.sub("\n", text or "")
    return unescape(_TAG.sub("", paragraphs)).strip()


def admission() -> JsonObject:
    """The tickets of an event for which the source has none."""
    return {"tiers": [{"name": "Admission", "kind": "free", "unit_amount": 0}]}


def _local(moment: date | datetime | None, timezone: str | None) -> tuple[str | None, str | None]:
    if not isinstance(moment, datetime):
        return (moment.isoformat() if moment else None), None
    if moment.tzinfo is UTC and timezone:
        moment = moment.astimezone(ZoneInfo(timezone))
    return moment.date().isoformat(), moment.strftime("%H:%M")


@cache
def _countries_by_name() -> dict[str, str]:
    return {name.casefold(): code for code, name in _rows("iso3166.tab")}


@cache
def _zones_by_country() -> dict[str, list[str]]:
    zones: dict[str, list[str]] = {}
    for code, _place, zone, *_remarks in _rows("zone.tab"):
        zones.setdefault(code, []).append(zone)
    return zones


def _rows(table: str) -> list[list[str]]:
    """A table of the time zone database, which ``tzdata`` has beside the zones."""
    text = (files("tzdata.zoneinfo") / table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
