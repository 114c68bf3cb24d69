"""A session under any sequence of changes, compared with a simple model of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from domain.errors import (
    PublishBlocked,
    Publishing,
    SessionClosed,
    StageIncomplete,
    StageMismatch,
    Unavailable,
)
from domain.json_values import JsonObject, merge, same_json
from domain.publishing.dry_run import checks_of
from domain.publishing.publication import (
    Step,
    begin_step,
    cancel_publication,
    fail_publication,
    finish_publication,
    require_publishable,
    schedule_publication,
    start_publication,
)
from domain.publishing.scheduled_check import check_at, check_publication
from domain.session.actions import Action, ActionName
from domain.session.changes import (
    Change,
    Stamp,
    abandon,
    complete_stage,
    expire,
    move_to_stage,
    restore,
    save_stage,
)
from domain.session.state import (
    SessionState,
    assess_session,
    context_of,
    require_editable,
    require_open,
    require_revision,
    view_of,
)
from domain.session.view import PublicationState, SessionView, Status
from domain.stages import STAGES, Section, Stage
from domain.validation.assessment import Assessor, assess
from domain.validation.check_codes import BLOCKING, CheckCode
from domain.validation.drafts import size_of
from tests.support.full_size import IS_FULL
from tests.unit.domain.samples import ADA, NOW, session, valid_sections
from tests.unit.domain.strategies import INVALID_SAVES, VALID_SAVES

TERMS = Section.REVIEW
LIFE = timedelta(days=7)


def without_ids(section: JsonObject) -> JsonObject:
    """The section as the user entered it: the server adds only the ids of tiers."""
    copy: JsonObject = json.loads(json.dumps(section))
    for tier in copy["tiers"] if isinstance(copy.get("tiers"), list) else []:
        if isinstance(tier, dict):
            tier.pop("id", None)
    return copy


class SessionMachine(RuleBasedStateMachine):
    """``typed`` is the user's input, ``accepted`` the audit trail."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.state: SessionState = session()
        self.accepted: list[Action] = []
        self.typed: dict[Section, JsonObject] = {section: {} for section in Section}
        self.history: list[dict[Section, JsonObject]] = [{}]
        self.terms_current = False
        self.published = False
        self.shown: tuple[SessionState, datetime, SessionView] | None = None
        self.assessor = Assessor()

    def stamp(self) -> Stamp:
        return Stamp(now=self.now, actor=ADA, key=f"key-{len(self.accepted)}")

    def apply(self, change: Change) -> None:
        """Applies a change, as the workflow does."""
        before, self.state = self.state, change.state
        if change.action is None:
            assert change.state == before
            return
        assert change.state.updated_at == change.action.at == self.now
        if change.action.name is ActionName.CANCEL_PUBLICATION:
            assert change.state.expires_at == self.now + LIFE
        else:
            assert change.state.expires_at >= before.expires_at
        assert change.state.tiers_issued >= before.tiers_issued
        self.accepted.append(change.action)
        self.history.append(change.state.sections)

    def view(self) -> SessionView:
        """Cached until state or time change, because every invariant reads it."""
        if not self.shown or self.shown[0] is not self.state or self.shown[1] != self.now:
            self.shown = (self.state, self.now, view_of(self.state, self.now, self.assessor))
        return self.shown[2]

    def may_be_edited(self) -> bool:
        """Whether the guard allows an edit; also asserts that its answer agrees with the state."""
        try:
            require_editable(self.state)
        except SessionClosed:
            assert self.state.status is not Status.IN_PROGRESS
            return False
        except Publishing:
            assert self.state.publication.state is PublicationState.RUNNING
            return False
        return True

    def enter(self, stage: Stage, patch: JsonObject) -> None:
        """Saves a user's input for a stage."""
        if not self.may_be_edited():
            return
        revision = self.state.revision
        self.apply(save_stage(self.state, stage, patch, self.stamp()))
        self.typed[stage.section] = merge(self.typed[stage.section], patch)
        if self.state.revision > revision:
            self.terms_current = False

    @initialize(complete=st.booleans())
    def start_empty_or_complete(self, complete: bool) -> None:
        if complete:
            self.enter_everything()
            self.apply(
                move_to_stage(
                    self.state, self.state.current_stage, Stage.REVIEW_PUBLISH, self.stamp()
                )
            )

    @rule()
    def enter_everything(self) -> None:
        """Corrects every stage and accepts the terms."""
        for stage in STAGES[:-1]:
            cleared = dict.fromkeys(self.typed[stage.section])
            self.enter(stage, {**cleared, **without_ids(valid_sections()[stage.section])})
        self.accept_terms()

    @rule(save=VALID_SAVES)
    def save_something_valid(self, save: tuple[Stage, JsonObject]) -> None:
        self.enter(*save)

    @rule(save=INVALID_SAVES)
    def save_something_invalid(self, save: tuple[Stage, JsonObject]) -> None:
        self.enter(*save)

    @rule(save=VALID_SAVES)
    def clear_a_field(self, save: tuple[Stage, JsonObject]) -> None:
        stage, patch = save
        self.enter(stage, dict.fromkeys(patch))

    @rule()
    def come_from_an_earlier_release(self) -> None:
        """It did not record the sizes of sections, and when each was changed."""
        unknown = {"section_sizes": None, "section_revisions": None}
        self.state = self.state.model_copy(update=unknown)

    @rule()
    def accept_terms(self) -> None:
        self.answer_terms(accepts=True)

    @rule()
    def withdraw_terms(self) -> None:
        self.answer_terms(accepts=False)

    def answer_terms(self, *, accepts: bool) -> None:
        if not self.may_be_edited():
            return
        patch = {"acceptTerms": accepts}
        self.apply(save_stage(self.state, Stage.REVIEW_PUBLISH, patch, self.stamp()))
        self.terms_current = accepts
        self.typed[TERMS] = self.state.section(Stage.REVIEW_PUBLISH)
        assert bool(self.typed[TERMS]) is accepts

    @rule(chosen=st.none() | st.sampled_from(STAGES))
    def complete(self, chosen: Stage | None) -> None:
        """Completes the current stage, or the chosen one."""
        if not self.may_be_edited():
            return
        before = self.state.current_stage
        stage = chosen or before
        valid = self.view().stages[stage].valid
        try:
            self.apply(complete_stage(self.state, stage, self.stamp()))
        except StageMismatch:
            assert stage.position > before.position
        except StageIncomplete:
            assert not valid
        else:
            assert valid
            assert stage in self.view().completed_stages
            expected = (stage.next or stage) if stage is before else before
            assert self.state.current_stage is expected

    @rule(from_stage=st.none() | st.sampled_from(STAGES), to_stage=st.sampled_from(STAGES))
    def move(self, from_stage: Stage | None, to_stage: Stage) -> None:
        if not self.may_be_edited():
            return
        before = self.state.current_stage
        start = from_stage or before
        crossed = STAGES[before.position : to_stage.position]
        possible = all(self.view().stages[stage].valid for stage in crossed)
        try:
            self.apply(move_to_stage(self.state, start, to_stage, self.stamp()))
        except StageMismatch:
            assert start is not before
        except StageIncomplete:
            assert not possible
        else:
            assert possible
            assert self.state.current_stage is to_stage

    @rule(data=st.data())
    def restore_an_earlier_revision(self, data: st.DataObject) -> None:
        if not self.may_be_edited():
            return
        revision = data.draw(st.integers(0, self.state.revision))
        before = self.state.revision
        self.apply(restore(self.state, revision, self.history[revision], self.stamp()))
        self.typed = {section: self.history[revision].get(section) or {} for section in Section}
        if self.state.revision > before:
            self.terms_current = False

    @rule(hours=st.integers(0, 12))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(hours=st.none() | st.integers(1, 24 * 90))
    def publish(self, hours: int | None) -> None:
        """Publishes now, or schedules the publication."""
        if not self.may_be_edited():
            return
        planned = self.now + timedelta(hours=hours) if hours else None
        try:
            require_publishable(self.state, ADA, now=self.now, publish_at=planned)
        except PublishBlocked:
            return
        assert all(self.view().stages[stage].valid for stage in STAGES)
        if planned:
            self.apply(schedule_publication(self.state, planned, self.stamp()))
            assert self.state.expires_at > planned
        else:
            self.apply(start_publication(self.state, self.stamp()))

    @precondition(lambda self: self.is_due())
    @rule()
    def start_scheduled_publication(self) -> None:
        self.apply(start_publication(self.state, Stamp(now=self.now)))
        assert self.state.publisher == ADA

    @precondition(lambda self: self.is_scheduled())
    @rule()
    def cancel_scheduled_publication(self) -> None:
        if self.may_be_edited():
            self.apply(cancel_publication(self.state, LIFE, self.stamp()))
            assert not self.is_scheduled()

    @precondition(lambda self: self.is_scheduled())
    @rule(slug_taken=st.booleans())
    def check_scheduled_publication(self, slug_taken: bool) -> None:
        if not self.may_be_edited():
            return
        own = Stamp(now=self.now)
        change = check_publication(self.state, own, slug_taken=slug_taken)
        self.state = change.state if change.action is None else self.state
        self.apply(change)
        assert check_at(self.state) is None
        assert self.is_scheduled()
        assert check_publication(self.state, own, slug_taken=slug_taken).action is None

    def is_scheduled(self) -> bool:
        return self.state.publication.state is PublicationState.SCHEDULED

    def is_due(self) -> bool:
        publication = self.state.publication
        planned = self.state.is_open and self.is_scheduled()
        return planned and publication.publish_at is not None and publication.publish_at <= self.now

    @precondition(lambda self: self.state.is_publishing)
    @rule(step=st.sampled_from(Step))
    def begin_publish_step(self, step: Step) -> None:
        self.apply(begin_step(self.state, step, Stamp(now=self.now)))

    @precondition(lambda self: self.state.is_publishing)
    @rule()
    def fail(self) -> None:
        self.apply(fail_publication(self.state, Unavailable(), Stamp(now=self.now)))
        assert self.may_be_edited()

    @precondition(lambda self: self.state.is_publishing)
    @rule()
    def finish(self) -> None:
        """Finishes only if the checks still pass, as the saga's revalidation demands."""
        try:
            require_publishable(self.state, ADA, now=self.now)
        except PublishBlocked:
            return
        self.apply(finish_publication(self.state, "event-1", Stamp(now=self.now)))
        self.published = True
        assert self.view().completion_percentage == 100
        assert self.view().completed_stages == list(STAGES)

    @precondition(lambda self: len(self.accepted) > 8)
    @rule(change=st.sampled_from([abandon, expire]))
    def close(self, change: Any) -> None:
        if self.may_be_edited():
            self.apply(change(self.state, self.stamp()))
            assert not self.state.is_open

    @invariant()
    def the_revision_counts_the_accepted_changes(self) -> None:
        revisions = [action.revision for action in self.accepted]
        assert revisions == list(range(1, self.state.revision + 1))
        require_revision(self.state, (len(self.accepted),), self.now)

    @invariant()
    def no_input_is_lost(self) -> None:
        for section, typed in self.typed.items():
            kept = self.state.sections.get(section) or {}
            assert same_json(without_ids(kept), without_ids(typed))

    @invariant()
    def the_audit_trail_has_the_shown_data(self) -> None:
        written: dict[str, JsonObject] = {}
        for action in self.accepted:
            written.update(action.sections or {})
        for stage, shown in self.view().stages.items():
            assert same_json(written.get(stage.section.value, {}), shown.data)

    @invariant()
    def the_known_sizes_are_those_of_the_sections(self) -> None:
        measured = {section: size_of(data) for section, data in self.state.sections.items()}
        assert self.state.sizes() == measured

    @invariant()
    def only_valid_stages_are_completed(self) -> None:
        view = self.view()
        assert all(view.stages[stage].valid for stage in view.completed_stages)
        assert set(view.completed_stages) <= set(self.state.passed)
        assert view.completed_stages == sorted(view.completed_stages, key=STAGES.index)

    @invariant()
    def progress_is_bounded(self) -> None:
        view = self.view()
        assert 0 <= view.completion_percentage <= 100
        assert all(0 <= share <= 100 for share in view.completion_details.values())
        published = view.completion_details[Stage.REVIEW_PUBLISH] == 100
        assert published is self.published is (view.status is Status.COMPLETED)
        assert published or view.completion_percentage < 100

    @invariant()
    def terms_are_current_only_until_the_next_edit(self) -> None:
        assert self.state.terms_current is self.terms_current

    @invariant()
    def a_closed_session_refuses_changes(self) -> None:
        assert self.view().is_active is self.state.is_open
        if not self.state.is_open:
            for require in (require_open, require_editable):
                with pytest.raises(SessionClosed):
                    require(self.state)

    @invariant()
    def tier_ids_are_unique_and_issued(self) -> None:
        tiers = self.state.section(Stage.TICKET_SETUP).get("tiers")
        named = [tier["id"] for tier in tiers or [] if isinstance(tier, dict)]
        numbers = [int(tier_id.removeprefix("tier-")) for tier_id in named if tier_id != "tier-99"]
        assert len(set(numbers)) == len(numbers)
        assert all(number <= self.state.tiers_issued for number in numbers)

    @invariant()
    def state_and_view_survive_json(self) -> None:
        view = self.view()
        assert SessionView.model_validate_json(view.model_dump_json()) == view
        assert SessionState.model_validate_json(self.state.model_dump_json()) == self.state

    @invariant()
    def a_cached_assessment_gives_the_same_view(self) -> None:
        assert self.view() == view_of(self.state, self.now)

    @invariant()
    def dry_run_finds_the_checks_of_publishing(self) -> None:
        context = context_of(self.state, slug_taken=True)
        expected = assess(self.state.sections, context=context, now=self.now).checks
        assert checks_of(self.view(), ADA, now=self.now, slug_taken=True) == expected

    @invariant()
    def a_check_passes_without_a_finding_if_its_stages_are_valid(self) -> None:
        assessment = assess_session(self.state, self.now)
        found = {finding.code for finding in assessment.checks}
        assert assessment.passed_checks == [
            code
            for code, stages in BLOCKING.items()
            if code not in found and all(assessment.stages[stage].valid for stage in stages)
        ]

    @invariant()
    def review_is_almost_complete_if_every_check_is_passed(self) -> None:
        assessment = assess_session(self.state, self.now)
        blocking = {finding.code for finding in assessment.blocking}
        unknown = {finding.code for finding in assessment.checks} & set(BLOCKING) - blocking
        assert unknown <= {CheckCode.PAYMENTS_NOT_READY}, "publishing checks the account first"
        review = self.view().completion_details[Stage.REVIEW_PUBLISH]
        assert self.published or (review == 99) is (not blocking | unknown)


TestSession = SessionMachine.TestCase
TestSession.settings = settings(max_examples=400 if IS_FULL else 30, stateful_step_count=40)
