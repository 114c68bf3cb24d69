"""Where the event is: city, country, street, venue, online access, and so its time zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from copilot.understanding.contacts import ONLINE
from copilot.understanding.facts import Fact, Option
from copilot.understanding.gazetteer import (
    CLEARLY_LARGER,
    City,
    cities_named,
    countries,
    states,
)
from copilot.understanding.reading import TAKEN, Reading, folded
from copilot.understanding.vocabulary import months
from domain.stages import Stage

_LARGE: Final = 100_000
_VERY_LARGE: Final = 300_000
_MOST_WORDS: Final = 4
_MOST_CITIES: Final = 4

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+){0,4}")
_IN: Final = re.compile(r"\b(?:in|en|em|a|no|na|nach|near|im|to)\s\Z")
_EDGE_BEFORE: Final = re.compile(rf"(?:^|[,;:.(\n{TAKEN}–—-])\s*\Z")
_EDGE_AFTER: Final = re.compile(
    rf"\A\s*(?:$|[,;:.)!?\n{TAKEN}–—-]|(?:on|at|from|with)\b|\d{{4,5}}\b)"
)
# Words that are names of cities, too.
_OTHER_WORDS_TEXT: Final = """
nice reading bath mobile split most same of orange sale male date open early vip march may show
fashion party launch event young hat un bar many enterprise union home standard friends person man
van victoria central university college market gallery museum price hello we our the for its time
best every can como this is that free door doors title
"""
_OTHER_WORDS: Final = frozenset(_OTHER_WORDS_TEXT.split())
_ZONE: Final = re.compile(r"\b((?:[a-z]{2,20}\s){1,3})time\b")
_ZONE_CODES: Final = {
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "utc": "UTC", "gmt": "UTC",
    "cet": "Europe/Brussels", "cest": "Europe/Brussels", "bst": "Europe/London",
}  # fmt: skip
_ZONE_CODE: Final = re.compile(r"(?<=\x00)\s?\b(et|est|edt|pst|pdt|utc|gmt|cet|cest|bst)\b")

_CAP: Final = r"[^\W\d_][\w'’.-]{0,30}"
_STREETS: Final = (
    re.compile(
        r"\b(?:rua|via|calle|avenida|praca|piazza|plaza|paseo|largo|corso|rue)\s"
        r"(?:(?:de la|de|du|des|do|da|della|del)\s)?"
        rf"{_CAP}(?:\s{_CAP})?,?\s\d{{1,4}}\b"
    ),
    re.compile(
        rf"(?<![\w€£$.,])\d{{1,4}}[a-c]?\s(?:{_CAP}\s){{1,3}}(?:street|st|road|rd|avenue|ave|lane|"
        r"square|boulevard|way|drive|row|yard|gardens?|court|mews|grove|terrace|crescent|gate|hill|"
        r"close|place|walk|wharf|parade)\b"
    ),
    re.compile(
        r"\b\d{1,4},?\s(?:rue|avenue|boulevard|place|quai|via|calle|rua|avenida|corso)\s"
        rf"(?:(?:de la|de|du|des|do|da|della|del)\s)?{_CAP}(?:\s(?!in\b|at\b|on\b){_CAP}){{0,2}}"
    ),
    re.compile(
        r"\b[\w-]{2,30}\s?(?:strasse|straße|str\.|gasse|weg|allee|damm|ufer|platz)\s\d{1,4}[a-c]?\b"
    ),
)
_STREET_WORD: Final = re.compile(r"\b(?:street|road|avenue|lane|boulevard|rue|calle|rua)\b|str")
_NO_STREET_NAMES: Final = frozenset(
    {"de", "la", "du", "des", "do", "da", "della", "del", "st", "place", "quai", "square", "way",
     "drive", "row", "yard", "garden", "gardens", "court", "corso", "via"}
)  # fmt: skip
_BRITISH_POSTAL_CODE: Final = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2})\b")
_POSTAL_CODE: Final = re.compile(r"\b(\d{4,5}(?:-\d{3})?)\s\Z")
# After a city, a number is a postal code or a year.
_NUMBER_AFTER: Final = re.compile(r",?\s(\d{4,5})\b")


def read_zone(reading: Reading) -> None:
    """A zone that is said, such as "New York time"; its city is not the event's."""
    if match := reading.find(_ZONE_CODE):
        reading.add(Stage.EVENT_SETUP, "/timezone", _ZONE_CODES[match[1]], match.span())
    if match := reading.find(_ZONE):
        words = match[1].split()
        for first in range(len(words)):
            name = " ".join(words[first:])
            cities = cities_named(name)
            if cities and cities[0].population >= _LARGE:
                start = match.start() + match[1].rfind(name)
                zone = cities[0].timezone
                reading.add(Stage.EVENT_SETUP, "/timezone", zone, (start, match.end()))
                return


