"""Dates: written ones, weekdays, and relative ones, of one day or of several."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from copilot.understanding.date_patterns import (
    DOTS,
    IN,
    ISO,
    ISO_TO,
    LAST_DAY,
    ORDINAL,
    RELATIVE,
    SLASHES,
    TO_ANOTHER_DAY,
    WEEKEND,
    patterns,
)
from copilot.understanding.facts import Fact, Option
from copilot.understanding.reading import Reading
from copilot.understanding.time_patterns import BARE_TIME, TIME
from copilot.understanding.vocabulary import count, months, weekdays
from domain.schemas.fields import EARLIEST_YEAR, LATEST_YEAR
from domain.stages import Stage

_WEEK: Final = timedelta(days=7)
_SATURDAY: Final = 5
_BESIDE: Final = 45
"""In characters, on each side of the word between two days that have times."""
_DAYS: Final = {"day": 1, "tag": 1, "week": 7, "woche": 7, "fortnight": 14}


@dataclass(frozen=True)
class _Found:
    first: date
    last: date | None
    span: tuple[int, int]
    assumed: Assumption | None


def read_dates(reading: Reading) -> None:
    """The date of the event. Once one is found, others stay unused."""
    for read in _READERS:
        if read(reading):
            return


def today_of(reading: Reading) -> date:
    circumstances = reading.circumstances
    zone = circumstances.timezone
    return (circumstances.now.astimezone(ZoneInfo(zone)) if zone else circumstances.now).date()


def last_day_of(reading: Reading, month: int) -> date:
    """The last day of the current month, or else of the next one with this number."""
    today = today_of(reading)
    year = today.year + (month < today.month)
    return date(year, month, monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if EARLIEST_YEAR <= year <= LATEST_YEAR else None
    except ValueError:
        return None


def _coming(reading: Reading, month: int, day: int) -> date | None:
    """The next such day; a 29 February may be some years away."""
    today = today_of(reading)
    years = range(today.year, today.year + 9)
    days = (_date(year, month, day) for year in years)
    return next((found for found in days if found and found >= today), None)


def _dated(reading: Reading, year: str | None, month: int, day: int) -> date | None:
    if year is None:
        return _coming(reading, month, day)
    return _date(int(year) + (2000 if len(year) == len("26") else 0), month, day)


def _add(reading: Reading, found: _Found) -> bool:
    span = _with_weekdays(reading, found)
    if span is None:
        return True
    if found.last is None and (before := LAST_DAY.search(reading.open, 0, span[0])):
        last = (before.start(), span[1])
        reading.add(Stage.EVENT_SETUP, "/endDate", found.first.isoformat(), last, found.assumed)
        return True
    reading.add(Stage.EVENT_SETUP, "/date", found.first.isoformat(), span, found.assumed)
    if found.last and found.last > found.first:
        reading.add(Stage.EVENT_SETUP, "/endDate", found.last.isoformat(), span, found.assumed)
    return True


def _with_weekdays(reading: Reading, found: _Found) -> tuple[int, int] | None:
    """The words of a date together with a weekday beside it. Asks if that is another day."""
    weekday, span = _weekday_beside(reading, found.span)
    if weekday is None:
        return span
    if found.first.weekday() == weekday or found.last is not None:
        return span
    near = _nearest(found.first, weekday)
    options = tuple(_option(day, span) for day in (found.first, near))
    reading.ask(QuestionCode.WHICH_DAY, Stage.EVENT_SETUP, "/date", span, options)
    return None


def _weekday_beside(reading: Reading, span: tuple[int, int]) -> tuple[int | None, tuple[int, int]]:
    """The weekday directly before or after some words, and the words together with it."""
    start, end = span
    if before := patterns().weekday_before.search(reading.open, max(0, start - 30), start):
        return _weekday(before["w1"]), (before.start(), end)
    if after := patterns().weekday_after.match(reading.open[end : end + 30]):
        return _weekday(after["w1"]), (start, end + after.end())
    return None, span


def _option(day: date, span: tuple[int, int], last: date | None = None) -> Option:
    days = {"/date": day, "/endDate": last}
    facts = tuple(
        Fact(Stage.EVENT_SETUP, pointer, value.isoformat(), *span)
        for pointer, value in days.items()
        if value is not None
    )
    return Option(OptionCode.DATE, {"date": day.isoformat()}, facts)


def _weekday(name: str) -> int:
    return weekdays()[name] if name in weekdays() else weekdays()[name.removesuffix("-feira")]


def _read_iso(reading: Reading) -> bool:
    match = reading.find(ISO)
    first = _date(*map(int, match.group(1, 3, 4))) if match else None
    if match is None or first is None:
        return False
    more = ISO_TO.match(reading.open[match.end() :])
    last = _date(*map(int, more.groups())) if more else None
    end = match.end() + (more.end() if more and last else 0)
    return _add(reading, _Found(first, last, (match.start(), end), None))


def _read_dots(reading: Reading) -> bool:
    match = reading.find(DOTS)
    found = _dated(reading, match[3], int(match[2]), int(match[1])) if match else None
    if match is None or found is None:
        return False
    return _add(reading, _Found(found, None, match.span(), None if match[3] else Assumption.YEAR))


def _read_slashes(reading: Reading) -> bool:
    match = reading.find(SLASHES)
    if match is None:
        return False
    first, second, year = int(match[1]), int(match[2]), match[3]
    found = [
        day
        for day in (_dated(reading, year, second, first), _dated(reading, year, first, second))
        if day
    ]
    if _month_is_first(reading.circumstances.locale):
        found.reverse()
    days = list(dict.fromkeys(found))
    weekday, _ = _weekday_beside(reading, match.span())
    fitting = [day for day in days if day.weekday() == weekday]
    days = fitting if len(fitting) == 1 else days
    if len(days) == 1:
        return _add(reading, _Found(days[0], None, match.span(), None if year else Assumption.YEAR))
    if days:
        options = tuple(_option(day, match.span()) for day in days)
        reading.ask(QuestionCode.DAY_OR_MONTH, Stage.EVENT_SETUP, "/date", match.span(), options)
    return bool(days)


def _read_to_another_day(reading: Reading) -> bool:
    """Two days with times, as in "14 May 10am to 20 May 6pm". The times remain to be read."""
    for to in reading.find_all(TO_ANOTHER_DAY):
        first = _day_within(reading, _window_before(reading, to.start()), to.start())
        last = _day_within(reading, to.end(), to.end() + _BESIDE)
        if first is None or last is None or not _have_times(reading, first, to.span(), last):
            continue
        days = _in_order(first, last)
        if days is not None:
            assumed = first.assumed if last.assumed else None
            for fact, pointer, day in zip((first, last), ("/date", "/endDate"), days, strict=True):
                span = (fact.start, fact.end)
                reading.add(Stage.EVENT_SETUP, pointer, day.isoformat(), span, assumed)
            reading.take(*to.span())
            return True
    return False


def _window_before(reading: Reading, end: int) -> int:
    """Where some words before a position begin."""
    return reading.open.rfind(" ", 0, max(0, end - _BESIDE)) + 1


def _day_within(reading: Reading, start: int, end: int) -> Fact | None:
    """A date with its month in a part of the sentence, at its place in the sentence."""
    inner = Reading(reading.open[start:end], reading.circumstances)
    for read in (_read_iso, _read_named, _read_dots, _read_slashes):
        if read(inner):
            break
    fact = inner.fact(Stage.EVENT_SETUP, "/date")
    return fact and replace(fact, start=fact.start + start, end=fact.end + start)


def _have_times(reading: Reading, first: Fact, to: tuple[int, int], last: Fact) -> bool:
    """Whether nothing but times is between two days, and the first or the last has one."""
    before = reading.open[: first.start].rstrip()
    after_first = reading.open[first.end : to[0]].strip(" ,()")
    before_last = reading.open[to[1] : last.start].strip(" ")
    between = [words for words in (after_first, before_last) if words]
    return all(map(_is_time, between)) and (bool(between) or _ends_with_time(before))


def _is_time(words: str) -> bool:
    return any(pattern.fullmatch(words) for pattern in (TIME, BARE_TIME))


def _ends_with_time(words: str) -> bool:
    return any(match.end() == len(words) for match in TIME.finditer(words))


def _in_order(first: Fact, last: Fact) -> tuple[date, date] | None:
    """Two days of which the year of one, or of both, may be assumed."""
    begin, end = (date.fromisoformat(str(fact.value)) for fact in (first, last))
    if last.assumed:
        day = _date(begin.year, end.month, end.day)
        end = day if day and day >= begin else _date(begin.year + 1, end.month, end.day) or begin
    elif first.assumed:
        day = _date(end.year, begin.month, begin.day)
        begin = day if day and day <= end else _date(end.year - 1, begin.month, begin.day) or end
    return (begin, end) if begin < end else None


def _month_is_first(locale: str) -> bool:
    return locale.replace("_", "-").lower() in ("en-us", "en-ph", "en")


def _read_range(reading: Reading) -> bool:
    words = patterns()
    for pattern in (words.two_months, words.day_range, words.to_ordinal, words.month_range):
        match = reading.find(pattern)
        if match is None:
            continue
        days = _first_and_last(reading, match.groupdict())
        if days is None:
            continue
        is_dated = match["y"] or match.groupdict().get("y1")
        assumed = None if is_dated else Assumption.YEAR
        return _add(reading, _Found(*days, match.span(), assumed))
    return False


def _first_and_last(reading: Reading, said: dict[str, str | None]) -> tuple[date, date] | None:
    """The days of a range; None if one does not exist, or if the years contradict each other."""
    first_month = months()[said.get("mo1") or str(said["mo"])]
    last_month = months()[said.get("mo") or str(said["mo1"])]
    first_day, last_day = int(str(said["d1"])), int(str(said["d2"]))
    first_year, last_year = said.get("y1"), said["y"]
    first = _dated(reading, first_year or last_year, first_month, first_day)
    if first is None:
        return None
    last = _date(int(last_year or first.year), last_month, last_day)
    if last is not None and last < first:
        if first_year is None and last_year is not None:
            first = _date(first.year - 1, first_month, first_day)
        elif last_year is None:
            last = _date(first.year + 1, last_month, last_day)
    if first is None or last is None or last < first:
        return None
    return first, last


def _read_named(reading: Reading) -> bool:
    for pattern in (patterns().day_month, patterns().month_day):
        match = reading.find(pattern)
        if match is None:
            continue
        found = _dated(reading, match["y"], months()[match["mo"]], int(match["d1"]))
        if found:
            return _add(
                reading, _Found(found, None, match.span(), None if match["y"] else Assumption.YEAR)
            )
    return False


def _read_relative(reading: Reading) -> bool:
    for days, pattern in RELATIVE:
        if match := reading.find(pattern):
            day = today_of(reading) + timedelta(days=days)
            return _add(reading, _Found(day, None, match.span(), None))
    match = reading.find(IN)
    if match is None:
        return False
    distance = timedelta(days=count(match[1]) * _DAYS[match[2]])
    return _add(reading, _Found(today_of(reading) + distance, None, match.span(), None))


def _read_weekend(reading: Reading) -> bool:
    match = reading.find(WEEKEND)
    if match is None:
        return False
    today = today_of(reading)
    saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
    if match[1] == "next":
        saturday += _WEEK
    days = (saturday, saturday + timedelta(days=1))
    options = tuple(_option(day, match.span()) for day in days)
    both = tuple(
        Fact(Stage.EVENT_SETUP, pointer, day.isoformat(), *match.span())
        for pointer, day in zip(("/date", "/endDate"), days, strict=True)
    )
    params = {"first": days[0].isoformat(), "last": days[1].isoformat()}
    options = (*options, Option(OptionCode.BOTH_DAYS, params, both))
    reading.ask(QuestionCode.WHICH_DAY, Stage.EVENT_SETUP, "/date", match.span(), options)
    return True


def _read_weekday_range(reading: Reading) -> bool:
    match = reading.find(patterns().weekday_range)
    if match is None:
        return False
    today = today_of(reading)
    first = today + timedelta(days=(_weekday(match["w1"]) - today.weekday()) % 7)
    length = timedelta(days=(_weekday(match["w2"]) - first.weekday()) % 7)
    near = _near_the_event(reading, first.weekday())
    if near is not None and near > first:
        options = tuple(_option(day, match.span(), day + length) for day in (near, first))
        reading.ask(QuestionCode.WHICH_WEEK, Stage.EVENT_SETUP, "/date", match.span(), options)
        return True
    return _add(reading, _Found(first, first + length, match.span(), None))


def _read_weekday(reading: Reading) -> bool:
    match = reading.find(patterns().weekday)
    if match is None:
        return False
    today, weekday = today_of(reading), _weekday(match["w1"])
    coming = today + timedelta(days=(weekday - today.weekday()) % 7)
    monday = today + timedelta(days=7 - today.weekday())
    which = match["which"] or (match["after"] or "").strip()
    said = {
        "next week": monday + timedelta(days=weekday),
        "que vem": monday + timedelta(days=weekday),
        "week": coming + _WEEK,
    }
    if which in said:
        return _add(reading, _Found(said[which], None, match.span(), None))
    near = None if which else _near_the_event(reading, weekday)
    if near is not None and near > coming:
        return _ask_which_week(reading, (near, coming), match.span())
    if coming == today or (which == "next" and coming < monday):
        return _ask_which_week(reading, (coming, coming + _WEEK), match.span())
    return _add(reading, _Found(coming, None, match.span(), None))


def _near_the_event(reading: Reading, weekday: int) -> date | None:
    """The weekday next to the date that the event has, which "rather Saturday" may correct."""
    known = reading.value(Stage.EVENT_SETUP, "/date")
    try:
        event = date.fromisoformat(str(known))
    except ValueError:
        return None
    return _nearest(event, weekday)


def _nearest(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)


def _ask_which_week(reading: Reading, days: tuple[date, date], span: tuple[int, int]) -> bool:
    options = tuple(_option(day, span) for day in days)
    reading.ask(QuestionCode.WHICH_WEEK, Stage.EVENT_SETUP, "/date", span, options)
    return True


def _read_ordinal(reading: Reading) -> bool:
    match = reading.find(ORDINAL)
    if match is None:
        return False
    day, month = int(match["d1"] or match["d2"]), match["month"]
    found = None if month else _in_month_of_event(reading, day)
    found = found or _in_coming_month(reading, day, month)
    if found is None:
        return False
    return _add(reading, _Found(found, None, match.span(), None if month else Assumption.MONTH))


def _in_month_of_event(reading: Reading, day: int) -> date | None:
    """The day in the month of the date that the event has: "no, the 15th" corrects it."""
    known = reading.value(Stage.EVENT_SETUP, "/date")
    try:
        found = date.fromisoformat(str(known)).replace(day=day)
    except ValueError:
        return None
    return found if found >= today_of(reading) else None


def _in_coming_month(reading: Reading, day: int, which: str | None) -> date | None:
    """The next such day; only in this or the next month, if that is said."""
    today = today_of(reading)
    for ahead in {"this": range(1), "next": range(1, 2)}.get(which or "", range(13)):
        month = today.month - 1 + ahead
        found = _date(today.year + month // 12, month % 12 + 1, day)
        if found and found >= today:
            return found
    return None


_READERS: Final[tuple[Callable[[Reading], bool], ...]] = (
    _read_to_another_day,
    _read_iso,
    _read_range,
    _read_named,
    _read_dots,
    _read_slashes,
    _read_relative,
    _read_weekday_range,
    _read_weekend,
    _read_ordinal,
    _read_weekday,
)
