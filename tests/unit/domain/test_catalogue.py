"""What clients are told about the wizard: complete, and the same as what the rules do."""

import json
from typing import Any

import pytest

from domain import errors, wizard_description
from domain.stages import SECTION_OF, STAGE_OF, STAGES, WEIGHTS, Section, Stage
from domain.validation import check_codes
from domain.values import money
from domain.wizard_description import describe_wizard
from tests.unit.domain.samples import errors_of, valid_section


def test_the_stages_are_told_in_their_order() -> None:
    told = describe_wizard()["stages"]
    assert [(each["stage"], each["section"], each["weight"]) for each in told] == [
        ("organizerSetup", "organizer", 15),
        ("eventSetup", "event", 20),
        ("venueSetup", "venue", 15),
        ("ticketSetup", "ticket", 20),
        ("sponsorsMedia", "sponsor", 15),
        ("reviewPublish", "review", 15),
    ]
    assert all(each["title"] for each in told)
    assert sum(WEIGHTS.values()) == 100


def test_stages_and_sections_belong_together_one_to_one() -> None:
    assert list(SECTION_OF) == list(STAGES)
    assert list(STAGE_OF) == list(Section)
    assert all(STAGE_OF[stage.section] is stage for stage in STAGES)
    assert [stage.position for stage in STAGES] == list(range(6))
    assert [stage.next for stage in STAGES] == [*STAGES[1:], None]


def test_it_is_json_and_a_caller_cannot_change_it() -> None:
    told = describe_wizard()
    assert json.loads(json.dumps(told)) == told
    told["stages"] = []
    assert describe_wizard()["stages"]


@pytest.mark.parametrize("name", wizard_description.ENUMS)
def test_every_choice_is_told(name: str) -> None:
    assert describe_wizard()["enums"][name] == list(wizard_description.ENUMS[name])


def test_every_code_is_told_with_its_meaning() -> None:
    told = describe_wizard()
    assert told["error_codes"].keys() == set(errors.ErrorCode)
    assert told["check_codes"].keys() == set(check_codes.CheckCode)
    assert all(each["meaning"].endswith(".") for each in told["check_codes"].values())


def test_currencies_are_those_that_can_be_charged_with_their_rules() -> None:
    told = {each["code"]: each for each in describe_wizard()["currencies"]}
    assert told.keys() == money.STRIPE_CURRENCIES
    assert told["usd"] == {
        "code": "usd",
        "decimals": 2,
        "multiple_of": 1,
        "minimum_amount": 50,
        "maximum_amount": 99_999_999,
    }
    assert (told["jpy"]["decimals"], told["kwd"]["multiple_of"]) == (0, 10)


def test_the_defaults_and_limits_are_those_of_the_rules() -> None:
    told = describe_wizard()
    assert (told["default_currency"], told["default_timezone"]) == ("usd", "America/New_York")
    assert told["limits"] == {
        "section_bytes": 65_536,
        "nesting_depth": 16,
        "number": 2**53 - 1,
        "years_ahead": 10,
        "venue_capacity": 1_000_000,
        "tiers": 50,
        "unit_amount": 99_999_999,
        "sponsors": 50,
        "gallery": 20,
    }


@pytest.mark.parametrize("stage", STAGES[:4])
def test_a_schema_asks_for_the_fields_that_a_valid_stage_has(stage: Stage) -> None:
    schema: dict[str, Any] = describe_wizard()["stages"][stage.position]["schema"]
    assert schema["additionalProperties"] is False
    for name in schema["required"]:
        section = valid_section(stage, **{name: None})
        assert (f"/{name}", "missing") in errors_of(stage, section)
    optional = {name for name in schema["properties"] if name not in schema["required"]}
    if "allOf" not in schema:
        section = valid_section(stage, **dict.fromkeys(optional))
        assert errors_of(stage, section) == []


def test_the_venue_is_asked_for_what_its_mode_needs() -> None:
    schema = describe_wizard()["stages"][Stage.VENUE_SETUP.position]["schema"]
    asked = {
        tuple(sorted(rule["if"]["properties"]["mode"]["enum"])): rule["then"]["required"]
        for rule in schema["allOf"]
    }
    assert asked == {("hybrid", "physical"): ["name", "address"], ("hybrid", "virtual"): ["url"]}
