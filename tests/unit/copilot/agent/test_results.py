"""Results of tools: refusals become questions, and a publication is confirmed as it was checked."""

from typing import Any

import pytest

from copilot.context import checks_digest
from copilot.conversation import ChatMessage, Role, ToolCall, Turn
from copilot.tools import TOOLS, Tool
from domain.json_values import JsonObject
from domain.stages import Stage
from domain.validation.check_codes import Check
from tests.unit.copilot.agent.conversations import (
    answered,
    calls,
    check,
    error,
    replies,
    result,
    said,
    turn,
    words,
)


def after(tool: str, body: object, arguments: JsonObject | None = None, **changed: Any) -> Turn:
    """A turn that ends with the result of a call."""
    call = ToolCall("call-1", tool, arguments or {})
    return turn(said("…"), answered("", call), result("call-1", body), **changed)


def problem(status: int, code: str, *errors: JsonObject) -> JsonObject:
    return {"status": status, "code": code, "title": "…", "errors": list(errors)}


def field(pointer: str, code: str, **params: Any) -> JsonObject:
    return {"stage": "eventSetup", "pointer": pointer, "code": code, "params": params}


MISSING_TITLE = problem(422, "stage_incomplete", field("/title", "missing"))
SHORT_TITLE = problem(422, "invalid_request", field("/title", "too_short", min=3))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (MISSING_TITLE, '"Title" is required.\nWhat is the new value of "Title"?'),
        (SHORT_TITLE, '"Title" must be at least 3 characters.\nWhat is the new value of "Title"?'),
        (problem(422, "stage_incomplete", field("/tiers", "missing", expected="list")), "ticket"),
        (problem(422, "stage_incomplete", field("/acceptTerms", "missing")), "Only you can accept"),
        (
            problem(422, "stage_incomplete", field("/acceptedTerms", "missing")),
            "Only you can accept",
        ),
        (problem(422, "invalid_request", field("/title", "no_such_code")), '"Title" is not valid.'),
        (problem(409, "stage_mismatch"), "The session is at Organizer"),
        (problem(409, "publishing"), "Wait until it is published"),
        (problem(409, "session_closed"), '"new event"'),
        (problem(409, "slug_taken"), '"set the address of its page to'),
        (problem(412, "revision_conflict"), "another person"),
        (problem(413, "payload_too_large"), "shorter"),
        (problem(429, "rate_limited"), '"try again"'),
        (problem(503, "unavailable"), '"try again"'),
        (problem(500, "internal_error"), "refused"),
        (problem(404, "revision_not_found"), "no earlier state"),
    ],
)
def test_a_refusal_says_the_way_out(body: JsonObject, expected: str) -> None:
    asked = after("completeEventSetup", body)
    assert calls(asked) == []
    assert expected in words(asked)


def test_a_blocked_publication_names_its_checks() -> None:
    checks = [check("sale_over", Stage.TICKET_SETUP)]
    asked = after("confirmPublish", problem(422, "publish_blocked"), checks=checks)
    assert "Tickets: The sale of this ticket is over" in words(asked)


def test_a_handler_that_fails_is_a_refusal() -> None:
    failed = ChatMessage("r", Role.TOOL, "Error: not found", call_id="call-1")
    call = ToolCall("call-1", "undoLast", {})
    assert "refused" in words(turn(said("undo"), answered("", call), failed))


@pytest.mark.parametrize("code", ["rate_limited", "unavailable", "revision_conflict"])
def test_a_refused_call_is_repeated_when_asked(code: str) -> None:
    call = ToolCall("call-1", "autosaveEventData", {"title": "Hats"})
    refused = (said("…"), answered("", call), result("call-1", problem(503, code)))
    again = turn(*refused, answered("…"), said("try again", 2))
    assert calls(again) == [("autosaveEventData", {"title": "Hats"})]


def test_undoing_is_not_repeated_unseen() -> None:
    call = ToolCall("call-1", "undoLast", {})
    refused = (said("undo"), answered("", call), result("call-1", problem(503, "unavailable")))
    assert calls(turn(*refused, answered("…"), said("try again", 2))) == []


