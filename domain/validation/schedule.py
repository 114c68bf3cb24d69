"""The start and the end of an event."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.schemas.event import EventSection
from domain.schemas.fields import EARLIEST_YEAR, LATEST_YEAR
from domain.values.local_time import DEFAULT_TIMEZONE, end_of_day, local

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """Timezone-aware datetimes in the event's own zone; None if unknown."""

    zone: ZoneInfo
    last_day: date | None
    """The day of the end: the entered one, or the one that the times of the day imply."""
    starts_at: datetime | None
    ends_at: datetime | None
    """The entered end, or midnight after the last day if only ``endDate`` is entered."""
    over_at: datetime | None
    """``ends_at``; the start of an event without an end; midnight after a day without a time."""
    sales_end_at: datetime | None
    """The latest end of a sale: ``ends_at``, or midnight after the last day."""


def zone_of(event: EventSection) -> ZoneInfo:
    return ZoneInfo(event.timezone or DEFAULT_TIMEZONE)


def schedule_of(event: EventSection, *, crosses_midnight: bool = True) -> Schedule:
    """Dates before ``EARLIEST_YEAR`` or after ``LATEST_YEAR`` count as unknown.

    Args:
        event: the valid part of the stage.
        crosses_midnight: whether an event without ``endDate`` ends on the next day if it ends
            earlier by the clock than it starts. Not in runs that began before it did.
    """
    zone = zone_of(event)
    first = _calculable(event.date)
    last = _calculable(event.end_date) or first
    if first is None or last is None:
        return Schedule(zone, None, None, None, None, None)
    if crosses_midnight and event.end_date is None and _ends_earlier_by_the_clock(event):
        last = first + _DAY
    starts_at = local(first, event.start_time, zone) if event.start_time else None
    ends_at = local(last, event.end_time, zone) if event.end_time else None
    midnight = end_of_day(last, zone)
    sales_end_at = ends_at or midnight
    if ends_at is None and last > first:
        ends_at = midnight
    over_at = ends_at or starts_at or midnight
    return Schedule(zone, last, starts_at, ends_at, over_at, sales_end_at)


def _ends_earlier_by_the_clock(event: EventSection) -> bool:
    if event.start_time is None or event.end_time is None:
        return False
    return event.end_time < event.start_time


def _calculable(day: date | None) -> date | None:
    return day if day is not None and EARLIEST_YEAR <= day.year <= LATEST_YEAR else None
