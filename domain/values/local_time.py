"""Converts local dates and times of an event to instants.

When clocks are set back, a local time may exist twice, and means the first of the two. When clocks
are set forward, some local times do not exist: :func:`exists` finds them, and callers refuse them.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from domain.values.text import plain

DEFAULT_TIMEZONE: Final = "America/New_York"

# Names in the time zone database that mean "the setting of this machine" or "not set".
_NOT_A_PLACE: Final = frozenset({"Factory", "localtime", "posixrules"})

_CLOCK_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00(?:\.0{1,6})?)?")


@cache
def timezones() -> frozenset[str]:
    """All IANA time zones that an event can have."""
    return frozenset(available_timezones()) - _NOT_A_PLACE


def timezone_name(text: str) -> str | None:
    """The time zone that is meant, if there is one: ``europe/berlin`` is ``Europe/Berlin``."""
    name = plain(text).replace(" ", "_")
    return name if name in timezones() else _names_in_lower_case().get(name.lower())


def clock_time(text: str) -> str | None:
    """The time of day that is meant, if there is one: ``9:30`` and ``09:30:00`` are ``09:30``.

    Databases and schema.org write seconds.
    """
    match = _CLOCK_TIME.fullmatch(plain(text))
    return f"{match[1]:0>2}:{match[2]}" if match else None


@cache
def _names_in_lower_case() -> dict[str, str]:
    return {name.lower(): name for name in timezones()}


def local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time, or the first of two."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone)


def exists(moment: datetime) -> bool:
    """Whether the wall-clock time of an aware datetime exists in its zone."""
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def instant(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC, for comparisons.

    Python compares datetimes of the same zone by wall-clock time, which is wrong in an hour that
    exists twice.
    """
    return in_zone(moment, zone).astimezone(UTC)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The datetime in the zone: without an offset it is local to the zone, else it is converted."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone, fold=0)
    return moment.astimezone(zone)


def hours_of(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants of local hours. They end on the next day if ``end`` is not after ``start``."""
    last = day if end > start else day + timedelta(days=1)
    return local(day, start, zone), local(last, end, zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at the end of a local day."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def doors_open_at(starts_at: datetime, doors: time) -> datetime:
    """The doors of an event that starts at ``starts_at``, which is in its own zone.

    Doors that open at a later time of day than the event starts open on the evening before.
    """
    before = timedelta(days=1) if doors > starts_at.time() else timedelta()
    day = starts_at.date() - before
    return datetime.combine(day, doors.replace(fold=0), tzinfo=starts_at.tzinfo)


def years_after(day: date, years: int) -> date:
    """The same day some years later; 28 February for a 29 February that does not exist."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
