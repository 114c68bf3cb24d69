"""Dates, amounts and addresses as the event's page shows them. Labels are in English."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.values.money import currency

_WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Not those of ``calendar``, which depend on the locale of the process."""

_SYMBOLS: Final = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥", "inr": "₹", "krw": "₩"}
"""Of currencies whose symbol no other currency in use has, except the US dollar's."""

_LANGUAGES: Final = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "sv": "Swedish",
    "tr": "Turkish",
    "zh": "Chinese",
}

_NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"


def amount_text(amount: int, code: str) -> str:
    """``€1,250.00``, or ``CHF 1,250.00`` without a symbol of its own."""
    symbol = _SYMBOLS.get(code, f"{code.upper()}{_NO_BREAK_SPACE}")
    return f"{symbol}{_grouped(amount, code)}"


def plain_amount(amount: int, code: str) -> str:
    """As people type it: ``1250.00``."""
    return _grouped(amount, code).replace(",", "")


def _grouped(amount: int, code: str) -> str:
    decimals = currency(code).decimals
    whole, fraction = divmod(amount, 10**decimals)
    return f"{whole:,}.{fraction:0{decimals}d}" if decimals else f"{whole:,}"


def day_text(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {short_day(day)} {day.year}"


def short_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def moment_text(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """``1 December, 10:00``; with the year if it is not the present one."""
    local = moment.astimezone(zone)
    year = f" {local.year}" if local.year != now.astimezone(zone).year else ""
    return f"{short_day(local.date())}{year}, {clock(local)}"


def zone_text(moment: datetime, zone: ZoneInfo) -> str:
    """``Berlin time (UTC+1)``. The server does not know the zone of the visitor, who can convert
    from UTC."""
    offset = _offset_text(moment.astimezone(zone).utcoffset() or timedelta())
    area, _, place = zone.key.rpartition("/")
    if not area or area == "Etc":
        return offset
    return f"{place.replace('_', ' ')} time ({offset})"


def _offset_text(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


def language_name(tag: str | None) -> str | None:
    """The name of a BCP 47 tag's language, or the tag."""
    return _LANGUAGES.get(tag.partition("-")[0].lower(), tag) if tag else None


def https_url(value: object) -> str | None:
    """The value if a page may link to it. Events of earlier releases, and drafts, are not trusted
    to have been validated."""
    return value if isinstance(value, str) and value.startswith("https://") else None