def test_a_saved_value_is_named_with_the_next_step() -> None:
    asked = after(
        "autosaveEventData", {}, {"startTime": "19:00"}, errors=[error("/title", "missing")]
    )
    assert words(asked) == 'Saved: Starts.\nNext: "Title" is required.'
    asked = after("autosaveEventData", {}, {"title": "Hats"})
    assert 'Say "continue"' in words(asked)


def test_a_completed_stage_is_named() -> None:
    assert words(after("completeVenueSetup", {}, completed_stages=list(Stage))) == (
        "Venue is complete."
    )


def test_the_checks_are_listed() -> None:
    checks = [
        check("sale_over", Stage.TICKET_SETUP),
        check("cover_missing", Stage.SPONSORS_MEDIA, "warn"),
    ]
    for tool in ("runChecks", "whatIsMissing"):
        listed = words(after(tool, {}, checks=checks))
        assert listed.index("sale of this ticket") < listed.index("no cover")
    assert "Nothing is missing" in words(after("runChecks", {}))


def test_a_field_is_explained() -> None:
    arguments = {"stage": "eventSetup", "pointer": "/slug"}
    assert words(after("explainField", {}, arguments)) == "About eventSetup/slug."


TERMS = check("terms_not_accepted", Stage.REVIEW_PUBLISH)
WARNING = check("cover_missing", Stage.SPONSORS_MEDIA, "warn")


def test_nothing_is_published_while_a_check_blocks() -> None:
    asked = turn(said("publish"), checks=[TERMS, check("sale_over", Stage.TICKET_SETUP)])
    assert calls(asked) == []
    assert "The sale of this ticket is over" in words(asked)


def test_terms_are_left_to_the_confirmation() -> None:
    asked = turn(said("publish"), checks=[TERMS, WARNING])
    assert calls(asked) == [("publishEvent", {})]
    assert "You accept the terms" in words(asked)


@pytest.mark.parametrize("when", ["publish tomorrow-ish", "publish It starts at 19:00"])
def test_an_uncertain_time_is_asked(when: str) -> None:
    assert calls(turn(said(when))) == []
    assert "Give the day and the time" in words(turn(said(when)))


def confirmation(revision: int, checks: list[Check], *, confirmed: bool = True) -> JsonObject:
    digest = checks_digest(revision, checks)
    return {"confirmed": confirmed, "revision": revision, "checks_digest": digest}


def test_a_confirmed_publication_names_what_was_checked() -> None:
    seen = confirmation(7, [WARNING])
    asked = after("publishEvent", seen, {"publish_at": "2030-03-08T19:00:00Z"}, checks=[WARNING])
    named = {"revision": 7, "checks_digest": seen["checks_digest"]}
    assert calls(asked) == [("confirmPublish", {**named, "publish_at": "2030-03-08T19:00:00Z"})]


@pytest.mark.parametrize(
    ("seen", "checks"),
    [
        (confirmation(6, []), []),
        (confirmation(7, []), [WARNING]),
        (confirmation(7, [TERMS]), [TERMS]),
        ({"confirmed": True}, []),
        ({"confirmed": True, "revision": "7", "checks_digest": None}, []),
        (confirmation(7, [], confirmed=False), []),
        ({}, []),
    ],
)
def test_another_confirmation_publishes_nothing(seen: JsonObject, checks: list[Check]) -> None:
    asked = after("publishEvent", seen, checks=checks)
    assert calls(asked) == []
    assert words(asked)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
@pytest.mark.parametrize("value", [[], {"a": 1}, [["x"]], 5, None, True], ids=repr)
def test_values_of_other_types_are_no_failure(tool: Tool, value: Any) -> None:
    """A client sends the messages, and a language model may have made the calls."""
    names = (*tool.parameters.get("properties", {}), "stage", "data", "name", "tier_id")
    arguments = dict.fromkeys(names, value)
    answer = dict.fromkeys(
        ("status", "code", "title", "errors", "checks", "stages", "event"), value
    )

    for body in (value, answer, {**answer, "status": 422}, {**answer, "errors": [value]}):
        assert replies(after(tool.name, body, arguments)) is not None
