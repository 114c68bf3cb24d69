"""Addresses that are written as one text, in the usual orders of their parts.

``12 Rue des Lilas, 75011 Paris, France`` has the postal code before the city, ``59 Chelsea Piers,
New York, NY 10011, USA`` after it.
"""

import re
from collections.abc import Sequence
from typing import Final

from dev.imports.values import country_code, filled
from domain.json_values import JsonObject

_SEPARATOR: Final = re.compile(r"[,;\n]")
_REGION_AND_CODE: Final = re.compile(
    r"(?:(?P<region>[A-Z]{2,3}) )?(?P<code>[A-Z]{0,2}[0-9][A-Z0-9 -]*)"
)
_CODE_AND_CITY: Final = re.compile(r"(?P<code>\S*[0-9]\S*) (?P<city>\D+)")


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def address_of(parts: Sequence[str]) -> JsonObject:
    """The fields of an address without the name of its place."""
    rest = list(parts)
    country = country_code(rest[-1]) if rest else None
    if country:
        rest.pop()
    region, code = _region_and_code(rest)
    line1, *further = rest or [""]
    *line2, city = further or [""]
    if code == "" and (found := _CODE_AND_CITY.fullmatch(city)):
        code, city = found["code"], found["city"]
    return filled(
        {
            "line1": line1,
            "line2": ", ".join(line2),
            "city": city,
            "region": region,
            "postalCode": code,
            "country": country,
        }
    )


def _region_and_code(rest: list[str]) -> tuple[str, str]:
    """Takes a postal code after the city from the end, with a region before it."""
    found = _REGION_AND_CODE.fullmatch(rest[-1]) if len(rest) > 1 else None
    if found is None:
        return "", ""
    rest.pop()
    return found["region"] or "", found["code"]
