"""The publication of a session: gate, schedule, steps, failure and success."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.actors import Actor
from domain.errors import FieldError, PublishBlocked, SlugTaken, Unavailable
from domain.publishing.publication import (
    GRACE_AFTER_SCHEDULED,
    Step,
    begin_step,
    cancel_publication,
    fail_publication,
    finish_publication,
    require_publishable,
    schedule_publication,
    start_publication,
)
from domain.session.changes import Change
from domain.session.state import SessionState, require_editable, view_of
from domain.session.view import Publication, PublicationState, Status, StepState
from domain.stages import STAGES, Stage
from domain.validation.check_codes import Check, CheckCode
from domain.values.payments import Payments, gone
from tests.unit.domain.samples import ADA, NOW, READY, ready_session, stamp, valid_sections

BOB = Actor(user_id="bob")
DAY = timedelta(days=1)
LIFE = timedelta(days=7)
PAID = {"tiers": [{"id": "tier-1", "name": "General", "unit_amount": 5_000}]}


def running(state: SessionState | None = None, *begun: Step) -> SessionState:
    """A running publication that has begun the given steps."""
    state = start_publication(state or ready_session(), stamp()).state
    for position, step in enumerate(begun, start=1):
        state = begin_step(state, step, stamp(after=position)).state
    return state


def steps(state: SessionState) -> list[tuple[str, str, int]]:
    """Name, state and seconds since the start."""
    return [
        (step.name, step.state.value, round((step.at - NOW).total_seconds()))
        for step in state.publication.steps
    ]


def action_of(change: Change) -> tuple[str, str | None, str | None, int]:
    assert change.action is not None
    assert change.action.sections is None
    return (
        change.action.name.value,
        change.action.detail,
        change.action.actor_id,
        change.action.revision,
    )


GONE = gone("acct_1", checked_at=NOW)


class TestGate:
    def test_require_publishable_without_blocking_checks_passes(self) -> None:
        require_publishable(ready_session(), ADA, now=NOW)
        warned = ready_session(sections=valid_sections(sponsor={}))
        require_publishable(warned, ADA, now=NOW)
        paid = ready_session(sections=valid_sections(ticket=PAID), payments=READY)
        require_publishable(paid, ADA, now=NOW)

    @pytest.mark.parametrize(
        ("state", "arguments", "code"),
        [
            (ready_session(sections=valid_sections(event={})), {}, CheckCode.STAGE_INVALID),
            (
                ready_session(
                    sections=valid_sections(ticket=PAID), payments=Payments(checked_at=NOW)
                ),
                {},
                CheckCode.PAYMENTS_NOT_READY,
            ),
            (ready_session(terms_current=False), {}, CheckCode.TERMS_NOT_ACCEPTED),
            (ready_session(), {"slug_taken": True}, CheckCode.SLUG_TAKEN),
            (ready_session(), {"publish_at": NOW + 70 * DAY}, CheckCode.EVENT_NOT_IN_FUTURE),
            (ready_session(), {"now": NOW + 70 * DAY}, CheckCode.EVENT_NOT_IN_FUTURE),
            (ready_session(tiers_issued=0), {}, CheckCode.STAGE_INVALID),
        ],
    )
    def test_require_publishable_with_a_blocking_check_raises(
        self, state: SessionState, arguments: dict[str, Any], code: CheckCode
    ) -> None:
        with pytest.raises(PublishBlocked) as refusal:
            require_publishable(state, ADA, **{"now": NOW, **arguments})
        assert code in [error.code for error in refusal.value.errors]

    def test_require_publishable_with_an_unknown_account_passes(self) -> None:
        unknown = ready_session(sections=valid_sections(ticket=PAID))
        require_publishable(unknown, ADA, now=NOW, account_is_fresh=False)

    @pytest.mark.parametrize("payments", [Payments(), Payments(checked_at=NOW), GONE])
    def test_require_publishable_with_a_fresh_account_blocks(self, payments: Payments) -> None:
        paid = ready_session(sections=valid_sections(ticket=PAID), payments=payments)
        with pytest.raises(PublishBlocked):
            require_publishable(paid, ADA, now=NOW, account_is_fresh=True)

    def test_require_publishable_with_an_outdated_account_passes(self) -> None:
        paid = ready_session(sections=valid_sections(ticket=PAID), payments=GONE)
        require_publishable(paid, ADA, now=NOW, account_is_fresh=False)

    def test_require_publishable_without_permission_raises(self) -> None:
        reader = Actor(user_id="ada", may_publish=False)
        with pytest.raises(PublishBlocked) as refusal:
            require_publishable(ready_session(), reader, now=NOW)
        assert [error.code for error in refusal.value.errors] == [CheckCode.NOT_ALLOWED]

    def test_publish_blocked_carries_checks_and_errors(self) -> None:
        state = ready_session(sections=valid_sections(sponsor={}, review={}))
        with pytest.raises(PublishBlocked) as refusal:
            require_publishable(state, ADA, now=NOW, slug_taken=True)
        checks = [Check.model_validate(check) for check in refusal.value.extra["checks"]]
        assert [check.code for check in checks] == [
            CheckCode.SLUG_TAKEN,
            CheckCode.TERMS_NOT_ACCEPTED,
            CheckCode.COVER_MISSING,
        ]
        assert refusal.value.errors == [
            FieldError(
                stage=check.stage,
                pointer=check.pointer,
                code=check.code,
                params=check.params,
                message=check.message,
            )
            for check in checks[:2]
        ]
        assert refusal.value.detail.startswith("2 checks")
        assert checks[0].message in refusal.value.detail


class TestPlanning:
    def test_the_session_can_still_be_edited(self) -> None:
        change = schedule_publication(ready_session(), NOW + DAY, stamp())
        assert change.state.publication == Publication(
            state=PublicationState.SCHEDULED, publish_at=NOW + DAY
        )
        assert change.state.publisher == ADA
        require_editable(change.state)
        assert action_of(change) == (
            "schedule_publication",
            (NOW + DAY).isoformat(),
            "ada",
            1,
        )

    def test_scheduling_extends_the_expiry(self) -> None:
        at = NOW + timedelta(days=30)
        state = schedule_publication(ready_session(), at, stamp()).state
        assert state.expires_at == at + GRACE_AFTER_SCHEDULED

    def test_scheduling_never_shortens_the_expiry(self) -> None:
        before = ready_session()
        far = schedule_publication(before, NOW + timedelta(days=30), stamp()).state
        near = schedule_publication(far, NOW + DAY, stamp()).state
        assert near.expires_at == far.expires_at
        assert near.publication.publish_at == NOW + DAY
        soon = schedule_publication(before, NOW + DAY, stamp()).state
        assert soon.expires_at == before.expires_at

    def test_scheduled_publication_starts_for_its_publisher(self) -> None:
        planned = schedule_publication(ready_session(), NOW + DAY, stamp(actor=BOB)).state
        change = start_publication(planned, stamp(actor=None))
        assert change.state.publisher == BOB
        assert change.state.publication.publish_at == NOW + DAY
        assert action_of(change) == ("start_publication", None, None, 2)

    def test_publishing_at_once_replaces_the_plan(self) -> None:
        planned = schedule_publication(ready_session(), NOW + DAY, stamp(actor=BOB)).state
        state = start_publication(planned, stamp()).state
        assert state.publisher == ADA
        assert state.publication.publish_at is None


class TestCancelling:
    def test_a_cancelled_publication_is_not_scheduled(self) -> None:
        planned = schedule_publication(ready_session(), NOW + DAY, stamp()).state

        change = cancel_publication(planned, LIFE, stamp(actor=BOB, key="stop"))

        assert change.state.publication == Publication()
        assert change.state.publisher is None
        assert change.state.sections == planned.sections
        require_publishable(change.state, ADA, now=NOW)
        assert action_of(change) == ("cancel_publication", (NOW + DAY).isoformat(), "bob", 2)

    @pytest.mark.parametrize("ahead", [DAY, timedelta(days=90)])
    def test_a_cancelled_publication_begins_the_lifetime_anew(self, ahead: timedelta) -> None:
        planned = schedule_publication(ready_session(), NOW + ahead, stamp()).state

        state = cancel_publication(planned, LIFE, stamp(after=60)).state

        assert state.expires_at == NOW + timedelta(seconds=60) + LIFE

    @pytest.mark.parametrize(
        "state",
        [
            ready_session(),
            running(),
            fail_publication(running(), SlugTaken(), stamp()).state,
            finish_publication(running(), "event-1", stamp()).state,
        ],
        ids=["none", "running", "failed", "published"],
    )
    def test_without_a_schedule_nothing_is_cancelled(self, state: SessionState) -> None:
        assert cancel_publication(state, LIFE, stamp()) == Change(state)

    def test_a_failed_scheduled_publication_is_not_cancelled(self) -> None:
        """It keeps the time for which it was scheduled."""
        planned = schedule_publication(ready_session(), NOW + DAY, stamp()).state
        began = start_publication(planned, stamp(actor=None)).state
        failed = fail_publication(began, SlugTaken(), stamp()).state

        assert cancel_publication(failed, LIFE, stamp()) == Change(failed)


class TestRunning:
    def test_publication_starts_with_the_revalidation(self) -> None:
        change = start_publication(ready_session(), stamp())
        assert change.state.publication.state is PublicationState.RUNNING
        assert change.state.is_publishing
        assert steps(change.state) == [("revalidate", "running", 0)]
        assert action_of(change) == ("start_publication", None, "ada", 1)

    def test_a_step_is_done_when_the_next_begins(self) -> None:
        change = begin_step(running(None, Step.RESERVE), Step.PUBLISH, stamp(after=9, actor=None))
        assert steps(change.state) == [
            ("revalidate", "done", 1),
            ("reserve", "done", 9),
            ("publish", "running", 9),
        ]
        assert change.state.is_publishing
        assert action_of(change) == ("publication_step", "publish", None, 3)

    def test_steps_begin_with_the_reservation_and_end_with_publish(self) -> None:
        assert list(Step)[:2] == ["revalidate", "reserve"]
        assert list(Step)[-1] == "publish"


class TestFailing:
    ERROR = SlugTaken(
        errors=[
            FieldError(
                stage=Stage.EVENT_SETUP, pointer="/slug", code="slug_taken", message="Taken."
            )
        ]
    )

    def test_failed_publication_is_undone_and_editable(self) -> None:
        before = running(None, Step.RESERVE, Step.PUBLISH)
        change = fail_publication(before, self.ERROR, stamp(after=9, actor=None))
        assert steps(change.state) == [
            ("revalidate", "done", 1),
            ("reserve", "undone", 9),
            ("publish", "failed", 9),
        ]
        require_editable(change.state)
        assert change.state.status is Status.IN_PROGRESS
        assert action_of(change) == ("fail_publication", "slug_taken", None, 4)

    def test_failed_publication_shows_its_error(self) -> None:
        state = fail_publication(running(None, Step.RESERVE), self.ERROR, stamp()).state
        error = view_of(state, NOW).publication.error
        assert error is not None
        assert (error.code, error.message) == ("slug_taken", SlugTaken.default_detail)
        assert error.errors == self.ERROR.errors

    def test_failed_publication_keeps_the_data(self) -> None:
        before = running()
        state = fail_publication(before, self.ERROR, stamp()).state
        assert state.sections == before.sections
        assert state.passed == before.passed
        assert state.terms_current
        assert state.event_id is None

    def test_failed_publication_can_start_again(self) -> None:
        failed = fail_publication(running(None, Step.RESERVE), Unavailable(), stamp()).state
        again = start_publication(failed, stamp(after=20)).state
        assert steps(again) == [("revalidate", "running", 20)]
        assert again.publication.error is None


class TestFinishing:
    def test_the_session_is_completed_with_its_event(self) -> None:
        before = running(None, Step.RESERVE, Step.PUBLISH)
        change = finish_publication(before, "event-1", stamp(after=9, actor=None))
        state = change.state
        assert state.publication.state is PublicationState.PUBLISHED
        assert (state.status, state.event_id) == (Status.COMPLETED, "event-1")
        assert [step.state for step in state.publication.steps] == [StepState.DONE] * 3
        assert action_of(change) == ("publish_event", "event-1", None, 4)
        view = view_of(state, NOW)
        assert view.completed_stages == list(STAGES)
        assert view.completion_percentage == 100

    def test_an_earlier_failure_is_forgotten(self) -> None:
        failed = fail_publication(running(None, Step.RESERVE), Unavailable(), stamp()).state
        state = finish_publication(running(failed), "event-1", stamp()).state
        assert state.publication.error is None


def test_moments_with_another_offset_are_the_same_moments() -> None:
    at = datetime.fromisoformat("2030-03-02T07:00:00-05:00")
    state = schedule_publication(ready_session(), at, stamp()).state
    shown = view_of(state, NOW).model_dump_json()
    restored = SessionState.model_validate_json(state.model_dump_json())
    assert restored == state
    assert restored.publication.publish_at == datetime(2030, 3, 2, 12, 0, tzinfo=UTC)
    assert "2030-03-02T07:00:00-05:00" in shown
