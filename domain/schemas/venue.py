"""Stage ``venueSetup``: a place, an online address, or both."""

from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import Field

from domain.json_values import JsonObject
from domain.schemas.base import REQUIRED, Required, SchemaModel
from domain.schemas.fields import (
    MANY_LINES,
    ONE_LINE,
    STRICT,
    Country,
    Float,
    Int,
    LocalTime,
    Url,
)

MAX_CAPACITY: Final = 1_000_000


class VenueMode(StrEnum):
    PHYSICAL = "physical"
    VIRTUAL = "virtual"
    HYBRID = "hybrid"


IN_PERSON: Final = Required("mode", (VenueMode.PHYSICAL, VenueMode.HYBRID))
ONLINE: Final = Required("mode", (VenueMode.VIRTUAL, VenueMode.HYBRID))

ONLINE_FIELDS: Final = ("url", "platform", "access_note")
IN_PERSON_FIELDS: Final = ("name", "address", "geo", "capacity", "accessibility", "doors_time")


_ONE_OF: Final = "A place needs one of `line1`, `city` and the coordinates in `geo`"


class Address(SchemaModel):
    line1: Annotated[
        Annotated[str, STRICT, Field(min_length=1, max_length=200), ONE_LINE] | None,
        Field(description=_ONE_OF),
    ] = None
    line2: Annotated[str, STRICT, Field(max_length=200), ONE_LINE] | None = None
    city: Annotated[
        Annotated[str, STRICT, Field(min_length=1, max_length=100), ONE_LINE] | None,
        Field(description=_ONE_OF),
    ] = None
    region: Annotated[str, STRICT, Field(max_length=100), ONE_LINE] | None = None
    postal_code: Annotated[str, STRICT, Field(max_length=20), ONE_LINE] | None = None
    country: Annotated[Country | None, REQUIRED] = None


class Geo(SchemaModel):
    lat: Annotated[
        Annotated[Float, Field(ge=-90, le=90)] | None,
        REQUIRED,
        Field(description="Latitude in degrees (WGS 84)"),
    ] = None
    lng: Annotated[
        Annotated[Float, Field(ge=-180, le=180)] | None,
        REQUIRED,
        Field(description="Longitude in degrees (WGS 84)"),
    ] = None


class VenueSection(SchemaModel):
    """The venue. Fields that do not apply to the chosen `mode` are kept, but not published."""

    # The rule is checked by domain/validation/places.py.
    schema_rules: ClassVar[JsonObject] = {
        "if": {
            "properties": {"mode": {"enum": list(IN_PERSON.values)}},
            "required": ["mode"],
        },
        "then": {
            "anyOf": [
                {"required": ["geo"]},
                *(
                    {"properties": {"address": {"required": [part]}}, "required": ["address"]}
                    for part in ("line1", "city")
                ),
            ]
        },
    }

    mode: Annotated[VenueMode | None, REQUIRED] = None
    name: Annotated[
        Annotated[str, STRICT, Field(min_length=1, max_length=150), ONE_LINE] | None, IN_PERSON
    ] = None
    address: Annotated[Address | None, IN_PERSON] = None
    geo: Geo | None = None
    capacity: Annotated[Int, Field(ge=1, le=MAX_CAPACITY)] | None = None
    accessibility: Annotated[str, STRICT, Field(max_length=1000), MANY_LINES] | None = None
    doors_time: Annotated[
        LocalTime | None,
        Field(
            description=(
                "On the day of the start; if it is a later time of day than the start, on the "
                "evening before, at most 12 hours earlier"
            )
        ),
    ] = None
    url: Annotated[Url | None, ONLINE] = None
    platform: Annotated[str, STRICT, Field(max_length=100), ONE_LINE] | None = None
    access_note: Annotated[str, STRICT, Field(max_length=1000), MANY_LINES] | None = None
