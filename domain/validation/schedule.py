"""The start and the end of an event."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.schemas.event import EventSection
from domain.schemas.fields import EARLIEST_YEAR, LATEST_YEAR
from domain.values.local_time import DEFAULT_TIMEZONE, end_of_day, local


@dataclass(frozen=True)
class Schedule:
    """Timezone-aware datetimes in the event's own zone; None if unknown."""

    zone: ZoneInfo
    starts_at: datetime | None
    ends_at: datetime | None
    """The entered end, or midnight after the last day if only ``endDate`` is entered."""
    over_at: datetime | None
    """``ends_at``, or midnight after the last day."""


def zone_of(event: EventSection) -> ZoneInfo:
    return ZoneInfo(event.timezone or DEFAULT_TIMEZONE)


def schedule_of(event: EventSection) -> Schedule:
    """Dates before ``EARLIEST_YEAR`` or after ``LATEST_YEAR`` count as unknown."""
    zone = zone_of(event)
    first = _calculable(event.date)
    last = _calculable(event.end_date) or first
    if first is None or last is None:
        return Schedule(zone, None, None, None)
    starts_at = local(first, event.start_time, zone) if event.start_time else None
    ends_at = local(last, event.end_time, zone) if event.end_time else None
    over_at = ends_at or end_of_day(last, zone)
    if ends_at is None and last > first:
        ends_at = over_at
    return Schedule(zone, starts_at, ends_at, over_at)


def _calculable(day: date | None) -> date | None:
    return day if day is not None and EARLIEST_YEAR <= day.year <= LATEST_YEAR else None