@dataclass(frozen=True)
class _Place:
    start: int
    end: int
    cities: tuple[City, ...]
    country: tuple[str, int] | None = None
    """The country that is said after the city, and the end of its name."""
    region: tuple[int, int] | None = None


def read_streets(reading: Reading) -> None:
    """Streets are read before prices and times, which their numbers are not."""
    if code := reading.find(_BRITISH_POSTAL_CODE):
        value = reading.said(*code.span(1)).upper()
        reading.add(Stage.VENUE_SETUP, "/address/postalCode", value, code.span())
    for pattern in _STREETS:
        match = reading.find(pattern)
        if match and _is_street(reading, match):
            street = reading.said(*match.span())
            reading.add(Stage.VENUE_SETUP, "/address/line1", street, match.span())


def _is_street(reading: Reading, match: re.Match[str]) -> bool:
    """Words such as "row" and "place" are of a street if the words beside them have capitals."""
    words = reading.said(*match.span()).split()
    names = [word for word in words if word[0].isalpha() and word.lower() not in _NO_STREET_NAMES]
    has_capitals = bool(names) and all(word[0].isupper() for word in names)
    return has_capitals or bool(_STREET_WORD.search(match[0]))


def read_places(reading: Reading) -> None:
    place = _city_in(reading)
    if place:
        _read_postal_code(reading, place)
        _add_city(reading, place)
        if number := _NUMBER_AFTER.match(reading.open, place.end):
            reading.set_aside(*number.span(1))


def read_mode(reading: Reading) -> None:
    match = reading.find(ONLINE)
    said = next(
        (
            fact
            for pointer in ("/address/city", "/address/line1", "/name")
            if (fact := reading.fact(Stage.VENUE_SETUP, pointer))
        ),
        None,
    )
    asked = next((item for item in reading.questions if item.code == QuestionCode.WHICH_CITY), None)
    if match:
        mode = "hybrid" if "hybrid" in match[0] else "virtual"
        if mode == "virtual" and said:
            reading.add(Stage.VENUE_SETUP, "/mode", "hybrid", match.span(), Assumption.MODE_OF_BOTH)
        reading.add(Stage.VENUE_SETUP, "/mode", mode, match.span())
    elif said and not asked:
        reading.add(
            Stage.VENUE_SETUP, "/mode", "physical", (said.start, said.end), Assumption.MODE_OF_PLACE
        )


def _city_in(reading: Reading) -> _Place | None:
    words = [match.span() for match in _WORD.finditer(reading.open)]
    best: _Place | None = None
    for index in range(len(words)):
        for place in _candidates(reading, words, index):
            if _IN.search(reading.open[max(0, place.start - 6) : place.start]):
                return place
            best = best or place
            break
    return best


def _candidates(reading: Reading, words: list[tuple[int, int]], index: int) -> Iterator[_Place]:
    for length in range(min(_MOST_WORDS, len(words) - index), 0, -1):
        start, end = words[index][0], words[index + length - 1][1]
        name = reading.open[start:end].rstrip(".")
        if len(name) <= 2 or TAKEN in name:  # noqa: PLR2004  no city
            continue
        if name in _OTHER_WORDS and not _is_said_as_city(reading, name, start):
            continue
        cities = cities_named(name)
        if cities and _is_place(reading, start, end, cities[0]):
            yield _with_qualifier(reading, _Place(start, end, cities))


def _is_said_as_city(reading: Reading, name: str, start: int) -> bool:
    is_inside = _IN.search(reading.open[max(0, start - 6) : start]) is not None
    return is_inside and reading.text[start].isupper() and name not in months()


