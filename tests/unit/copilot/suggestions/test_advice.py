"""Advice for findings, and the list of missing parts."""

from typing import Any, Final

import jsonschema_rs
import pytest
from hypothesis import given, settings

from copilot.suggestions.advice import Advice, advice_for, missing
from copilot.texts.advice import ADVICE_TEXTS
from copilot.tools import tool_named
from domain.errors import ErrorCode, FieldError
from domain.json_values import JsonObject
from domain.session.state import view_of
from domain.session.view import StageErrorView
from domain.stages import STAGES, Section, Stage
from domain.validation.check_codes import CHECK_TEXTS, Check, CheckCode, Severity
from domain.validation.texts import FIELD_ERROR_TEXTS, VARIANTS
from tests.unit.domain.samples import NOW, assessment_of, session, valid_sections
from tests.unit.domain.strategies import sections

PARAMS: Final[dict[str, Any]] = {"min": 3, "max": 5, "multiple_of": 2, "choices": ["a", "b"]}
SAVE_MEDIA: Final = "autosaveSponsorData"
FIELD: Final[dict[Stage, str]] = {
    Stage.ORGANIZER_SETUP: "/name",
    Stage.EVENT_SETUP: "/date",
    Stage.VENUE_SETUP: "/doorsTime",
    Stage.TICKET_SETUP: "/tiers/0/unit_amount",
    Stage.SPONSORS_MEDIA: "/media/cover/alt",
    Stage.REVIEW_PUBLISH: "/acceptedTerms",
}


def field_error(key: str, stage: Stage | None, pointer: str, **params: Any) -> FieldError:
    code, _, variant = key.partition(".")
    name = VARIANTS.get(ErrorCode(code))
    known = {**PARAMS, **({name: variant} if name and variant else {}), **params}
    if code in {"amount_too_small", "amount_not_chargeable"}:
        known["currency"] = "eur"
    if key == "too_large.total":
        known["currency"] = "eur"
    return FieldError(stage=stage, pointer=pointer, code=code, params=known, message="Wrong.")


def check(key: str, stage: Stage, pointer: str, **params: Any) -> Check:
    code, _, variant = key.partition(".")
    return Check(
        code=code,
        stage=stage,
        pointer=pointer,
        params={
            "currency": "EUR",
            **PARAMS,
            **({"reason": variant} if variant else {}),
            **params,
        },
        message="Wrong.",
        severity=Severity.BLOCK,
    )


def assert_is_complete(advice: Advice) -> None:
    assert advice.text.endswith(".")
    assert advice.text[0].isupper()
    assert "{" not in advice.text
    if advice.tool is None:
        assert advice.arguments == {}
        return
    tool = tool_named(advice.tool)
    assert tool is not None
    jsonschema_rs.validate({**tool.parameters, "required": []}, advice.arguments)


@pytest.mark.parametrize("key", sorted({*ErrorCode, *FIELD_ERROR_TEXTS}))
def test_every_field_error_has_advice(key: str) -> None:
    for stage, pointer in FIELD.items():
        advice = advice_for(field_error(key, stage, pointer))
        assert (advice.stage, advice.pointer) == (stage, pointer)
        assert_is_complete(advice)
    assert advice_for(field_error(key, None, "/body")).tool is None


@pytest.mark.parametrize("key", sorted({*CheckCode, *CHECK_TEXTS}))
def test_every_check_has_advice(key: str) -> None:
    for stage, pointer in FIELD.items():
        advice = advice_for(check(key, stage, pointer))
        assert (advice.stage, advice.pointer) == (stage, pointer)
        assert_is_complete(advice)


def test_every_text_belongs_to_a_code() -> None:
    codes = {*ErrorCode, *CheckCode}
    assert {key for key in ADVICE_TEXTS if key.partition(".")[0] not in codes} == set()


@settings(deadline=None)
@given(sections())
def test_findings_of_any_draft_have_advice(drafts: dict[Section, JsonObject]) -> None:
    assessment = assessment_of(drafts)
    for finding in assessment.checks:
        assert_is_complete(advice_for(finding, known=drafts))
    for assessed in assessment.stages.values():
        for error in assessed.errors:
            assert_is_complete(advice_for(error, known=drafts))


@pytest.mark.parametrize(
    "finding",
    [
        check("terms_not_accepted", Stage.REVIEW_PUBLISH, "/acceptedTerms"),
        check("terms_not_accepted.outdated", Stage.REVIEW_PUBLISH, "/acceptedTerms"),
        check("not_allowed", Stage.REVIEW_PUBLISH, ""),
        field_error("missing", Stage.REVIEW_PUBLISH, "/acceptedTerms"),
        field_error("terms_outdated", Stage.REVIEW_PUBLISH, "/acceptedTerms"),
        check("payments_not_ready.rejected", Stage.TICKET_SETUP, "/tiers"),
    ],
)
def test_decisions_of_people_have_no_tool(finding: Check | FieldError) -> None:
    assert advice_for(finding).tool is None


