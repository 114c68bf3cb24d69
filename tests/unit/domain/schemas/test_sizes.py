"""The limits of the fields fit into the limit of a section, in letters of any script."""

from typing import Any, Final

import pytest

from domain.json_values import JsonObject
from domain.schemas import INPUT_SCHEMAS
from domain.schemas.base import SchemaModel, fields_of
from domain.schemas.sponsor import MAX_SPONSORS
from domain.schemas.ticket import MAX_TIERS
from domain.stages import Stage
from domain.validation.drafts import (
    MAX_SECTION_BYTES,
    MAX_SECTIONS_BYTES,
    apply_patch,
    check_total_size,
    size_of,
)
from domain.validation.parsing import parse_section
from tests.unit.domain.samples import NOW

EMOJI: Final = "\U0001f389"
"""Four bytes in UTF-8, as the longest characters are."""
CHINESE: Final = "\u4e00"

FORMATTED: Final[dict[str, str]] = {
    "email": "show@" + "e" * 60 + ".example",
    "phone": "+4912345678901234",
    "timezone": "America/Argentina/ComodRivadavia",
    "language": "de-Latn-DE-1996-x-abcdefgh-abcdefgh",
    "country": "FR",
    "currency": "eur",
    "slug": "s" * 50,
    "date": "2030-05-09",
    "endDate": "2030-05-10",
    "startTime": "19:30",
    "endTime": "23:15",
    "doorsTime": "18:45",
    "opens": "10:00",
    "closes": "18:00",
    "hashtag": "\u0905" * 100,
    "id": "tier-999999999",
    "saleStart": "2030-03-02T10:00:00.123456-04:00",
    "saleEnd": "2030-05-01T10:00:00.123456-04:00",
}
"""The longest values of fields with a format of their own."""


LISTS: Final = frozenset({"performers", "organizers", "openingHours", "translations"})
"""Of the event; not everything fits beside them in letters of any script."""


def longest(
    model: type[SchemaModel], *, letter: str = EMOJI, omitted: frozenset[str] = LISTS
) -> JsonObject:
    """An object in which every field has its longest value."""
    properties = model.model_json_schema()
    section: JsonObject = {}
    for rule in fields_of(model):
        if rule.alias in omitted:
            continue
        schema = _alternative(properties["properties"][rule.alias])
        value: Any = (
            longest(rule.model, letter=letter)
            if rule.model
            else _longest_value(rule.alias, schema, letter)
        )
        section[rule.alias] = (
            [value] * schema["maxItems"] if schema.get("type") == "array" else value
        )
    return section


def _alternative(schema: JsonObject) -> JsonObject:
    """Without null."""
    return next(
        (option for option in schema.get("anyOf", ()) if option.get("type") != "null"), schema
    )


def _longest_value(name: str, schema: JsonObject, letter: str) -> Any:
    if schema.get("type") == "array":
        schema = schema["items"]
    if name in FORMATTED:
        return FORMATTED[name]
    if schema.get("type") == "boolean":
        return True
    if name == "tiers":
        longest_name = letter * schema["additionalProperties"]["maxLength"]
        return {f"tier-{number}": longest_name for number in range(schema["maxProperties"])}
    if schema.get("type") in ("number", "integer", ["integer", "null"]):
        return schema["maximum"]
    if schema.get("format") in ("uri", "uri-reference"):
        return "https://example.com/".ljust(schema["maxLength"], "a")
    return letter * schema["maxLength"] if "maxLength" in schema else _choice(name)


def _choice(name: str) -> str:
    return {
        "type": "fashion_show",
        "visibility": "unlisted",
        "mode": "physical",
        "kind": "donation",
        "access": "in_person",
    }[name]


@pytest.mark.parametrize("stage", [Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.VENUE_SETUP])
def test_longest_values_of_all_fields_fit_into_a_section(stage: Stage) -> None:
    section = longest(INPUT_SCHEMAS[stage])

    draft = apply_patch(stage, {}, section, now=NOW, tiers_issued=0)

    codes = {error.code for error in parse_section(stage, INPUT_SCHEMAS[stage], draft.data).errors}
    assert not codes & {"too_long", "too_many", "too_large"}
    assert size_of(draft.data) <= MAX_SECTION_BYTES


