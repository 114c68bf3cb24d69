"""What the demo prints: readable without colours, at most 100 columns wide."""

import httpx
import pytest

from dev.demo.screen import WIDTH, Screen
from domain.json_values import JsonObject

LONG = "word " * 60
COMPLETE = "http://api/v1/sessions/s/stages/ticketSetup/complete"
ERRORS = [
    {"pointer": "/tiers/0/unit_amount", "code": "amount_too_small", "message": "Too little."},
    {"pointer": "/title", "code": "missing", "message": "Title is required."},
]


def response(status: int, sent: JsonObject | None, answered: JsonObject) -> httpx.Response:
    request = httpx.Request("POST", COMPLETE, json=sent)
    return httpx.Response(status, json=answered, request=request)


def refused(sent: JsonObject | None, errors: list[dict[str, str]]) -> httpx.Response:
    problem = {"code": "stage_incomplete", "detail": "Correct the errors.", "errors": errors}
    return response(422, sent, problem)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


def test_refusal_shows_what_was_sent(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().refusal(refused({"data": {"title": "É"}}, ERRORS), "Why.")

    assert 'sent: {"data": {"title": "É"}}' in lines(capsys)


def test_refusal_without_a_body_shows_nothing_sent(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().refusal(refused(None, ERRORS), "Why.")

    assert "sent:" not in capsys.readouterr().out


def test_refusal_has_a_line_for_each_place_and_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen().refusal(refused({}, ERRORS), "Why.")

    assert lines(capsys)[-4:] == [
        "/tiers/0/unit_amount (amount_too_small)",
        "Too little.",
        "/title (missing)",
        "Title is required.",
    ]


def test_refusal_without_errors_shows_the_detail(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().refusal(refused({}, []), "Why.")

    assert lines(capsys)[-1] == "Correct the errors."


def test_refusal_names_the_revision_of_a_kept_draft(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().refusal(refused({}, ERRORS), "Why.", draft_revision=4)

    assert lines(capsys)[-1] == "The input is kept as a draft: revision 4."


def test_no_line_is_wider_than_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    error = {"pointer": "/a", "code": "missing", "message": LONG}
    screen.refusal(refused({"data": LONG}, [error]), LONG)
    screen.answer(response(200, {}, {}), "revision 1", LONG)
    screen.note(LONG)

    assert max(map(len, capsys.readouterr().out.splitlines())) <= WIDTH


def test_addresses_are_never_broken(capsys: pytest.CaptureFixture[str]) -> None:
    url = "http://127.0.0.1/" + "a" * 2 * WIDTH
    Screen().links({"A page": url})

    assert lines(capsys) == ["A page", url]


def test_what_opens_a_page_at_stripe_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    request = httpx.Request("POST", "http://stripe/onboarding/secret")
    Screen().answer(httpx.Response(303, request=request), "submitted")

    assert "/onboarding/…" in capsys.readouterr().out
