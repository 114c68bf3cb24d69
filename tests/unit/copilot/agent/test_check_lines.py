"""Findings of the publish checks: plain, or with links to the fields of the front end."""

from typing import Any
from urllib.parse import unquote

import pytest

from domain.json_values import JsonObject
from domain.stages import Stage
from domain.validation.check_codes import CHECK_TEXTS, Check
from domain.validation.texts import FIELD_ERROR_TEXTS
from tests.unit.copilot.agent.conversations import check, said, turn, words
from tests.unit.copilot.agent.test_results import after, problem

SESSION = "0b0e7c1a-0000-4000-8000-000000000001"


def finding(code: str, stage: Stage, pointer: str, **params: Any) -> Check:
    return check(code, stage).model_copy(update={"pointer": pointer, "params": params})


def errors(pointer: str) -> JsonObject:
    first = {"pointer": pointer, "code": "missing", "params": {}}
    return {"errors": 1, "first": first}


def line_of(found: Check, *, has_links: bool = True) -> str:
    asked = turn(said("what is missing"), tools=(), checks=[found], has_links=has_links)
    return words(asked).split("\n")[1]


@pytest.mark.parametrize(
    ("found", "fragment"),
    [
        (finding("sale_over", Stage.TICKET_SETUP, "/tiers/0/saleEnd"), "#field-tiers-0-saleEnd"),
        (finding("slug_taken", Stage.EVENT_SETUP, "/slug"), "#field-slug"),
        (
            finding(
                "payments_not_ready", Stage.TICKET_SETUP, "/tiers/0/unit_amount", reason="rejected"
            ),
            "#stripe",
        ),
        (
            finding("stage_invalid", Stage.EVENT_SETUP, "", **errors("/date")),
            "#field-date",
        ),
        (finding("cover_missing", Stage.SPONSORS_MEDIA, ""), ""),
    ],
)
def test_a_finding_links_to_its_field(found: Check, fragment: str) -> None:
    page = f"/s/{SESSION}/{found.stage.value}{fragment}"

    assert line_of(found).endswith(f"]({page})")


def test_a_finding_is_plain_for_other_clients() -> None:
    found = finding("slug_taken", Stage.EVENT_SETUP, "/slug")

    assert line_of(found, has_links=False) == (
        "- Event: Another event uses this address of its page. Choose another."
    )


def test_a_finding_that_begins_with_its_stage_names_it_once() -> None:
    found = finding("stage_invalid", Stage.VENUE_SETUP, "", **errors("/mode"))

    assert line_of(found) == (
        '- [Venue has 1 error. "How people attend" is required.]'
        f"(/s/{SESSION}/venueSetup#field-mode)"
    )


def test_a_key_that_a_person_typed_stays_within_its_link() -> None:
    key = ") [pay](https://evil.example) \n# <b>"
    line = line_of(finding("translation_unused", Stage.EVENT_SETUP, f"/translations/0/{key}"))

    address = line.rpartition("](")[2].removesuffix(")")
    assert all(mark not in address for mark in "()[] \n<>")
    assert line.count("](") == 1
    assert unquote(address.partition("#")[2]).endswith(
        f"field-translations-0-{key}".replace("/", "-")
    )


def test_no_message_has_the_brackets_of_a_link() -> None:
    for message in (*CHECK_TEXTS.values(), *FIELD_ERROR_TEXTS.values()):
        assert "[" not in message
        assert "]" not in message


def test_links_are_in_each_answer_about_checks() -> None:
    found = finding("slug_taken", Stage.EVENT_SETUP, "/slug")
    refused = problem(422, "publish_blocked")
    for asked in (
        turn(said("publish"), checks=[found], has_links=True),
        after("runChecks", {}, checks=[found], has_links=True),
        after("confirmPublish", refused, checks=[found], has_links=True),
    ):
        assert f"](/s/{SESSION}/eventSetup#field-slug)" in words(asked)