@pytest.mark.parametrize(
    ("finding", "tool", "arguments"),
    [
        (field_error("missing", Stage.EVENT_SETUP, "/title"), "autosaveEventData", {}),
        (field_error("missing", Stage.SPONSORS_MEDIA, "/media/cover/alt"), SAVE_MEDIA, {}),
        (field_error("missing.list", Stage.TICKET_SETUP, "/tiers"), "addTier", {}),
        (
            field_error("kind_mismatch.free", Stage.TICKET_SETUP, "/tiers/0/unit_amount"),
            "changeTier",
            {"tier": "tier-1"},
        ),
        (
            check("access_incomplete.venue_is_physical", Stage.TICKET_SETUP, "/tiers/0/access"),
            "changeTier",
            {"tier": "tier-1", "access": "in_person"},
        ),
        (
            check("currency_differs", Stage.TICKET_SETUP, "/currency"),
            "autosaveTicketData",
            {"currency": "eur"},
        ),
        (
            check("payments_not_ready.not_connected", Stage.TICKET_SETUP, "/tiers"),
            "connectPayments",
            {},
        ),
        (
            check("event_has_begun.publish_at", Stage.EVENT_SETUP, "/date"),
            "publishEvent",
            {},
        ),
    ],
)
def test_advice_names_the_tool_and_what_is_known(
    finding: Check | FieldError, tool: str, arguments: JsonObject
) -> None:
    advice = advice_for(finding, known=valid_sections())
    assert (advice.tool, advice.arguments) == (tool, arguments)


@pytest.mark.parametrize(
    ("key", "stage", "pointer", "text"),
    [
        (
            "invalid_format.time",
            Stage.EVENT_SETUP,
            "/startTime",
            "Start time: enter the value again, in another format. Example: 19:30.",
        ),
        (
            "invalid_choice.country",
            Stage.VENUE_SETUP,
            "/address/country",
            "Country: choose another value. Example: US.",
        ),
        (
            "invalid_choice.value",
            Stage.EVENT_SETUP,
            "/type",
            "Type: choose one of a, b.",
        ),
        (
            "missing",
            Stage.TICKET_SETUP,
            "/tiers/0/unit_amount",
            "Ticket price: enter a value.",
        ),
        (
            "missing",
            Stage.SPONSORS_MEDIA,
            "/media/gallery/0/alt",
            "Say what the image shows, in a few words.",
        ),
        (
            "amount_too_small",
            Stage.TICKET_SETUP,
            "/tiers/0/unit_amount",
            "Ticket price: enter at least 0.03 EUR, or 0 for a free ticket.",
        ),
    ],
)
def test_advice_says_what_to_enter(key: str, stage: Stage, pointer: str, text: str) -> None:
    assert advice_for(field_error(key, stage, pointer)).text == text


def test_an_invalid_stage_has_the_advice_of_its_first_error() -> None:
    first = {"pointer": "/title", "code": "too_short", "params": {"min": 3}}
    finding = check("stage_invalid", Stage.EVENT_SETUP, "", errors=2, first=first)
    advice = advice_for(finding)
    assert (advice.pointer, advice.text) == ("/title", "Title: enter at least 3 characters.")


def test_an_error_of_a_view_belongs_to_the_given_stage() -> None:
    error = StageErrorView(pointer="/capacity", code="too_small", params={"min": 1}, message="No.")
    advice = advice_for(error, Stage.VENUE_SETUP)
    assert (advice.stage, advice.tool) == (Stage.VENUE_SETUP, "autosaveVenueData")


def test_missing_parts_are_listed_once_in_order() -> None:
    empty = session(current_stage=Stage.ORGANIZER_SETUP)
    parts = missing(view_of(empty, NOW), assessment_of(empty.sections).checks)

    assert [part.stage.position for part in parts] == sorted(part.stage.position for part in parts)
    places = [(part.stage, part.pointer) for part in parts]
    assert len(set(places)) == len(places)
    assert {part.stage for part in parts} == set(STAGES)
    required = {(Stage.ORGANIZER_SETUP, "/name"), (Stage.EVENT_SETUP, "/title")}
    assert required <= set(places)


def test_warnings_follow_what_blocks() -> None:
    drafts = valid_sections(sponsor={"media": {"gallery": [{"url": "https://example.com/a"}]}})
    state = session(sections=drafts, terms_current=True, tiers_issued=1)
    parts = missing(view_of(state, NOW), assessment_of(drafts).checks)

    assert [(part.pointer, part.severity) for part in parts] == [
        ("/media/gallery/0/alt", Severity.BLOCK),
        ("/media/cover", Severity.WARN),
    ]
