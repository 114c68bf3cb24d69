"""Where an event in person takes place: the rule that an address has enough to find it.

It reads two objects of the venue, so markers of the schema cannot express it. One of address line,
city and coordinates is enough: villages have no streets, and city states no cities. In runs that
began before that, an address needs both line and city.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.errors import FieldError
from domain.json_values import is_at_or_below
from domain.schemas.venue import IN_PERSON, Address, VenueSection
from domain.stages import Stage
from domain.validation.parsing import missing
from domain.validation.texts import Path

_LINE: Final[Path] = ("address", "line1")
_CITY: Final[Path] = ("address", "city")

_ENTERED_AT: Final = ("/address/line1", "/address/city", "/geo")


def place_errors(
    venue: VenueSection, value_errors: Sequence[FieldError], *, one_is_enough: bool
) -> Iterator[FieldError]:
    """``value_errors`` are those of single values of the stage. A value that was entered, and is
    invalid, is not missing."""
    wrong = {error.pointer for error in value_errors}
    if not one_is_enough:
        if venue.address is not None or IN_PERSON.applies_to(venue):
            yield from _missing_parts(venue.address or Address(), wrong)
        return
    was_entered = "/address" in wrong or any(map(_is_of_place, wrong))
    if IN_PERSON.applies_to(venue) and not _can_be_found(venue) and not was_entered:
        yield missing(Stage.VENUE_SETUP, _LINE, "place")


def place_shares(venue: VenueSection, *, one_is_enough: bool) -> list[int]:
    """1 or 0 for each required input of the place, for the progress of the stage."""
    if not IN_PERSON.applies_to(venue):
        return []
    if one_is_enough:
        return [int(_can_be_found(venue))]
    address = venue.address or Address()
    return [int(address.line1 is not None), int(address.city is not None)]


def _can_be_found(venue: VenueSection) -> bool:
    address, geo = venue.address or Address(), venue.geo
    has_coordinates = geo is not None and geo.lat is not None and geo.lng is not None
    return address.line1 is not None or address.city is not None or has_coordinates


def _missing_parts(address: Address, wrong: set[str]) -> Iterator[FieldError]:
    if "/address" in wrong:
        return
    if address.line1 is None:
        yield missing(Stage.VENUE_SETUP, _LINE)
    if address.city is None:
        yield missing(Stage.VENUE_SETUP, _CITY)


def _is_of_place(pointer: str) -> bool:
    return any(is_at_or_below(pointer, place) for place in _ENTERED_AT)
