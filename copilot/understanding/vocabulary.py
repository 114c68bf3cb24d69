"""Words of the five languages: months, weekdays, numbers, types of events."""

import re
from functools import cache
from typing import Final

from babel import Locale

from copilot.understanding.reading import folded
from domain.schemas.event import EventType

LANGUAGES: Final = ("en", "de", "fr", "es", "pt")

# Abbreviations that are other words more often than months.
_NO_MONTHS: Final = frozenset({"out", "set", "mar"})
_MORE_WEEKDAYS: Final = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4,
    "sat": 5, "sun": 6, "segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4,
    "sonnabend": 5,
}  # fmt: skip

NUMBER_WORDS: Final = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "twenty": 20, "thirty": 30,
    "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
    "zehn": 10, "elf": 11, "zwolf": 12,
}  # fmt: skip

TYPES: Final = {
    EventType.FASHION_SHOW: r"fashion ?shows?|runway(?: shows?)?|catwalk(?: shows?)?|"
    r"modenschau|modeschau|defiles?(?: de mode)?|desfiles?(?: de mod[ae]s?)?|pasarela",
    EventType.POPUP: r"pop[- ]?up(?:[- ]?(?:shop|store|event|market))?|sample sale|"
    r"temporary (?:store|shop)|boutique ephemere|tienda efimera|loja temporaria",
    EventType.EXHIBITION: r"ex?h?i?bi?(?:tion|ton)s?|exhibit|ausstellung|exposition|exposicion|"
    r"exposicao|vernissage|retrospective",
    EventType.LAUNCH: r"(?:(?:product|collection|brand|book|line) )?launch(?: (?:party|event))?|"
    r"release party|(?:produkt)?launch[- ]?party|markteinfuhrung|lancement|lanzamiento|lancamento",
}
TYPE: Final = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in TYPES.items()}
# A show, and a word before it that makes it one of another kind.
SHOW: Final = re.compile(
    r"\b(?P<other>(?:trunk|talk|puppet|light|slide|trade|art|magic|quiz|game|radio|tv|car|flower|"
    r"horse|dog|road)[ -])?show\b(?!\s+(?:starts|begins)|\s+(?:at\s+)?\d|-)"
)

_GERMAN_HOURS: Final = [
    rf"\b{word}\s{digits}\s" for word in ("um", "bis") for digits in (r"\d", r"\d\d")
]
GERMAN_AM: Final = rf"(?:(?<!\d\s)|{'|'.join(f'(?<={hour})' for hour in _GERMAN_HOURS)})am"
"""The "am" of a day, as in "um 7 am Freitag", and not that of "at 7 am Friday"."""
NOT_GERMAN_AM: Final = "".join(f"(?<!{hour})" for hour in _GERMAN_HOURS)

COUNT: Final = r"(?:\d{1,3}(?:[.,' ]\d{3})+|\d{1,7})(?![\d.,]*\d)"


@cache
def months() -> dict[str, int]:
    found = {
        _plain(name): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in Locale(language).months["format"][width].items()
    }
    names = {name: number for name, number in found.items() if name not in _NO_MONTHS}
    return {**names, "sept": 9, "mar": 3}


@cache
def weekdays() -> dict[str, int]:
    found = {
        _plain(name): number
        for language in LANGUAGES
        for number, name in Locale(language).days["format"]["wide"].items()
    }
    return {**found, **_MORE_WEEKDAYS}


def _plain(name: str) -> str:
    return folded(name).rstrip(".")


def alternatives(words: dict[str, int]) -> str:
    """A pattern of any of the words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def count(text: str) -> int:
    """The number that digits or a word mean."""
    if text in NUMBER_WORDS:
        return NUMBER_WORDS[text]
    return int(re.sub(r"\D", "", text))