_A_THING: Final = re.compile(r"\b(?:das|zum|beim|ein|unser|kein|mit)\s\Z")
"""Before a word that is no city: "das Essen" is a meal."""


def _is_place(reading: Reading, start: int, end: int, city: City) -> bool:
    is_capital = reading.text[start].isupper()
    if _A_THING.search(reading.open[max(0, start - 8) : start]):
        return False
    if _IN.search(reading.open[max(0, start - 6) : start]):
        return is_capital or city.population >= _LARGE
    beside = reading.open[max(0, start - 4) : start], reading.open[end : end + 6]
    is_apart = bool(_EDGE_AFTER.search(beside[1]))
    enough = _LARGE if is_capital else _VERY_LARGE
    if city.by_other_name and not _EDGE_BEFORE.search(beside[0]):
        return False
    return is_apart and city.population >= enough


def _with_qualifier(reading: Reading, place: _Place) -> _Place:
    """With the state or the country that follows the name."""
    match = re.match(r",?\s(?:in\s)?", reading.open[place.end :])
    if match is None:
        return place
    start = place.end + match.end()
    words = [word.span() for word in _WORD.finditer(reading.open[start : start + 60])][:3]
    for length in range(len(words), 0, -1):
        end = start + words[length - 1][1]
        name = reading.open[start:end]
        is_code = len(name) == len("US")
        if words[0][0] != 0 or TAKEN in name or (is_code and not reading.text[start:end].isupper()):
            continue
        if narrowed := _narrowed(place, name, (start, end)):
            return narrowed
    return place


def _narrowed(place: _Place, name: str, span: tuple[int, int]) -> _Place | None:
    state, country = states().get(name), countries().get(name)
    in_state = tuple(c for c in place.cities if c.country == "US" and c.region == state)
    if in_state:
        return _Place(place.start, place.end, in_state[:1], region=span)
    in_country = tuple(city for city in place.cities if city.country == country)
    if in_country:
        return _Place(place.start, place.end, in_country[:1], country=(country or "", span[1]))
    return None


def _add_city(reading: Reading, place: _Place) -> None:
    first, *others = place.cities
    if others and first.population < CLEARLY_LARGER * others[0].population:
        near = [c for c in place.cities if c.timezone == reading.circumstances.timezone]
        if len(near) != 1:
            _ask_which_city(reading, place)
            return
        first = near[0]
    for fact in _facts(reading, place, first):
        if place.region and fact.pointer == "/address/region":
            reading.take(fact.start, fact.end)
        reading.add(fact.stage, fact.pointer, fact.value, (fact.start, fact.end), fact.assumed)


def _facts(reading: Reading, place: _Place, city: City) -> Iterator[Fact]:
    span = (place.start, place.end)
    name = reading.said(*span)
    shown = name if not name.islower() else _own_name(name, city)
    yield Fact(Stage.VENUE_SETUP, "/address/city", shown, *span)
    if place.region:
        region = reading.said(*place.region)
        yield Fact(Stage.VENUE_SETUP, "/address/region", region, *place.region)
    end = place.country[1] if place.country else place.end
    assumed = None if place.country else Assumption.COUNTRY_OF_CITY
    yield Fact(Stage.VENUE_SETUP, "/address/country", city.country, place.start, end, assumed)
    yield Fact(Stage.EVENT_SETUP, "/timezone", city.timezone, *span, Assumption.ZONE_OF_CITY)


def _own_name(name: str, city: City) -> str:
    return city.name if folded(city.name) == folded(name) else name.title()


def _ask_which_city(reading: Reading, place: _Place) -> None:
    options = tuple(
        Option(
            OptionCode.CITY,
            {"city": city.name, "region": city.region, "country": city.country},
            tuple(_facts(reading, place, city)),
        )
        for city in place.cities[:_MOST_CITIES]
    )
    span = (place.start, place.end)
    reading.ask(QuestionCode.WHICH_CITY, Stage.VENUE_SETUP, "/address/city", span, options)


def _read_postal_code(reading: Reading, place: _Place) -> None:
    window = max(0, place.start - 12)
    match = _POSTAL_CODE.search(reading.open[window : place.start])
    if match:
        span = (window + match.start(1), window + match.end(1))
        reading.add(Stage.VENUE_SETUP, "/address/postalCode", match[1], span)
