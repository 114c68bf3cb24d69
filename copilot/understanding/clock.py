"""Times of day: start, end and doors, also if the half of the day is not said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from copilot.understanding.date_patterns import patterns
from copilot.understanding.facts import Fact, Option
from copilot.understanding.reading import Reading
from copilot.understanding.time_patterns import (
    BARE_TIME,
    DOORS_BEFORE,
    DURATION,
    EARLY_WORDS,
    LATE_WORDS,
    NIGHTLIFE,
    RANGES,
    TIME,
    TIME_OF_PART,
)
from copilot.understanding.vocabulary import count
from domain.stages import Stage

_DAY: Final = 24 * 60
_HALF: Final = 12 * 60
_LAST_HOUR: Final = 23
_HALF_HOURS: Final = 12

_NAMED: Final = {
    "noon": _HALF, "midday": _HALF, "mittag": _HALF, "midi": _HALF, "mediodia": _HALF,
    "meio-dia": _HALF, "midnight": 0, "mitternacht": 0, "minuit": 0, "medianoche": 0,
    "meia-noite": 0,
}  # fmt: skip
_MORNINGS: Final = frozenset(
    {"morning", "morgen", "morgens", "vormittag", "vormittags", "matin", "manha", "manana"}
)
_NIGHTS: Final = frozenset({"night", "nachts"})
_HOUR: Final = 60
_LAST_OF_NIGHT: Final = 5 * _HOUR
_FIRST_OPENING: Final = 8 * _HOUR
_FIRST_CLOSING: Final = 16 * _HOUR
_MINUTES_PAST: Final = {
    "half past": 30, "quarter past": 15, "quarter to": -15,
    "halb": -30, "viertel nach": 15, "viertel vor": -15,
}  # fmt: skip


@dataclass(frozen=True)
class _Clock:
    minute: int
    """Of the day; of its first half if ``half_said`` is false."""
    half_said: bool

    def times(self) -> tuple[int, ...]:
        return (self.minute,) if self.half_said else (self.minute, (self.minute + _HALF) % _DAY)

    def before(self, later: int) -> int:
        """The time that is the shortest while before another one."""
        return min(self.times(), key=lambda time: (later - time - 1) % _DAY)

    def not_after(self, later: int) -> int:
        """The time that is at another one, or the shortest while before it."""
        return min(self.times(), key=lambda time: (later - time) % _DAY)

    def after(self, earlier: int) -> int:
        return min(self.times(), key=lambda time: (time - earlier - 1) % _DAY)


@dataclass(frozen=True)
class _Said:
    clock: _Clock
    span: tuple[int, int]


@dataclass
class _Times:
    start: _Said | None = None
    end: _Said | None = None
    doors: _Said | None = None
    lead: tuple[int, tuple[int, int]] | None = None
    """How many minutes the doors open before the start, and the words that say it."""
    is_range: bool = False


def written(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_clock(reading: Reading, half: int | None) -> None:
    """``half`` is that of the whole sentence: see :func:`half_of_day`."""
    times = _Times()
    if before := reading.find(DOORS_BEFORE):
        times.lead = (_lead(before), before.span())
        reading.take(*before.span())
    _read_range(reading, times)
    _read_single(reading, times, TIME)
    _read_single(reading, times, BARE_TIME)
    _read_single(reading, times, TIME_OF_PART)
    times.start = _by_day_if_usual(_in_half(times.start, half), times, reading)
    if times.start is None:
        times.doors = _in_half(times.doors, half)
    _add_times(reading, times)
    if before and not reading.fact(Stage.VENUE_SETUP, "/doorsTime") and times.start is None:
        reading.set_aside(*before.span())
    _read_duration(reading)


def _lead(match: re.Match[str]) -> int:
    number = {"an": 1, "half an": 0}.get(match[1])
    number = count(match[1]) if number is None else number
    return number * (60 if match[2].startswith("h") else 1) or 30


def _minutes(time: object) -> int:
    return int(str(time)[:2]) * 60 + int(str(time)[3:])


def _read_range(reading: Reading, times: _Times) -> None:
    for pattern in RANGES:
        for match in reading.find_all(pattern):
            first, last = _clock(match, 1), _clock(match, 2)
            if first and last and not _ends_with_day(reading, match):
                times.start, times.end = _Said(first, match.span()), _Said(last, match.span())
                if _is_on_24_hours(match, last, 2):
                    # the end is on a clock of 24 hours, so the start is, too
                    times.start = _Said(_by_day(first), match.span())
                elif part := _part(match):
                    times.start, times.end = _range_in_part(times.start, times.end, part)
                times.is_range = True
                reading.take(*match.span())
                return


def _ends_with_day(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the last number is that of a day: "10am to 20 May"."""
    is_bare = match.groupdict().get("b2") is not None
    return is_bare and patterns().month_of_day.match(reading.open, match.end()) is not None


