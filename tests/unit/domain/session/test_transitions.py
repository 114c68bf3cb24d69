"""Moves between stages: always back, forward only over valid stages."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import StageIncomplete, StageMismatch
from domain.session.actions import ActionName
from domain.session.changes import Change, complete_stage, move_to_stage
from domain.session.state import SessionState, view_of
from domain.stages import STAGES, TITLES, Section, Stage
from tests.unit.domain.samples import (
    NOW,
    ready_session,
    session,
    stamp,
    valid_sections,
)
from tests.unit.domain.strategies import sections

ORGANIZER, EVENT, VENUE = Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.VENUE_SETUP
TICKET, SPONSOR, REVIEW = Stage.TICKET_SETUP, Stage.SPONSORS_MEDIA, Stage.REVIEW_PUBLISH


def assert_unchanged(change: Change, state: SessionState) -> None:
    assert change.action is None
    assert change.state == state


class TestCompleting:
    @pytest.mark.parametrize("stage", STAGES[:-1])
    def test_complete_current_stage_moves_to_the_next(self, stage: Stage) -> None:
        state = session(sections=valid_sections(), current_stage=stage, tiers_issued=1)
        change = complete_stage(state, stage, stamp(key="key-1"))
        assert change.state.current_stage is stage.next
        assert view_of(change.state, NOW).completed_stages == [stage]
        assert change.action is not None
        assert (change.action.name, change.action.stage) == (ActionName.COMPLETE_STAGE, stage)
        assert (change.action.revision, change.action.idempotency_key) == (1, "key-1")
        assert change.action.sections is None

    def test_the_last_stage_has_no_next(self) -> None:
        change = complete_stage(ready_session(), REVIEW, stamp())
        assert change.state.current_stage is REVIEW
        assert view_of(change.state, NOW).completed_stages == list(STAGES)
        assert_unchanged(complete_stage(change.state, REVIEW, stamp()), change.state)

    def test_an_earlier_stage_does_not_move_the_session(self) -> None:
        state = ready_session(passed=[])
        change = complete_stage(state, EVENT, stamp())
        assert change.state.current_stage is REVIEW
        assert change.state.passed == [EVENT]
        assert_unchanged(complete_stage(change.state, EVENT, stamp()), change.state)

    @pytest.mark.parametrize("stage", STAGES[1:])
    def test_complete_stage_after_the_current_one_is_refused(self, stage: Stage) -> None:
        state = session(sections=valid_sections(), terms_current=True)
        with pytest.raises(StageMismatch) as refusal:
            complete_stage(state, stage, stamp())
        assert "organizerSetup" in refusal.value.detail

    def test_complete_invalid_stage_lists_every_error(self) -> None:
        state = session(sections=valid_sections(event={"title": "ab"}), current_stage=EVENT)
        with pytest.raises(StageIncomplete) as refusal:
            complete_stage(state, EVENT, stamp())
        assert [(error.stage, error.pointer, error.code) for error in refusal.value.errors] == [
            (EVENT, "/title", "too_short"),
            (EVENT, "/type", "missing"),
            (EVENT, "/date", "missing"),
            (EVENT, "/startTime", "missing"),
        ]

    def test_complete_stage_with_a_past_date_is_refused(self) -> None:
        state = session(sections=valid_sections(), current_stage=EVENT)
        with pytest.raises(StageIncomplete):
            complete_stage(state, EVENT, stamp(after=70 * 24 * 3600))

    def test_the_review_needs_current_terms(self) -> None:
        with pytest.raises(StageIncomplete):
            complete_stage(ready_session(terms_current=False), REVIEW, stamp())

    def test_empty_sponsors_completed_are_at_100(self) -> None:
        state = session(sections=valid_sections(sponsor={}), current_stage=SPONSOR)
        assert view_of(state, NOW).completion_details[SPONSOR] == 0
        state = complete_stage(state, SPONSOR, stamp()).state
        assert view_of(state, NOW).completion_details[SPONSOR] == 100


class TestMoving:
    @pytest.mark.parametrize("start", STAGES)
    def test_back_is_always_possible(self, start: Stage) -> None:
        for target in STAGES[: start.position]:
            state = session(current_stage=start)
            change = move_to_stage(state, start, target, stamp())
            assert change.state.current_stage is target
            assert change.state.passed == []
            assert change.action is not None
            assert change.action.name is ActionName.MOVE_TO_STAGE
            assert change.action.detail == f"{start.value} -> {target.value}"

    def test_forward_over_valid_stages_completes_them(self) -> None:
        state = session(sections=valid_sections(review={}), tiers_issued=1)
        change = move_to_stage(state, ORGANIZER, REVIEW, stamp())
        assert change.state.current_stage is REVIEW
        assert view_of(change.state, NOW).completed_stages == list(STAGES[:-1])

    def test_move_to_an_invalid_stage_is_possible(self) -> None:
        state = session(sections={Section.ORGANIZER: {"name": "Ada"}})
        assert move_to_stage(state, ORGANIZER, EVENT, stamp()).state.current_stage is EVENT

    @pytest.mark.parametrize("broken", STAGES[:5])
    def test_forward_over_an_invalid_stage_is_refused(self, broken: Stage) -> None:
        section = {"hashtag": "two words"} if broken is SPONSOR else {}
        state = session(sections=valid_sections(**{broken.section.value: section}), tiers_issued=1)
        with pytest.raises(StageIncomplete) as refusal:
            move_to_stage(state, ORGANIZER, REVIEW, stamp())
        assert {error.stage for error in refusal.value.errors} == {broken}
        assert refusal.value.detail.startswith(f"{TITLES[broken]} is not complete.")

    def test_move_over_invalid_stages_lists_all_of_them(self) -> None:
        with pytest.raises(StageIncomplete) as refusal:
            move_to_stage(session(), ORGANIZER, TICKET, stamp())
        assert {error.stage for error in refusal.value.errors} == {ORGANIZER, EVENT, VENUE}

    def test_move_to_the_current_stage_changes_nothing(self) -> None:
        state = session(current_stage=VENUE)
        assert_unchanged(move_to_stage(state, VENUE, VENUE, stamp()), state)

    @pytest.mark.parametrize("target", [ORGANIZER, EVENT, VENUE])
    def test_move_from_another_stage_is_refused(self, target: Stage) -> None:
        state = session(sections=valid_sections(), current_stage=VENUE)
        with pytest.raises(StageMismatch) as refusal:
            move_to_stage(state, EVENT, target, stamp())
        assert "venueSetup" in refusal.value.detail

    @given(sections(), st.sampled_from(STAGES), st.sampled_from(STAGES))
    @settings(max_examples=100)
    def test_forward_only_over_valid_stages(self, drafts: Any, start: Stage, target: Stage) -> None:
        state = session(sections=drafts, current_stage=start, terms_current=True)
        view = view_of(state, NOW)
        crossed = STAGES[start.position : target.position]
        possible = all(view.stages[stage].valid for stage in crossed)
        try:
            moved = move_to_stage(state, start, target, stamp()).state
        except StageIncomplete:
            assert not possible
        else:
            assert possible
            assert moved.current_stage is target
            assert set(moved.passed) == set(crossed)
