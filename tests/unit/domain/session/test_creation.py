"""A session that begins with data."""

from typing import Any

import pytest

from domain.actors import Actor
from domain.errors import InvalidRequest, PayloadTooLarge
from domain.json_values import JsonObject
from domain.session.actions import ActionName
from domain.session.changes import Stamp, save_stage
from domain.session.creation import carried_into_first_run, fill_in
from domain.session.messages import Carried
from domain.session.state import SessionState, view_of
from domain.stages import STAGES, Section, Stage
from domain.validation.drafts import MAX_SECTIONS_BYTES, size_of
from tests.unit.domain.samples import NOW, session, valid_sections

ADA = Actor(user_id="ada", organization_id="acme")
STAMP = Stamp(NOW, ADA, "key-1")
TEXTS = {
    Section.ORGANIZER: "bio",
    Section.EVENT: "description",
    Section.VENUE: "accessNote",
    Section.TICKET: "currency",
    Section.SPONSOR: "hashtag",
}
EMPTY = session(ADA)


def entered(**changed: Any) -> dict[Section, JsonObject]:
    """As a client sends it: the server sets the acceptance of the terms itself."""
    return {**valid_sections(**changed), Section.REVIEW: {"acceptTerms": True}}


def saved_one_by_one(sections: dict[Section, JsonObject]) -> SessionState:
    state = EMPTY
    for stage in STAGES:
        state = save_stage(state, stage, sections[stage.section], STAMP).state
    return state


def test_sections_are_one_change_with_an_action_for_each() -> None:
    state, actions = fill_in(EMPTY, entered(), STAMP)

    assert state.revision == 1
    assert [action.position for action in actions] == [(1, part) for part in range(6)]
    assert [action.stage for action in actions] == list(STAGES)
    assert {action.name for action in actions} == {ActionName.SAVE_STAGE}
    assert {(action.actor_id, action.at, action.idempotency_key) for action in actions} == {
        ("ada", NOW, "key-1")
    }
    for action in actions:
        assert action.stage is not None
        section = action.stage.section
        assert action.sections == {section.value: state.sections[section]}


def test_sections_at_once_are_what_saves_one_by_one_are() -> None:
    together, _ = fill_in(EMPTY, entered(), STAMP)
    one_by_one = view_of(saved_one_by_one(entered()), NOW)

    assert view_of(together, NOW) == one_by_one.model_copy(update={"revision": 1})
    assert together.terms_current


def test_order_of_the_request_does_not_matter() -> None:
    backwards = dict(reversed(entered().items()))

    assert fill_in(EMPTY, backwards, STAMP) == fill_in(EMPTY, entered(), STAMP)


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {Section.EVENT: {}},
        {Section.EVENT: {"title": None}},
        {Section.EVENT: {"title": "", "summary": " "}, Section.REVIEW: {"acceptTerms": False}},
    ],
)
def test_sections_without_data_change_nothing(sections: dict[Section, JsonObject]) -> None:
    assert fill_in(EMPTY, sections, STAMP) == (EMPTY, ())
    assert carried_into_first_run(EMPTY, ()) is None


def test_an_empty_section_has_no_action() -> None:
    sections: dict[Section, JsonObject] = {Section.SPONSOR: {}, Section.EVENT: {"title": "Show"}}

    state, actions = fill_in(EMPTY, sections, STAMP)

    assert [action.stage for action in actions] == [Stage.EVENT_SETUP]
    assert list(state.sections) == [Section.EVENT]


def test_invalid_values_are_kept_with_their_errors() -> None:
    state, _ = fill_in(EMPTY, {Section.EVENT: {"title": "x", "date": "tomorrow"}}, STAMP)

    event = view_of(state, NOW).stages[Stage.EVENT_SETUP]
    assert event.data == {"title": "x", "date": "tomorrow"}
    assert {"/title", "/date"} <= {error.pointer for error in event.errors}


def test_a_refusal_has_the_errors_of_every_section() -> None:
    sections = entered() | {
        Section.EVENT: {"titel": "Show"},
        Section.REVIEW: {"acceptedTerms": {}},
    }

    with pytest.raises(InvalidRequest) as refused:
        fill_in(EMPTY, sections, STAMP)

    assert [(error.stage, error.pointer) for error in refused.value.errors] == [
        (Stage.EVENT_SETUP, "/titel"),
        (Stage.REVIEW_PUBLISH, "/acceptedTerms"),
    ]


def test_sections_have_the_limits_of_saves() -> None:
    with pytest.raises(PayloadTooLarge):
        fill_in(EMPTY, {Section.EVENT: {"description": "x" * 100_000}}, STAMP)
    with pytest.raises(PayloadTooLarge):
        fill_in(EMPTY, {section: {name: "x" * 90_000} for section, name in TEXTS.items()}, STAMP)


def test_a_paid_session_wants_the_status_of_its_account() -> None:
    tickets = {"tiers": [{"name": "VIP", "kind": "paid", "unit_amount": 5000}]}
    paid, actions = fill_in(EMPTY, entered(ticket=tickets), STAMP)
    free, free_actions = fill_in(EMPTY, {Section.EVENT: {"title": "Show"}}, STAMP)

    first, second = (
        carried_into_first_run(paid, actions),
        carried_into_first_run(free, free_actions),
    )

    assert isinstance(first, Carried)
    assert first.account_check is not None
    assert first.account_check.accepts_stored
    assert isinstance(second, Carried)
    assert not second.account_check_is_due


def test_the_first_run_writes_the_read_model() -> None:
    state, actions = fill_in(EMPTY, entered(), STAMP)

    carried = carried_into_first_run(state, actions)

    assert carried is not None
    assert carried.state == state
    assert carried.unprojected == list(actions)
    assert carried.read_model_is_behind


def test_the_largest_start_is_below_half_of_temporals_limit() -> None:
    size = MAX_SECTIONS_BYTES // len(TEXTS) - 100
    largest = {section: {name: "x" * size} for section, name in TEXTS.items()}

    carried = carried_into_first_run(*fill_in(EMPTY, largest, STAMP))

    assert carried is not None
    assert size_of(carried.model_dump(mode="json")) < 1024 * 1024
