"""Rules of the opening hours of an event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.errors import ErrorCode, FieldError
from domain.schemas.event import EventSection
from domain.stages import Stage
from domain.validation.schedule import Schedule
from domain.validation.texts import Path, field_error
from domain.values.local_time import exists, hours_of


def opening_errors(event: EventSection, schedule: Schedule) -> Iterator[FieldError]:
    """Each entry must be within the event, and must not overlap with an earlier one of the list.

    Incomplete entries are skipped, and all if the start or the end of the event is not known.
    """
    if schedule.starts_at is None or schedule.sales_end_at is None:
        return
    taken: list[_Hours] = []
    for index, entry in enumerate(event.opening_hours or []):
        if entry.date is None or entry.opens is None or entry.closes is None:
            continue
        path: Path = ("openingHours", index)
        if entry.opens == entry.closes:
            yield _error((*path, "closes"), ErrorCode.END_BEFORE_START, value="hours")
        elif not _first_day(schedule) <= entry.date <= _last_day(schedule):
            yield _error((*path, "date"), ErrorCode.OUTSIDE_EVENT, value="date")
        else:
            hours = _Hours.of(entry.date, entry.opens, entry.closes, schedule)
            yield from _errors_of(hours, path, schedule)
            if any(hours.overlaps(other) for other in taken):
                yield _error(path, ErrorCode.NOT_UNIQUE, value="opening_hours")
            taken.append(hours)


@dataclass(frozen=True)
class _Hours:
    opens_at: datetime
    closes_at: datetime

    @classmethod
    def of(cls, day: date, opens: time, closes: time, schedule: Schedule) -> "_Hours":
        return cls(*hours_of(day, opens, closes, schedule.zone))

    def overlaps(self, other: "_Hours") -> bool:
        return _utc(self.opens_at) < _utc(other.closes_at) and _utc(other.opens_at) < _utc(
            self.closes_at
        )


def _errors_of(hours: _Hours, path: Path, schedule: Schedule) -> Iterator[FieldError]:
    opens, closes = (*path, "opens"), (*path, "closes")
    if not exists(hours.opens_at):
        yield _error(opens, ErrorCode.NONEXISTENT_TIME)
    elif schedule.starts_at is not None and _utc(hours.opens_at) < _utc(schedule.starts_at):
        yield _error(opens, ErrorCode.OUTSIDE_EVENT, value="start")
    if not exists(hours.closes_at):
        yield _error(closes, ErrorCode.NONEXISTENT_TIME)
    elif schedule.sales_end_at is not None and _utc(hours.closes_at) > _utc(schedule.sales_end_at):
        yield _error(closes, ErrorCode.OUTSIDE_EVENT, value="end")


def _first_day(schedule: Schedule) -> date:
    return schedule.starts_at.date() if schedule.starts_at else date.max


def _last_day(schedule: Schedule) -> date:
    """The day on which the event ends; an end at midnight is on the day before."""
    if schedule.sales_end_at is None:
        return date.min
    return (schedule.sales_end_at - timedelta(microseconds=1)).date()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _error(path: Path, code: ErrorCode, **params: str) -> FieldError:
    return field_error(Stage.EVENT_SETUP, path, code, **params)
