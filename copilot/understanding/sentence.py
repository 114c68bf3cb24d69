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
from copilot.understanding.tiers import add_tiers, ask_about_numbers, find_tiers
from domain.schemas.event import MAX_OPENING_HOURS
from domain.stages import Stage

_DAILY: Final = re.compile(
    r"\b(?:open(?: daily| every day)?|daily|every day|each day|taglich|tous les jours|"
    r"todos los dias|todos os dias)\b"
)
_WARMING: Final = "A pop-up called Warm, Friday at 7 pm in Lisbon, 300 people, 25 euros, in English"


def understand(sentence: str, circumstances: Circumstances) -> Understanding:
    """What a sentence says. The same words in the same circumstances mean the same.

    Words with a mark of their own are read first, so that a later kind does not take their numbers:
    addresses, titles, refunds, prices, people, times, dates, and then names.
    """
    reading = Reading(sentence, circumstances)
    read_questions(reading)
    is_daily = reading.has(_DAILY)
    read_contacts(reading)
    read_called(reading)
    read_rules(reading)
    read_streets(reading)
    read_asides(reading)
    tiers = find_tiers(reading)
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
    if is_daily:
        _read_opening_hours(reading)
    _assume_zone(reading)
    ask_about_numbers(reading)
    read_title_alone(reading)
    return reading.understanding()


def warm_up() -> None:
    """Loads the tables of cities, months and languages, which takes some seconds."""
    understand(_WARMING, Circumstances(now=datetime(2026, 1, 1, tzinfo=UTC), locale="en"))


def _read_opening_hours(reading: Reading) -> None:
    """The hours of each day of an event of several days, if it is said to be open daily."""
    facts = [
        reading.fact(Stage.EVENT_SETUP, pointer)
        for pointer in ("/date", "/endDate", "/startTime", "/endTime")
    ]
    first, last, opens, closes = facts
    if not (first and last and opens and closes):
        return
    start, end = date.fromisoformat(str(first.value)), date.fromisoformat(str(last.value))
    days = (end - start).days + 1
    if days > MAX_OPENING_HOURS:
        return
    hours = [
        {
            "date": (start + timedelta(days=day)).isoformat(),
            "opens": opens.value,
            "closes": closes.value,
        }
        for day in range(days)
    ]
    match = reading.find(_DAILY)
    span = match.span() if match else (opens.start, opens.end)
    reading.add(Stage.EVENT_SETUP, "/openingHours", hours, span)
    for fact in (opens, closes):
        position = reading.facts.index(fact)
        reading.facts[position] = Fact(
            fact.stage, fact.pointer, fact.value, fact.start, fact.end, Assumption.OPENING_HOURS
        )


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