def test_longest_latin_values_of_an_event_fit_with_full_lists() -> None:
    model = INPUT_SCHEMAS[Stage.EVENT_SETUP]
    section = longest(model, letter="a", omitted=frozenset())

    assert len(section["translations"]) * len(section["translations"][0]["tiers"]) == 5 * MAX_TIERS
    codes = {error.code for error in parse_section(Stage.EVENT_SETUP, model, section).errors}
    assert not codes & {"too_long", "too_many", "too_large"}
    assert size_of(section) <= MAX_SECTION_BYTES


@pytest.mark.parametrize("letter", ["a", "\u0416"])
def test_longest_values_of_all_tickets_fit_in_alphabets(letter: str) -> None:
    model = INPUT_SCHEMAS[Stage.TICKET_SETUP]
    section = longest(model, letter=letter)

    assert len(section["tiers"]) == MAX_TIERS
    codes = {error.code for error in parse_section(Stage.TICKET_SETUP, model, section).errors}
    assert not codes & {"too_long", "too_many", "too_large"}
    assert size_of(section) <= MAX_SECTION_BYTES


def translated_event() -> JsonObject:
    """An event with as many translations as possible, all in letters of three bytes."""
    texts = {"title": CHINESE * 20, "summary": CHINESE * 140, "description": CHINESE * 4_000}
    names = {f"tier-{number}": CHINESE * 10 for number in range(1, 11)}
    return {
        **texts,
        "translations": [
            {"language": language, **texts, "tiers": names}
            for language in ("ja", "ko", "zh-Hans", "zh-Hant", "th")
        ],
        "performers": [{"name": CHINESE * 20, "url": "https://example.com/"}] * 20,
    }


def tickets(description: str, **fields: Any) -> JsonObject:
    return {
        "tiers": [
            {
                "id": f"tier-{number}",
                "name": f"{CHINESE * 20} {number}",
                "kind": "paid",
                "unit_amount": 12_500,
                "quantity": 1_000_000,
                "minPerOrder": 1,
                "maxPerOrder": 100,
                "saleStart": "2030-03-02T10:00",
                "saleEnd": "2030-05-01T10:00",
                "access": "in_person",
                "visibility": "visible",
                "description": description,
                **fields,
            }
            for number in range(1, MAX_TIERS + 1)
        ]
    }


def sponsors(address: str) -> JsonObject:
    return {
        "sponsors": [
            {
                "name": f"{CHINESE * 20} {number}",
                "tier": "gold",
                "logo": {"url": address, "alt": CHINESE * 20},
            }
            for number in range(MAX_SPONSORS)
        ]
    }


FULL_LISTS: Final = {
    Stage.EVENT_SETUP: translated_event(),
    Stage.TICKET_SETUP: tickets(CHINESE * 500),
    Stage.SPONSORS_MEDIA: sponsors("https://example.com/?signature=".ljust(1_600, "a")),
}


@pytest.mark.parametrize("stage", FULL_LISTS)
def test_full_list_of_long_entries_fits_into_a_section(stage: Stage) -> None:
    draft = apply_patch(stage, {}, FULL_LISTS[stage], now=NOW, tiers_issued=MAX_TIERS)

    errors = parse_section(stage, INPUT_SCHEMAS[stage], draft.data).errors
    assert {error.code for error in errors} <= {"missing"}
    assert size_of(draft.data) <= MAX_SECTION_BYTES


def test_sections_with_their_longest_values_fit_into_a_session() -> None:
    plain = (Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.VENUE_SETUP)
    sections = [longest(INPUT_SCHEMAS[stage]) for stage in plain]

    check_total_size(map(size_of, [*sections, *FULL_LISTS.values()]))

    assert sum(map(size_of, sections)) < MAX_SECTIONS_BYTES
