"""Local dates and times of an event, and their instants.

A local time that exists twice, when clocks are set back, means the first of the two. One that
does not exist, when clocks are set forward, is recognised here and refused by the caller.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

DEFAULT_TIMEZONE: Final = "America/New_York"

# Names in the database that mean "the setting of this machine" or "not set".
_NOT_A_PLACE: Final = frozenset({"Factory", "localtime", "posixrules"})


@cache
def timezones() -> frozenset[str]:
    """Every IANA time zone that an event can be in."""
    return frozenset(available_timezones()) - _NOT_A_PLACE


def local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time; the first of two if it exists twice."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone)


def exists(moment: datetime) -> bool:
    """Whether an aware datetime names a wall-clock time that clocks in its zone ever show."""
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def instant(moment: datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC, for comparisons.

    Python compares datetimes of the same zone by their wall clocks, which is wrong in the hour that
    clocks repeat.
    """
    return in_zone(moment, zone).astimezone(UTC)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """A datetime without an offset is local to the zone; one with an offset is moved to it."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone, fold=0)
    return moment.astimezone(zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at the end of a local day."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def years_after(day: date, years: int) -> date:
    """The same day some years later; 28 February if there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
