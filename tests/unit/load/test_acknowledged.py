"""What was acknowledged, against a row or view."""

from typing import Any

import pytest

from domain.stages import Stage
from tests.load.acknowledged import SessionRecord, lost_from
from tests.load.answers import Outcome, outcome_of


def record() -> SessionRecord:
    """Its last save was not answered."""
    session = SessionRecord("1", "organization-1")
    session.tries("one")
    session.saved("one", 3)
    session.completed.add(Stage.ORGANIZER_SETUP)
    session.status = "abandoned"
    session.tries("two")
    return session


KEPT = {
    "revision": 3,
    "title": "one",
    "completed_stages": ["organizerSetup"],
    "status": "abandoned",
}


@pytest.mark.parametrize(
    "found", [KEPT, {**KEPT, "revision": 4, "title": "two"}], ids=["kept", "unanswered took effect"]
)
def test_a_session_with_everything_lacks_nothing(found: dict[str, Any]) -> None:
    assert list(lost_from(record(), found)) == []


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"revision": 2}, "revision 3, it is 2"),
        ({"title": None}, "one of the titles ['one', 'two'], it is None"),
        ({"completed_stages": []}, "completed stages ['organizerSetup']"),
        ({"status": "in_progress"}, "status abandoned, it is in_progress"),
    ],
)
def test_a_lost_change_is_found(changed: dict[str, Any], lacks: str) -> None:
    assert list(lost_from(record(), {**KEPT, **changed})) == [lacks]


def test_a_lost_session_is_found() -> None:
    assert list(lost_from(record(), None)) == ["the session"]


def test_a_save_replaces_the_titles_before() -> None:
    session = record()
    session.saved("two", 4)
    assert list(lost_from(session, {**KEPT, "revision": 4})) == [
        "one of the titles ['two'], it is 'one'"
    ]


@pytest.mark.parametrize(
    ("status", "retry_after", "outcome"),
    [
        (201, None, Outcome.DONE),
        (304, None, Outcome.DONE),
        (503, "1", Outcome.BUSY),
        (429, "60", Outcome.BUSY),
        (503, None, Outcome.NO_RETRY_AFTER),
        (429, None, Outcome.NO_RETRY_AFTER),
        (422, None, Outcome.REFUSED),
        (500, None, Outcome.FAILED),
        (504, None, Outcome.FAILED),
    ],
)
def test_outcome_of_an_answer(status: int, retry_after: str | None, outcome: Outcome) -> None:
    assert outcome_of(status, retry_after) is outcome
