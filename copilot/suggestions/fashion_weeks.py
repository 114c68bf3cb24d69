"""Fashion weeks by city, with the months in which they usually take place.

The days differ from year to year, so a suggestion names the month and the calendar of the
organizers, who announce the days.

The months follow from the days of the womenswear weeks between 2024 and 2026. Pages of the
organizers have those of Berlin, Lisbon and Sydney; the days of the others are from reports of the
trade and local press about their calendars. São Paulo has one week a year from 2026 on. Weeks of
menswear and couture are not listed. Addresses are those of the organizers of the schedules.
"""

from dataclasses import dataclass
from typing import Final

from domain.values.text import as_seen


@dataclass(frozen=True)
class FashionWeek:
    name: str
    city: str
    country: str
    """ISO 3166-1 alpha-2."""
    timezone: str
    months: tuple[int, ...]
    """From 1 to 12. A week that lies in two months has the one in which most of its days are; the
    later one, if both have as many."""
    source: str
    """The page of the organizers with the days of the next week."""


FASHION_WEEKS: Final = (
    FashionWeek(
        "New York Fashion Week",
        "New York",
        "US",
        "America/New_York",
        (2, 9),
        "https://cfda.com",
    ),
    FashionWeek(
        "London Fashion Week",
        "London",
        "GB",
        "Europe/London",
        (2, 9),
        "https://londonfashionweek.co.uk",
    ),
    FashionWeek(
        "Milano Fashion Week",
        "Milan",
        "IT",
        "Europe/Rome",
        (2, 9),
        "https://www.cameramoda.it",
    ),
    FashionWeek(
        "Paris Fashion Week",
        "Paris",
        "FR",
        "Europe/Paris",
        (3, 10),
        "https://www.fhcm.paris",
    ),
    FashionWeek(
        "Copenhagen Fashion Week",
        "Copenhagen",
        "DK",
        "Europe/Copenhagen",
        (1, 8),
        "https://copenhagenfashionweek.com",
    ),
    FashionWeek(
        "Berlin Fashion Week",
        "Berlin",
        "DE",
        "Europe/Berlin",
        (2, 7),
        "https://fashionweek.berlin",
    ),
    FashionWeek(
        "ModaLisboa",
        "Lisbon",
        "PT",
        "Europe/Lisbon",
        (3, 10),
        "https://www.modalisboa.pt",
    ),
    FashionWeek(
        "São Paulo Fashion Week",
        "São Paulo",
        "BR",
        "America/Sao_Paulo",
        (10,),
        "https://spfw.com.br",
    ),
    FashionWeek(
        "Australian Fashion Week",
        "Sydney",
        "AU",
        "Australia/Sydney",
        (5,),
        "https://ausfashioncouncil.com",
    ),
)

_LOCAL_NAMES: Final = {
    "milano": "milan",
    "københavn": "copenhagen",
    "lisboa": "lisbon",
    "new york city": "new york",
    "sao paulo": "são paulo",
}


def fashion_week_in(city: str, country: str | None) -> FashionWeek | None:
    """The fashion week of a city; None if there is none, or the city is in another country."""
    name = as_seen(city)
    name = _LOCAL_NAMES.get(name, name)
    return next(
        (
            week
            for week in FASHION_WEEKS
            if as_seen(week.city) == name and country in (None, week.country)
        ),
        None,
    )