def _part(match: re.Match[str]) -> str | None:
    """The part of the day that is said of a range, such as "evening"."""
    groups = match.groupdict()
    return groups.get("before") or groups.get("part")


def _range_in_part(start: _Said, end: _Said, part: str) -> tuple[_Said, _Said]:
    """A range that is within a part of the day: "9 to 12 in the morning" ends at noon."""
    if start.clock.half_said or end.clock.half_said:
        return start, end
    if part in _MORNINGS:
        clock = _Clock(start.clock.minute, half_said=True)
        return _Said(clock, start.span), end
    last = _in_part(end.clock, part)
    first = _Clock(start.clock.before(last.minute), half_said=True)
    return _Said(first, start.span), _Said(last, end.span)


def _in_part(clock: _Clock, part: str) -> _Clock:
    """The time of a part of the day, if its half is not said."""
    if clock.half_said:
        return clock
    is_early = part in _MORNINGS
    is_after_midnight = part in _NIGHTS and clock.minute < _LAST_OF_NIGHT
    return _Clock(clock.minute + (0 if is_early or is_after_midnight else _HALF), half_said=True)


def _by_day_if_usual(start: _Said | None, times: _Times, reading: Reading) -> _Said | None:
    if start is None or not times.is_range or times.end is None or reading.has(NIGHTLIFE):
        return start
    if not _is_by_day(start.clock, times.end.clock):
        return start
    return _Said(_by_day(start.clock), start.span)


def _is_by_day(first: _Clock, last: _Clock) -> bool:
    """Whether two hours of an unknown half are usual opening times, such as "10 to 6".

    They open from 8 to noon, and close from 4 at the earliest, at a number that is not larger.
    """
    if first.half_said or last.half_said:
        return False
    opens, closes = _by_day(first).minute, last.minute + _HALF
    return opens >= _FIRST_OPENING and _FIRST_CLOSING <= closes <= opens + _HALF


def _by_day(clock: _Clock) -> _Clock:
    """From 1 in the morning to noon, if the half of the day is not said."""
    if clock.half_said:
        return clock
    return _Clock(clock.minute if clock.minute >= _HOUR else clock.minute + _HALF, half_said=True)


def _is_on_24_hours(match: re.Match[str], clock: _Clock, index: int) -> bool:
    groups = match.groupdict()
    is_late = clock.half_said and clock.minute > _HALF
    return is_late and groups.get(f"h{index}") is not None and groups.get(f"half{index}") is None


def _read_single(reading: Reading, times: _Times, pattern: re.Pattern[str]) -> None:
    for match in reading.find_all(pattern):
        is_on_last_day = _is_on_last_day(reading, match)
        role = _role(match) or ("end" if is_on_last_day else "start")
        clock = _clock(match, 1)
        if clock is None or getattr(times, role) is not None:
            continue
        part = match["part"]
        if part:
            clock = _in_part(clock, part)
        setattr(times, role, _Said(clock, match.span()))
        if is_on_last_day and times.start and _is_on_24_hours(match, clock, 1):
            times.start = _Said(_by_day(times.start.clock), times.start.span)
        reading.take(*match.span())


def _is_on_last_day(reading: Reading, match: re.Match[str]) -> bool:
    """Whether a time is beside the last day, if that has words of its own, as in "ends 20 May at
    6pm"."""
    last = reading.fact(Stage.EVENT_SETUP, "/endDate")
    first = reading.fact(Stage.EVENT_SETUP, "/date")
    if last is None or (first is not None and first.start == last.start):
        return False
    gaps = (match.start() - last.end, last.start - match.end())
    return any(0 <= gap <= len(", ") for gap in gaps)


def _role(match: re.Match[str]) -> str | None:
    """What the words before a time say that it is."""
    groups = match.groupdict()
    return next((role for role in ("doors", "end", "start") if groups.get(role)), None)


def _clock(match: re.Match[str], index: int) -> _Clock | None:
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    if name := groups.get(f"n{index}"):
        return _Clock(_NAMED[name], half_said=True)
    text = groups.get(f"h{index}") or groups.get(f"b{index}", "99")
    if past := groups.get(f"past{index}"):
        return _after_hour(text, _MINUTES_PAST[past])
    minute = next(
        (int(groups[key + str(index)]) for key in "mcdfue" if key + str(index) in groups), 0
    )
    return _clock_of(text, minute, groups.get(f"half{index}"))


def _after_hour(text: str, minutes: int) -> _Clock | None:
    hour = _clock_of(text, 0, None)
    if hour is None:
        return None
    period = _DAY if hour.half_said else _HALF
    return _Clock((hour.minute + minutes) % period, hour.half_said)


