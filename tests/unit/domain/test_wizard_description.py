"""The description of the wizard: complete, and consistent with the rules."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest

from domain import errors, wizard_description
from domain.schemas.base import SchemaModel, fields_of
from domain.stages import SECTION_OF, STAGE_OF, STAGES, WEIGHTS, Section, Stage
from domain.validation import check_codes
from domain.values import money
from domain.wizard_description import describe_wizard
from tests.unit.domain.filled_sections import SCHEMAS, types_in
from tests.unit.domain.samples import errors_of, valid_section


def test_stages_are_listed_in_order() -> None:
    stages = describe_wizard()["stages"]
    assert [(stage["stage"], stage["section"], stage["weight"]) for stage in stages] == [
        ("organizerSetup", "organizer", 15),
        ("eventSetup", "event", 20),
        ("venueSetup", "venue", 15),
        ("ticketSetup", "ticket", 20),
        ("sponsorsMedia", "sponsor", 15),
        ("reviewPublish", "review", 15),
    ]
    assert all(stage["title"] for stage in stages)
    assert sum(WEIGHTS.values()) == 100


def test_stages_and_sections_belong_together_one_to_one() -> None:
    assert list(SECTION_OF) == list(STAGES)
    assert list(STAGE_OF) == list(Section)
    assert all(STAGE_OF[stage.section] is stage for stage in STAGES)
    assert [stage.position for stage in STAGES] == list(range(6))
    assert [stage.next for stage in STAGES] == [*STAGES[1:], None]


def test_description_is_json_that_callers_cannot_change() -> None:
    description = describe_wizard()
    assert json.loads(json.dumps(description)) == description
    description["stages"] = []
    assert describe_wizard()["stages"]


@pytest.mark.parametrize("name", wizard_description.ENUMS)
def test_enums_list_every_choice(name: str) -> None:
    assert describe_wizard()["enums"][name] == list(wizard_description.ENUMS[name])


def test_enums_of_all_schemas_are_listed() -> None:
    assert set(wizard_description.ENUMS.values()) == {
        enum
        for schema in SCHEMAS.values()
        for enum in types_of_fields(schema)
        if issubclass(enum, StrEnum)
    }


def types_of_fields(model: type[SchemaModel]) -> Iterator[type]:
    for rule in fields_of(model):
        yield from types_in(model.model_fields[rule.name].annotation)
        if rule.model is not None:
            yield from types_of_fields(rule.model)


def test_every_code_has_a_meaning() -> None:
    description = describe_wizard()
    assert description["error_codes"].keys() == set(errors.ErrorCode)
    assert description["check_codes"].keys() == set(check_codes.CheckCode)
    assert all(code["meaning"].endswith(".") for code in description["check_codes"].values())


def test_currencies_are_the_chargeable_ones_with_their_rules() -> None:
    currencies = {currency["code"]: currency for currency in describe_wizard()["currencies"]}
    assert currencies.keys() == money.STRIPE_CURRENCIES
    assert currencies["usd"] == {
        "code": "usd",
        "decimals": 2,
        "multiple_of": 1,
        "minimum_amount": 50,
        "maximum_amount": 99_999_999,
    }
    assert currencies["idr"]["maximum_amount"] == 999_999_999_999
    assert (currencies["jpy"]["decimals"], currencies["kwd"]["multiple_of"]) == (0, 10)


def test_defaults_and_limits_are_those_of_the_rules() -> None:
    description = describe_wizard()
    assert (description["default_currency"], description["default_timezone"]) == (
        "usd",
        "America/New_York",
    )
    assert description["limits"] == {
        "section_bytes": 98_304,
        "sections_bytes": 393_216,
        "nesting_depth": 16,
        "number": 2**53 - 1,
        "years_ahead": 10,
        "venue_capacity": 1_000_000,
        "tiers": 50,
        "unit_amount": 999_999_999_999,
        "sponsors": 50,
        "gallery": 20,
        "performers": 20,
        "organizers": 10,
        "opening_hours": 60,
        "translations": 5,
    }


@pytest.mark.parametrize("stage", STAGES[:4])
def test_schema_requires_the_fields_of_a_valid_stage(stage: Stage) -> None:
    schema: dict[str, Any] = describe_wizard()["stages"][stage.position]["schema"]
    assert schema["additionalProperties"] is False
    for name in schema["required"]:
        section = valid_section(stage, **{name: None})
        assert (f"/{name}", "missing") in errors_of(stage, section)
    optional = {name for name in schema["properties"] if name not in schema["required"]}
    if "allOf" not in schema:
        section = valid_section(stage, **dict.fromkeys(optional))
        assert errors_of(stage, section) == []


def test_venue_schema_requires_the_fields_of_the_mode() -> None:
    schema = describe_wizard()["stages"][Stage.VENUE_SETUP.position]["schema"]
    required = {
        tuple(sorted(rule["if"]["properties"]["mode"]["enum"])): rule["then"]["required"]
        for rule in schema["allOf"]
    }
    assert required == {("hybrid", "physical"): ["name", "address"], ("hybrid", "virtual"): ["url"]}


def test_every_address_of_a_picture_has_the_pattern_of_stored_ones_too() -> None:
    schemas = {stage["stage"]: stage["schema"] for stage in describe_wizard()["stages"]}
    patterns = {
        definition: schema["properties"]["url"]["pattern"]
        for stage in (Stage.ORGANIZER_SETUP, Stage.SPONSORS_MEDIA)
        for definition, schema in schemas[stage]["$defs"].items()
        if definition in ("Logo", "Image")
    }
    assert patterns == dict.fromkeys(("Logo", "Image"), "^(https://|/media/)")
