"""What a venue in person needs to be found: one of address line, city and coordinates."""

from typing import Any

import pytest

from domain.json_values import JsonObject
from domain.schemas.venue import VenueSection
from domain.stages import Stage
from tests.unit.domain.samples import HYBRID, VIRTUAL, assessment_of, errors_of, valid_sections

VENUE = Stage.VENUE_SETUP
HERE = {"lat": 14.5, "lng": -14.45}
HALL = {"mode": "physical", "name": "Great Hall"}


def place(geo: JsonObject | None = None, **address: Any) -> JsonObject:
    venue = {**HALL, "address": {"country": "SN", **address}}
    return venue if geo is None else {**venue, "geo": geo}


@pytest.mark.parametrize(
    "venue",
    [
        place(line1="Route de Kaolack"),
        place(city="Touba"),
        place(HERE),
        {**place(HERE), "mode": "hybrid", "url": HYBRID["url"]},
        {**VIRTUAL, "address": {"country": "SN"}},
        VIRTUAL,
    ],
)
def test_one_way_to_find_the_venue_is_enough(venue: JsonObject) -> None:
    assert errors_of(VENUE, venue) == []
    assessment = assessment_of(valid_sections(venue=venue))
    assert assessment.completion_details[VENUE] == 100
    assert assessment.blocking == []


@pytest.mark.parametrize(
    ("venue", "expected"),
    [
        (place(), [("/address/line1", "missing")]),
        (place(region="Diourbel", postalCode="20100"), [("/address/line1", "missing")]),
        (place(line1="\n", city="  "), [("/address/line1", "missing")]),
        (HALL, [("/address/country", "missing"), ("/address/line1", "missing")]),
        ({**HALL, "geo": HERE}, [("/address/country", "missing")]),
        ({**HALL, "address": "Touba"}, [("/address", "invalid_type")]),
        (place(line1=5), [("/address/line1", "invalid_type")]),
        (place(city="a\tb"), [("/address/city", "invalid_character")]),
        (place({"lat": 14.5}), [("/geo/lng", "missing")]),
        (place({"lat": 14.5}, city="Touba"), [("/geo/lng", "missing")]),
    ],
)
def test_venue_that_cannot_be_found_has_one_error(
    venue: JsonObject, expected: list[tuple[str, str]]
) -> None:
    assert errors_of(VENUE, venue) == expected


def test_the_error_names_every_way_to_find_the_venue() -> None:
    (error,) = assessment_of(valid_sections(venue=place())).stages[VENUE].errors
    assert error.message == "Enter an address line, a city or coordinates."


def test_run_of_an_earlier_version_needs_line_and_city() -> None:
    def found(venue: JsonObject) -> list[tuple[str, str]]:
        return errors_of(VENUE, venue, follows_real_events=False)

    assert found(place(HERE)) == [("/address/line1", "missing"), ("/address/city", "missing")]
    assert found(place(city="Touba")) == [("/address/line1", "missing")]
    assert found({**VIRTUAL, "address": {"country": "SN"}}) == [
        ("/address/line1", "missing"),
        ("/address/city", "missing"),
    ]
    earlier = assessment_of(
        valid_sections(venue={**HALL, "address": {"city": "Rome"}}), follows_real_events=False
    )
    assert earlier.completion_details[VENUE] == 60


def test_schema_has_the_rule_of_one_way() -> None:
    schema = VenueSection.model_json_schema()
    assert schema["if"]["properties"]["mode"]["enum"] == ["physical", "hybrid"]
    parts = schema["then"]["anyOf"]
    assert [part["required"] for part in parts] == [["geo"], ["address"], ["address"]]
    assert [part["properties"]["address"]["required"] for part in parts[1:]] == [
        ["line1"],
        ["city"],
    ]
