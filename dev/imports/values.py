"""Conversions that several formats need. A value without a meaning for the wizard is left out."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from phonenumbers.geodata.locale import LOCALE_DATA

from domain.json_values import JsonObject
from domain.schemas.event import EventType
from domain.values import countries
from domain.values.money import currency

Event = TypeVar("Event")

_WORDS_OF_TYPES: Final = {
    EventType.FASHION_SHOW: ("fashion", "runway", "catwalk", "lookbook"),
    EventType.EXHIBITION: ("exhibition", "gallery", "vernissage", "museum"),
    EventType.LAUNCH: ("launch", "release", "premiere", "presentation"),
    EventType.POPUP: ("pop-up", "popup", "pop up", "saleevent"),
}

_ABBREVIATED: Final = {"usa": "US", "u.s.a.": "US", "england": "GB", "scotland": "GB"}

_SIGN_OF_CURRENCY: Final = re.compile(r"[$\xa3\xa5\u20a0-\u20bf\s]")
_DIGITS_OF_GROUP: Final = 3
_INSECURE: Final = re.compile(r"^\s*(?:http:)?//", re.IGNORECASE)

_TAG: Final = re.compile(r"<[^>]+>")
_END_OF_PARAGRAPH: Final = re.compile(r"</p\s*>|<br\s*/?>", re.IGNORECASE)


def filled(fields: Mapping[str, Any]) -> JsonObject:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", {}, [])}


def numbered(events: Sequence[Event], number: int) -> Event:
    """
    Raises:
        ValueError: there is no event of this number, which counts from 1.
    """
    if not 0 < number <= len(events):
        raise ValueError(f"there is no event {number}: the file has {len(events)}")
    return events[number - 1]


def event_type(*words: str) -> str | None:
    """The type of event that these words describe, such as categories or a title."""
    text = " ".join(words).casefold()
    for kind, signs in _WORDS_OF_TYPES.items():
        if any(sign in text for sign in signs):
            return kind.value
    return None


def country_code(text: str | None) -> str | None:
    """The code of a country that is given by code, or by its name in any language."""
    given = (text or "").strip()
    return countries.country_code(given) or _countries_by_name().get(given.casefold())


def timezone_of(country: str | None, moment: datetime) -> str | None:
    """The first zone of the country that has the offset of the moment.

    The formats of the web have an offset, and an event has a zone. A moment in UTC, or without an
    offset, is in any zone of a country whose zones agree at that moment.
    """
    zones = _zones_by_country().get(country or "", [])
    instant = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    offsets = {zone: instant.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}
    if is_utc(instant) and len(set(offsets.values())) == 1:
        return zones[0]
    same = (zone for zone, offset in offsets.items() if offset == moment.utcoffset())
    return next(same, "UTC" if is_utc(moment) else None)


def is_utc(moment: datetime) -> bool:
    return moment.utcoffset() == timedelta()


def in_timezone(moment: datetime, timezone: str | None) -> datetime:
    """A moment in UTC is converted to the zone; other offsets are those of the place."""
    return moment.astimezone(ZoneInfo(timezone)) if timezone and is_utc(moment) else moment


def schedule(
    start: date | datetime | None, end: date | datetime | None, timezone: str | None
) -> JsonObject:
    """The fields of ``eventSetup``."""
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
    """An amount such as ``12.50``, ``$1,250.00`` or ``49,90 €``, in the currency's minor unit."""
    number = _SIGN_OF_CURRENCY.sub("", str(price)).replace(code.upper(), "").strip()
    try:
        amount = Decimal(_with_decimal_point(number)) * 10 ** currency(code.lower()).decimals
        return int(amount) if amount == amount.to_integral_value() else None
    except (InvalidOperation, OverflowError):
        return None


def web_address(url: Any) -> Any:
    """With ``https``, which almost every site has, instead of ``http`` or no scheme."""
    return _INSECURE.sub("https://", url) if isinstance(url, str) else url


def local_moment(moment: datetime | None) -> str | None:
    """A point in time of a sale, such as ``2031-05-01T10:00``, with its offset if it has one."""
    return moment.isoformat(timespec="minutes") if moment else None


def plain_text(text: str | None) -> str:
    """The text of a description, which may be HTML, also as text within HTML."""
    html = text or ""
    html = html if "<" in html else unescape(html)
    paragraphs = _END_OF_PARAGRAPH.sub("\n", html)
    return unescape(_TAG.sub("", paragraphs)).strip()


def admission() -> JsonObject:
    """The tickets of an event for which the source has none."""
    return {"tiers": [{"name": "Admission", "kind": "free", "unit_amount": 0}]}


def _local(moment: date | datetime | None, timezone: str | None) -> tuple[str | None, str | None]:
    if not isinstance(moment, datetime):
        return (moment.isoformat() if moment else None), None
    moment = in_timezone(moment, timezone) if moment.tzinfo else moment
    return moment.date().isoformat(), moment.strftime("%H:%M")


def _with_decimal_point(number: str) -> str:
    """Of point and comma, the last one begins the decimals, unless three digits follow a comma."""
    if "," not in number:
        return number
    whole, _, end = number.rpartition(",")
    if "." in end or (len(end) == _DIGITS_OF_GROUP and "." not in whole):
        return number.replace(",", "")
    return f"{whole.replace('.', '')}.{end}"


@cache
def _countries_by_name() -> dict[str, str]:
    names = {name.casefold(): code for code, name in _rows("iso3166.tab")}
    for code, by_language in LOCALE_DATA.items():
        if code in countries.COUNTRIES:
            names |= dict.fromkeys(map(str.casefold, by_language.values()), code)
    return names | _ABBREVIATED


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