def _clock_of(text: str, minute: int, half: str | None) -> _Clock | None:
    hour = count(text)
    if hour > _LAST_HOUR or minute > 59:  # noqa: PLR2004  minutes of an hour
        return None
    if half:
        if not 1 <= hour <= _HALF_HOURS:
            return None
        return _Clock(hour % 12 * 60 + minute + (_HALF if half == "p" else 0), half_said=True)
    said = hour > _HALF_HOURS or text.startswith("0")
    return _Clock((hour if said else hour % 12) * 60 + minute, half_said=said)


def half_of_day(reading: Reading) -> int | None:
    """The first minute of the half of the day that words such as "tonight" say."""
    if reading.has(LATE_WORDS):
        return _HALF
    return 0 if reading.has(EARLY_WORDS) else None


def _in_half(said: _Said | None, half: int | None) -> _Said | None:
    if said is None or said.clock.half_said or half is None:
        return said
    return _Said(_Clock(said.clock.minute + half, half_said=True), said.span)


def _add_times(reading: Reading, times: _Times) -> None:
    start = times.start
    if start is None:
        _add_without_start(reading, times)
        return
    starts = _possible_starts(start.clock, times)
    if len(starts) == 1:
        for fact in _facts(times, starts[0]):
            reading.add(fact.stage, fact.pointer, fact.value, (fact.start, fact.end), fact.assumed)
        return
    options = tuple(
        Option(
            OptionCode.MORNING if time < _HALF else OptionCode.EVENING,
            {"time": written(time)},
            tuple(_facts(times, time)),
        )
        for time in starts
    )
    reading.ask(QuestionCode.HALF_OF_DAY, Stage.EVENT_SETUP, "/startTime", start.span, options)


def _possible_starts(start: _Clock, times: _Times) -> tuple[int, ...]:
    if times.is_range and times.end and times.end.clock.half_said and not start.half_said:
        return (start.before(times.end.clock.minute),)
    return start.times()


def _facts(times: _Times, start: int) -> Iterator[Fact]:
    if times.start:
        yield Fact(Stage.EVENT_SETUP, "/startTime", written(start), *times.start.span)
    if times.end:
        sure = times.end.clock.half_said or times.is_range
        end = written(times.end.clock.after(start))
        assumed = None if sure else Assumption.AFTER_START
        yield Fact(Stage.EVENT_SETUP, "/endTime", end, *times.end.span, assumed)
    if times.doors:
        doors = times.doors.clock
        assumed = None if doors.half_said else Assumption.BEFORE_START
        yield Fact(
            Stage.VENUE_SETUP,
            "/doorsTime",
            written(doors.not_after(start)),
            *times.doors.span,
            assumed,
        )
    elif times.lead and times.lead[0] < _DAY:
        time = written((start - times.lead[0]) % _DAY)
        yield Fact(Stage.VENUE_SETUP, "/doorsTime", time, *times.lead[1])


def _add_without_start(reading: Reading, times: _Times) -> None:
    known = reading.value(Stage.EVENT_SETUP, "/startTime")
    if isinstance(known, str) and re.fullmatch(r"[0-2]\d:[0-5]\d", known):
        for fact in _facts(times, _minutes(known)):
            reading.add(fact.stage, fact.pointer, fact.value, (fact.start, fact.end), fact.assumed)
        return
    for said, stage, pointer in (
        (times.end, Stage.EVENT_SETUP, "/endTime"),
        (times.doors, Stage.VENUE_SETUP, "/doorsTime"),
    ):
        if said is not None:
            _add_alone(reading, said, stage, pointer)


def _add_alone(reading: Reading, said: _Said, stage: Stage, pointer: str) -> None:
    facts = [Fact(stage, pointer, written(time), *said.span) for time in said.clock.times()]
    if len(facts) == 1:
        reading.add(stage, pointer, facts[0].value, said.span)
        return
    options = tuple(
        Option(code, {"time": str(fact.value)}, (fact,))
        for code, fact in zip((OptionCode.MORNING, OptionCode.EVENING), facts, strict=True)
    )
    reading.ask(QuestionCode.HALF_OF_DAY, stage, pointer, said.span, options)


def _read_duration(reading: Reading) -> None:
    start = reading.fact(Stage.EVENT_SETUP, "/startTime")
    match = reading.find(DURATION)
    if start is None or match is None:
        return
    hours = 1 if match[1] == "an" else count(match[1])
    end = (_minutes(start.value) + hours * 60) % _DAY
    if 0 < hours < 24:  # noqa: PLR2004  hours of a day
        reading.add(Stage.EVENT_SETUP, "/endTime", written(end), match.span())
