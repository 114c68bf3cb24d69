"""Suggestions of the event's texts: plain sentences in English, made from what is known."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Final

from babel.dates import format_date, format_time

from copilot.suggestions.basis import Basis, Suggestion
from copilot.suggestions.explanations import locale_of
from domain.schemas.event import EventType
from domain.schemas.venue import VenueMode
from domain.stages import Stage

NOUNS: Final[dict[EventType, str]] = {
    EventType.FASHION_SHOW: "fashion show",
    EventType.POPUP: "pop-up",
    EventType.EXHIBITION: "exhibition",
    EventType.LAUNCH: "launch",
}

_WORDS: Final[dict[EventType, re.Pattern[str]]] = {
    EventType.FASHION_SHOW: re.compile(r"\b(?:fashion show|runway|catwalk)\b", re.IGNORECASE),
    EventType.POPUP: re.compile(r"\bpop[ -]?up\b", re.IGNORECASE),
    EventType.EXHIBITION: re.compile(r"\b(?:exhibition|exhibit)\b", re.IGNORECASE),
    EventType.LAUNCH: re.compile(r"\blaunch\b", re.IGNORECASE),
}
_SUMMARY_LENGTH: Final = 140
_TAG_LENGTH: Final = 30


def types(basis: Basis) -> Iterator[Suggestion]:
    """The type, if the title has the word of one type alone."""
    title = basis.data.event.title or ""
    found = [kind for kind, words in _WORDS.items() if words.search(title)]
    if len(found) == 1:
        yield _suggestion("/type", found[0].value, "word_in_title")


def titles(basis: Basis) -> Iterator[Suggestion]:
    kind = basis.data.event.type
    if kind is None or not basis.writes_english:
        return
    noun = NOUNS[kind].capitalize()
    if basis.data.organizer.name:
        yield _suggestion("/title", f"{noun} by {basis.data.organizer.name}", "from_organizer")
    if basis.data.venue.name and basis.may_be_in_person:
        yield _suggestion("/title", f"{noun} at {basis.data.venue.name}", "from_venue")
    if basis.address.city:
        yield _suggestion("/title", f"{noun} in {basis.address.city}", "from_city")


def summaries(basis: Basis) -> Iterator[Suggestion]:
    """Type, organizer, place and date, as far as they are known and fit."""
    kind = basis.data.event.type
    parts = [part for part in (_by(basis), _where(basis), _when(basis)) if part]
    if kind is None or not parts or not basis.writes_english:
        return
    text = f"{_with_article(NOUNS[kind])} {' '.join(parts)}."
    while len(text) > _SUMMARY_LENGTH and len(parts) > 1:
        parts.pop(0)
        text = f"{_with_article(NOUNS[kind])} {' '.join(parts)}."
    yield _suggestion("/summary", text, "from_known_fields")


def descriptions(basis: Basis) -> Iterator[Suggestion]:
    event, doors = basis.data.event, basis.data.venue.doors_time
    if event.title is None or event.type is None or not basis.writes_english:
        return
    when_and_where = [part for part in (_when(basis, with_time=True), _where(basis)) if part]
    if not when_and_where:
        return
    noun = _with_article(NOUNS[event.type])
    what = " ".join(part for part in (f"{event.title} is {noun.lower()}", _by(basis)) if part)
    sentences = [f"{what}.", f"It takes place {' '.join(when_and_where)}."]
    if doors and basis.is_in_person:
        sentences.append(f"Doors open at {_clock(basis, doors)}.")
    yield _suggestion("/description", " ".join(sentences), "from_known_fields")


def tags(basis: Basis) -> Iterator[Suggestion]:
    kind, city = basis.data.event.type, basis.address.city
    if kind is None or not basis.writes_english:
        return
    words = [NOUNS[kind]]
    if city and len(city) <= _TAG_LENGTH:
        words.append(city.lower())
    yield _suggestion("/tags", words, "from_known_fields")


def _with_article(noun: str) -> str:
    return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun}"


def _by(basis: Basis) -> str:
    name = basis.data.organizer.name
    return f"by {name}" if name else ""


def _where(basis: Basis) -> str:
    venue, city = basis.data.venue, basis.address.city
    if venue.mode is None:
        return ""
    if venue.mode is VenueMode.VIRTUAL:
        return "online"
    place = f"at {venue.name}" if venue.name else ""
    where = f"{place} in {city}".strip() if city else place
    return f"{where} and online".strip() if venue.mode is VenueMode.HYBRID and where else where


def _when(basis: Basis, *, with_time: bool = False) -> str:
    event = basis.data.event
    if event.date is None:
        return ""
    style = "full" if with_time else "long"
    day = format_date(event.date, format=style, locale=locale_of(_english(basis)))
    at = f" at {_clock(basis, event.start_time)}" if with_time and event.start_time else ""
    return f"on {day}{at}"


def _clock(basis: Basis, at: time) -> str:
    text: str = format_time(at, format="short", locale=locale_of(_english(basis)))
    return text.replace("\u202f", " ")


def _english(basis: Basis) -> str:
    """The variety of English, which decides the order of a date."""
    tag = basis.data.event.language or basis.circumstances.locale
    own = basis.circumstances.locale
    return own if own.casefold().startswith("en") else tag


def _suggestion(pointer: str, value: object, reason_code: str) -> Suggestion:
    return Suggestion(Stage.EVENT_SETUP, pointer, value, reason_code)
