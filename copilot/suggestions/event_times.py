"""Suggestions of dates and times of the event, and of its language and time zone."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from babel.core import get_global

from copilot.suggestions.basis import Basis, Suggestion
from domain.schemas.event import EventType
from domain.stages import Stage

MOST_DATES: Final = 3

_LEAD_WEEKS: Final[dict[EventType, int]] = {
    EventType.FASHION_SHOW: 8,
    EventType.POPUP: 4,
    EventType.EXHIBITION: 8,
    EventType.LAUNCH: 4,
}
"""How long ahead an event is announced."""
_WEEKDAYS: Final[dict[EventType, tuple[int, ...]]] = {
    EventType.FASHION_SHOW: (3, 4),
    EventType.POPUP: (4, 5),
    EventType.EXHIBITION: (3,),
    EventType.LAUNCH: (1, 2, 3),
}
"""The usual weekdays of the first day, from 0, a Monday."""
_STARTS: Final[dict[EventType, time]] = {
    EventType.FASHION_SHOW: time(20),
    EventType.POPUP: time(11),
    EventType.EXHIBITION: time(18),
    EventType.LAUNCH: time(19),
}
_MINUTES: Final[dict[EventType, int]] = {
    EventType.FASHION_SHOW: 90,
    EventType.POPUP: 8 * 60,
    EventType.EXHIBITION: 3 * 60,
    EventType.LAUNCH: 3 * 60,
}
_HOLIDAYS: Final = frozenset({(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)})
"""Month and day of days on which few events take place."""
_DAY: Final = timedelta(days=1)
_YEAR: Final = 366 * _DAY
_DAYS_AHEAD: Final = 200


def dates(basis: Basis) -> Iterator[Suggestion]:
    """Free days of a usual weekday: those in the month of a fashion week, then the next ones."""
    kind = basis.data.event.type
    if kind is None:
        return
    earliest = basis.now.date() + timedelta(weeks=_LEAD_WEEKS[kind])
    suggested: list[Suggestion] = []
    if kind is EventType.FASHION_SHOW:
        suggested += _in_fashion_weeks(basis, kind, earliest)
    taken = {suggestion.value for suggestion in suggested}
    for day in _free_days(basis, kind, earliest, earliest + timedelta(days=_DAYS_AHEAD)):
        if len(suggested) == MOST_DATES:
            break
        if day.isoformat() not in taken:
            suggested.append(_date(day, "usual_weekday", weekday=day.isoweekday()))
    yield from suggested


def starts(basis: Basis) -> Iterator[Suggestion]:
    kind = basis.data.event.type
    if kind is not None:
        yield _suggestion("/startTime", f"{_STARTS[kind]:%H:%M}", "usual_for_type", type=kind.value)


def ends(basis: Basis) -> Iterator[Suggestion]:
    """The end of an event of one day. It may be after midnight."""
    event = basis.data.event
    if event.type is None or event.start_time is None or event.end_date is not None:
        return
    minutes = _MINUTES[event.type]
    end = datetime.combine(date(2000, 1, 1), event.start_time) + timedelta(minutes=minutes)
    yield _suggestion("/endTime", f"{end:%H:%M}", "after_start", minutes=minutes)


def timezones(basis: Basis) -> Iterator[Suggestion]:
    """The zone of the venue's place, if it has one alone; else that of the person."""
    country, own = basis.address.country, basis.circumstances.timezone
    zones = get_global("territory_zones").get(country or "", [])
    if basis.fashion_week is not None:
        yield _suggestion("/timezone", basis.fashion_week.timezone, "zone_of_city")
    elif len(zones) == 1:
        yield _suggestion("/timezone", zones[0], "zone_of_country")
    elif own and (country is None or own in zones):
        yield _suggestion("/timezone", own, "zone_of_person")


def languages(basis: Basis) -> Iterator[Suggestion]:
    yield _suggestion("/language", basis.circumstances.locale, "language_of_person")


def _in_fashion_weeks(basis: Basis, kind: EventType, earliest: date) -> Iterator[Suggestion]:
    """The first free day in each month of the city's fashion week, within a year."""
    week = basis.fashion_week
    if week is None:
        return
    months: set[tuple[int, int]] = set()
    for day in _free_days(basis, kind, earliest, earliest + _YEAR):
        month = (day.year, day.month)
        if day.month not in week.months or month in months or len(months) == MOST_DATES - 1:
            continue
        months.add(month)
        yield _date(day, "fashion_week", week=week.name, month=day.month, source=week.source)


def _free_days(basis: Basis, kind: EventType, first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if _is_free(basis, kind, day):
            yield day
        day += _DAY


def _is_free(basis: Basis, kind: EventType, day: date) -> bool:
    if day.weekday() not in _WEEKDAYS[kind] or (day.month, day.day) in _HOLIDAYS:
        return False
    last = max(day, basis.data.event.end_date or day)
    return not any(event.overlaps(day, last) for event in basis.own_events)


def _date(day: date, reason_code: str, **params: object) -> Suggestion:
    return _suggestion("/date", day.isoformat(), reason_code, **params)


def _suggestion(pointer: str, value: object, reason_code: str, **params: object) -> Suggestion:
    return Suggestion(Stage.EVENT_SETUP, pointer, value, reason_code, params)
