"""Understands a sentence without a model: facts for fields of all stages, and questions."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from copilot.understanding.asides import read_asides
from copilot.understanding.clock import half_of_day, read_clock
from copilot.understanding.codes import Assumption, QuestionCode
from copilot.understanding.contacts import read_contacts
from copilot.understanding.dates import read_dates
from copilot.understanding.facts import Circumstances, Fact, Understanding
from copilot.understanding.names import (
    read_called,
    read_organizer,
    read_sponsors,
    read_title_after_type,
    read_title_alone,
    read_title_at_start,
    read_venue,
)
from copilot.understanding.places import read_mode, read_places, read_streets, read_zone
from copilot.understanding.questions import read_questions
from copilot.understanding.reading import Reading
from copilot.understanding.rules import (
    read_capacity,
    read_language,
    read_platform,
    read_rules,
    read_type,
    read_visibility,
)
from copilot.understanding.tiers import add_tiers, ask_about_numbers, find_sale_ends, find_tiers
from domain.schemas.event import MAX_OPENING_HOURS
from domain.stages import Stage

_EACH_DAY: Final = re.compile(
    r"\b(?:open )?(?:daily|every day|each day|all days|(?P<two>(?:on )?both days|"
    r"(?:an )?beiden? tagen?)|taglich|jeden tag|alle tage|an allen tagen|tous les jours|"
    r"todos los dias|todos os dias)\b"
)
_BOTH: Final = 2
_OPEN: Final = re.compile(r"\bopen\b")
_WARMING: Final = "A pop-up called Warm, Friday at 7 pm in Lisbon, 300 people, 25 euros, in English"


def understand(sentence: str, circumstances: Circumstances) -> Understanding:
    """What a sentence says. The same words in the same circumstances mean the same.

    Words with a mark of their own are read first, so that a later kind does not take their numbers:
    addresses, titles, refunds, prices, people, times, dates, and then names.
    """
    reading = Reading(sentence, circumstances)
    read_questions(reading)
    each_day = reading.find(_EACH_DAY)
    is_open = reading.has(_OPEN)
    read_contacts(reading)
    read_called(reading)
    read_rules(reading)
    read_streets(reading)
    sale_ends = find_sale_ends(reading)
    read_asides(reading)
    tiers = find_tiers(reading, sale_ends)
    read_capacity(reading)
    half = half_of_day(reading)
    read_dates(reading)
    read_clock(reading, half)
    read_zone(reading)
    read_platform(reading)
    read_language(reading)
    read_sponsors(reading)
    read_title_at_start(reading)
    read_type(reading)
    read_visibility(reading)
    read_places(reading)
    read_title_after_type(reading)
    read_organizer(reading)
    read_venue(reading)
    read_mode(reading)
    add_tiers(reading, tiers)
    if each_day or is_open:
        _read_opening_hours(reading, each_day)
    _assume_zone(reading)
    ask_about_numbers(reading)
    read_title_alone(reading)
    return reading.understanding()


def warm_up() -> None:
    """Loads the tables of cities, months and languages, which takes some seconds."""
    understand(_WARMING, Circumstances(now=datetime(2026, 1, 1, tzinfo=UTC), locale="en"))


def _read_opening_hours(reading: Reading, each_day: re.Match[str] | None) -> None:
    """The hours of each day of an event of several days, if it is said to be open daily."""
    opens = reading.fact(Stage.EVENT_SETUP, "/startTime")
    closes = reading.fact(Stage.EVENT_SETUP, "/endTime")
    period = _period(reading, is_known=each_day is not None)
    if not (opens and closes and period):
        return
    start, end = period
    days = (end - start).days + 1
    if days > MAX_OPENING_HOURS or (each_day and each_day["two"] and days != _BOTH):
        return
    hours = [
        {
            "date": (start + timedelta(days=day)).isoformat(),
            "opens": opens.value,
            "closes": closes.value,
        }
        for day in range(days)
    ]
    span = each_day.span() if each_day else (opens.start, opens.end)
    reading.add(Stage.EVENT_SETUP, "/openingHours", hours, span)
    for fact in (opens, closes):
        position = reading.facts.index(fact)
        reading.facts[position] = Fact(
            fact.stage, fact.pointer, fact.value, fact.start, fact.end, Assumption.OPENING_HOURS
        )


def _period(reading: Reading, *, is_known: bool) -> tuple[date, date] | None:
    """The first and the last day that are said, or else those of the event if ``is_known``."""
    facts = [reading.fact(Stage.EVENT_SETUP, pointer) for pointer in ("/date", "/endDate")]
    said = [fact.value for fact in facts if fact]
    known = [reading.value(Stage.EVENT_SETUP, pointer) for pointer in ("/date", "/endDate")]
    days = known if is_known and not said else said
    try:
        first, last = (date.fromisoformat(str(day)) for day in days)
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _assume_zone(reading: Reading) -> None:
    """The zone of the person, if a time is said and no place."""
    zone = reading.circumstances.timezone
    said = reading.fact(Stage.EVENT_SETUP, "/startTime") or next(
        (item for item in reading.questions if item.code == QuestionCode.HALF_OF_DAY), None
    )
    is_known = reading.value(Stage.EVENT_SETUP, "/timezone") is not None
    if zone and said and not is_known and not reading.is_asked(QuestionCode.WHICH_CITY):
        reading.add(
            Stage.EVENT_SETUP, "/timezone", zone, (said.start, said.end), Assumption.ZONE_OF_PERSON
        )
