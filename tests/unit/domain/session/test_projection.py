"""The end of a session that Temporal ended."""

from datetime import timedelta

import pytest

from domain.publishing.publication import (
    Step,
    begin_step,
    schedule_publication,
    start_publication,
)
from domain.session.actions import Action, ActionName
from domain.session.projection import lost
from domain.session.state import SessionState, view_of
from domain.session.view import PublicationState, Status, StepState
from tests.unit.domain.samples import NOW, ready_session, stamp

LATER = NOW + timedelta(hours=1)


def scheduled() -> SessionState:
    return schedule_publication(ready_session(), LATER, stamp()).state


def test_a_lost_session_is_abandoned_with_its_data() -> None:
    view = view_of(ready_session(), NOW)

    end = lost(view, at=LATER, ended_as="timed_out")

    assert end.actions == (
        Action(
            revision=view.revision + 1,
            name=ActionName.SESSION_LOST,
            actor_id=None,
            at=LATER,
            detail="timed_out",
        ),
    )
    closed = {
        "status": Status.ABANDONED,
        "is_active": False,
        "revision": view.revision + 1,
        "updated_at": LATER,
    }
    assert end.view == view.model_copy(update=closed)


@pytest.mark.parametrize("state", [ready_session(), scheduled()], ids=["none", "scheduled"])
def test_a_publication_that_does_not_run_is_kept(state: SessionState) -> None:
    view = view_of(state, NOW)

    assert lost(view, at=LATER, ended_as="timed_out").view.publication == view.publication


def test_a_running_publication_has_failed_and_is_not_undone() -> None:
    state = start_publication(ready_session(), stamp()).state
    for step in (Step.RESERVE, Step.CATALOGUE):
        state = begin_step(state, step, stamp()).state

    publication = lost(view_of(state, NOW), at=LATER, ended_as="timed_out").view.publication

    assert publication.state is PublicationState.FAILED
    assert publication.error is not None
    assert publication.error.code == "session_lost"
    assert [(step.name, step.state) for step in publication.steps] == [
        ("revalidate", StepState.DONE),
        ("reserve", StepState.DONE),
        ("catalogue", StepState.FAILED),
    ]
