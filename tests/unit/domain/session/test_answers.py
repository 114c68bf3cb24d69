"""What the API completes from an answer equals what the workflow shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import WizardError
from domain.json_values import JsonObject
from domain.session import changes
from domain.session.actions import Action
from domain.session.answers import (
    NO_VIEW,
    UpdateResult,
    answer_of,
    completed_actions,
    completed_view,
)
from domain.session.changes import Change, Stamp
from domain.session.messages import Abandon
from domain.session.state import SessionState, assess_session, view_of
from domain.session.view import SessionView
from domain.stages import STAGES, Section, Stage
from tests.unit.domain.samples import ADA, NOW, session, valid_section

VALID: dict[Stage, JsonObject] = {
    stage: {"acceptTerms": True} if stage is Stage.REVIEW_PUBLISH else valid_section(stage)
    for stage in STAGES
}
PATCHES: dict[Stage, list[JsonObject]] = {
    stage: [data, dict.fromkeys(data), dict(list(data.items())[:1])]
    for stage, data in VALID.items()
}
TWO_TIERS: JsonObject = {"tiers": [{"name": "A", "unit_amount": 0}, {"name": "B"}]}
"""The server gives the ids."""


@dataclass
class Workflow:
    state: SessionState = field(default_factory=session)
    actions: list[Action] = field(default_factory=list)

    def apply(self, step: int, choice: int, now: datetime) -> Sequence[Action]:
        change = self._change(step, choice, Stamp(now=now, actor=ADA))
        self.state = change.state
        accepted = [change.action] if change.action else []
        self.actions += accepted
        return accepted

    def _change(self, step: int, choice: int, stamp: Stamp) -> Change:
        stage = STAGES[step % len(STAGES)]
        try:
            if choice == 3:
                return changes.complete_stage(self.state, stage, stamp)
            if choice == 4:
                return changes.restore(self.state, 0, {Section.EVENT: {"title": "Old"}}, stamp)
            if choice == 5:
                return changes.save_stage(self.state, Stage.TICKET_SETUP, TWO_TIERS, stamp)
            patches = PATCHES[stage]
            return changes.save_stage(self.state, stage, patches[choice % len(patches)], stamp)
        except WizardError:
            return Change(self.state)


def answered(workflow: Workflow, known: int | None, actions: Sequence[Action]) -> UpdateResult:
    request = Abandon(actor=ADA, attempt="a", known_revision=known)
    answer = answer_of(request, workflow.state, assess_session(workflow.state, NOW), actions)
    return UpdateResult.model_validate_json(answer.model_dump_json())


STEPS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(0, 1),  # the API process that gets the request
        st.booleans(),  # whether its answer is lost
    ),
    max_size=25,
)


@given(STEPS)
@settings(max_examples=60)
def test_completed_views_equal_those_of_the_workflow(
    steps: list[tuple[int, int, int, bool]],
) -> None:
    """Two API processes, each with the view of its last answer, and answers that are lost."""
    workflow = Workflow()
    known: list[SessionView | None] = [None, view_of(workflow.state, NOW)]
    audit_trail: list[Action] = []

    for number, (step, choice, process, is_lost) in enumerate(steps):
        had = known[process]
        actions = workflow.apply(step, choice, NOW + timedelta(seconds=number))
        answer = answered(workflow, had.revision if had else NO_VIEW, actions)
        if is_lost:
            audit_trail += actions
            continue
        view = completed_view(answer, had)
        assert view == view_of(workflow.state, NOW)
        audit_trail += completed_actions(answer, view, execution_time_ms=None)
        known[process] = view

    assert audit_trail == workflow.actions


def test_an_answer_leaves_out_unchanged_sections() -> None:
    workflow = Workflow()
    workflow.apply(1, 0, NOW)
    known = workflow.state.revision
    actions = workflow.apply(0, 0, NOW)

    answer = answered(workflow, known, actions)

    assert [stage for stage, shown in answer.stages.items() if shown.data is not None] == [
        Stage.ORGANIZER_SETUP
    ]
    assert answer.actions[0].sections == {"organizer": {}}


@pytest.mark.parametrize("known", [None, NO_VIEW, 99])
def test_an_answer_without_a_known_view_has_all_data(known: int | None) -> None:
    """99 is a revision that the session does not have, after a loss of data at Temporal."""
    workflow = Workflow()
    workflow.apply(1, 0, NOW)

    answer = answered(workflow, known, ())

    assert completed_view(answer, None) == view_of(workflow.state, NOW)


def test_an_earlier_api_gets_actions_with_their_data() -> None:
    workflow = Workflow()
    actions = workflow.apply(1, 0, NOW)

    assert answered(workflow, None, actions).actions == tuple(actions)


def test_a_state_of_an_earlier_version_counts_as_changed() -> None:
    """It does not say when its sections changed."""
    workflow = Workflow()
    workflow.apply(1, 0, NOW)
    workflow.apply(0, 0, NOW)
    workflow.state = workflow.state.model_copy(update={"section_revisions": None})

    answer = answered(workflow, workflow.state.revision - 1, ())

    assert completed_view(answer, None) == view_of(workflow.state, NOW)


def test_missing_data_without_a_known_view_is_an_error() -> None:
    workflow = Workflow()
    workflow.apply(1, 0, NOW)
    answer = answered(workflow, workflow.state.revision, ())

    with pytest.raises(ValueError, match="no view is known"):
        completed_view(answer, None)
