"""The life of one wizard session, from create to completed, abandoned or expired."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from pydantic import ValidationError
from temporalio import workflow
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.errors import InvalidRequest, Unavailable
    from domain.publishing.publication import request_publication, start_publication
    from domain.session import changes
    from domain.session.changes import Change, Stamp
    from domain.session.messages import (
        Abandon,
        AbandonIdle,
        Carried,
        CompleteStage,
        Connected,
        ConnectPayments,
        MoveToStage,
        PaymentAccountChanged,
        Publish,
        Restore,
        SaveStage,
        SessionStart,
        StageData,
        Transition,
        UpdateResult,
    )
    from domain.session.state import (
        SessionState,
        require_editable,
        require_member,
        start_session,
        view_of,
    )
    from domain.session.view import PublicationState, SessionView
    from domain.validation.assessment import Assessor
    from temporal.failures import as_failures
    from temporal.search_attributes import known_to_temporal
    from workflows.session.messages import SessionMessages, stamp_of
    from workflows.session.payments import SessionPayments
    from workflows.session.publish_saga import PublishSaga, adopted
    from workflows.session.read_model import ReadModel
    from workflows.session.timers import Alarm, Reminder

CHANGES_PER_RUN: Final = 28
"""Replaying a change takes milliseconds: short histories keep the first touch of a session that
was evicted from a worker's cache fast."""


@workflow.defn(name=ids.WIZARD_SESSION)
class WizardSession:
    @workflow.init
    def __init__(self, start: SessionStart) -> None:
        carried = start.carried
        self.state: SessionState = carried.state if carried else _new_state(start)
        self._assessor = Assessor()
        self._inbox = SessionMessages(self, carried.processed if carried else {})
        self._revision_at_limit = self.state.revision + CHANGES_PER_RUN
        self._reminder = Reminder(self, carried.remind_before_seconds if carried else None)
        self._read_model = ReadModel(
            self.session,
            self._continues_next,
            told=self._note_reminders,
            unprojected=carried.unprojected if carried else None,
            is_behind=bool(carried and carried.read_model_is_behind),
            known=known_to_temporal(),
        )
        self.payments = SessionPayments(self, is_due=bool(carried and carried.account_check_is_due))
        self._answers_change = False
        self._expiry = Alarm("Session expires")
        self._launch = Alarm("Publication is due")
        self._publishing_for = contextvars.copy_context()

    @workflow.run
    async def run(self, start: SessionStart) -> SessionView:
        """Waits for something to do and does it, until the session is closed."""
        keeping_up = asyncio.create_task(self._read_model.keep_up())
        self._set_alarms()
        while self.state.is_open:
            await workflow.wait_condition(
                lambda: not self.state.is_open or self._due(start) is not None
            )
            due = self._due(start)
            if due is not None:
                await due()
        await workflow.wait_condition(lambda: self._read_model.settled)
        await workflow.wait_condition(workflow.all_handlers_finished)
        keeping_up.cancel()
        return self.session()

    def _due(self, start: SessionStart) -> Callable[[], Awaitable[None]] | None:
        """A publication is finished before anything else, also before the session expires."""
        chores: tuple[tuple[bool, Callable[[], Awaitable[None]]], ...] = (
            (self.state.is_publishing, self._publish),
            (self._launch.rang, self._start_planned_publication),
            (self._expiry.rang, self._expire),
            (self._wants_a_new_run(), partial(self._continue_as_new, start)),
            (self._reminder.is_due, self._reminder.remind),
            (self.payments.is_due, self.payments.check_in_passing),
            (self._can_arm_alarms, self._arm_alarms),
        )
        return next((chore for is_due, chore in chores if is_due), None)

    @property
    def _can_arm_alarms(self) -> bool:
        """Not within a burst: a run that is only a part of one makes do without the timers."""
        return self.state.is_open and not (self._expiry.is_set or self._read_model.in_burst)

    async def _arm_alarms(self) -> None:
        self._expiry.set(self.state.expires_at)
        self._reminder.set()

    async def _publish(self) -> None:
        """In the context of the request that started it, so that its trace shows every step."""
        with adopted(self._publishing_for):
            await PublishSaga(self).run()

    async def _start_planned_publication(self) -> None:
        self.accept(start_publication(self.state, Stamp(now=workflow.now())))

    async def _expire(self) -> None:
        self.accept(changes.expire(self.state, Stamp(now=workflow.now())))

    def _wants_a_new_run(self) -> bool:
        """If possible in the very task that answers the last change of this run, else when all is
        quiet: a message that arrives while a task ends the run is held up for a second, and who
        sends signals waits for no answer before the next one."""
        info = workflow.info()
        read_model = self._read_model
        is_quiet = (self._answers_change and not read_model.writing) or read_model.settled
        is_due = self.state.revision >= self._revision_at_limit and is_quiet
        is_urged = (
            info.is_continue_as_new_suggested()
            or info.is_target_worker_deployment_version_changed()
        )
        return (is_due or is_urged) and read_model.is_portable

    def _continues_next(self) -> bool:
        """Whether what was not written yet is left to the next run."""
        comes_first = self.state.is_publishing or self._launch.rang or self._expiry.rang
        return self.state.is_open and not comes_first and self._wants_a_new_run()

    async def _continue_as_new(self, start: SessionStart) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        moves = workflow.info().is_target_worker_deployment_version_changed()
        workflow.continue_as_new(
            start.model_copy(
                update={
                    "carried": Carried(
                        state=self.state,
                        processed=self._inbox.handled,
                        unprojected=self._read_model.unprojected,
                        read_model_is_behind=not self._read_model.settled,
                        account_check_is_due=self.payments.is_due,
                        remind_before_seconds=self._reminder.before_seconds,
                    )
                }
            ),
            initial_versioning_behavior=(
                ContinueAsNewVersioningBehavior.AUTO_UPGRADE if moves else None
            ),
        )

    def require_editable(self) -> None:
        """
        Raises:
            SessionClosed, Publishing, Unavailable: nothing can be edited, for good or for now.
        """
        require_editable(self.state)
        if self._read_model.is_full:
            raise Unavailable("Too much waits for the database to come back: try again later.")

    def accept(self, change: Change) -> None:
        """Makes a change the session's state."""
        if change.action is None:
            return
        if change.state.is_publishing and not self.state.is_publishing:
            self._publishing_for = contextvars.copy_context()
        self.state = change.state
        self._answers_change = workflow.current_update_info() is not None
        self._set_alarms()
        self._read_model.add(change.action)
        self.payments.note_change(change.action.stage)

    def _set_alarms(self) -> None:
        publication = self.state.publication
        planned = publication.state is PublicationState.SCHEDULED
        if self._expiry.is_set:
            self._expiry.set(self.state.expires_at if self.state.is_open else None)
            self._reminder.set()
        self._launch.set(publication.publish_at if planned and self.state.is_open else None)

    def _note_reminders(self, before_seconds: int | None) -> None:
        self._reminder.before_seconds = before_seconds
        if self._expiry.is_set:
            self._reminder.set()

    @workflow.query(name=ids.QUERY_SESSION, description="The session as the API shows it")
    def session(self) -> SessionView:
        return view_of(self.state, workflow.now(), self._assessor)

    @workflow.update(name=ids.UPDATE_SAVE_STAGE, description="Merge a patch into a stage's draft")
    def save_stage(self, request: SaveStage) -> UpdateResult | None:
        return self._inbox.answer(request, partial(self._saved, request))

    @save_stage.validator
    def _admit_save(self, request: SaveStage) -> None:
        with as_failures():
            if self._inbox.admits(request, expected_revision=request.expected_revision):
                self._saved(request, stamp_of(request.actor))

    def _saved(self, request: SaveStage | StageData, stamp: Stamp) -> Change:
        return changes.save_stage(self.state, request.stage, request.data, stamp)

    @workflow.update(
        name=ids.UPDATE_COMPLETE_STAGE, description="Save a stage if data is given, and go on"
    )
    def complete_stage(self, request: CompleteStage) -> UpdateResult | None:
        """What was sent is kept also when the stage turns out not to be complete."""
        return self._inbox.answer(
            request, partial(self._saved_first, request), partial(self._completed, request)
        )

    @complete_stage.validator
    def _admit_complete(self, request: CompleteStage) -> None:
        with as_failures():
            if self._inbox.admits(request, expected_revision=request.expected_revision):
                self._saved_first(request, stamp_of(request.actor))
                if request.data is None:
                    self._completed(request, stamp_of(request.actor))

    def _saved_first(self, request: CompleteStage, stamp: Stamp) -> Change:
        return changes.save_stage(self.state, request.stage, request.data or {}, stamp)

    def _completed(self, request: CompleteStage, stamp: Stamp) -> Change:
        return changes.complete_stage(self.state, request.stage, stamp)

    @workflow.update(
        name=ids.UPDATE_MOVE_TO_STAGE, description="Go back, or forward over valid stages"
    )
    def move_to_stage(self, request: MoveToStage) -> UpdateResult | None:
        return self._inbox.answer(request, partial(self._moved, request))

    @move_to_stage.validator
    def _admit_move(self, request: MoveToStage) -> None:
        with as_failures():
            if self._inbox.admits(request):
                self._moved(request, stamp_of(request.actor))

    def _moved(self, request: MoveToStage | Transition, stamp: Stamp) -> Change:
        return changes.move_to_stage(self.state, request.from_stage, request.to_stage, stamp)

    @workflow.update(
        name=ids.UPDATE_RESTORE, description="Bring the data of an earlier revision back"
    )
    def restore(self, request: Restore) -> UpdateResult | None:
        return self._inbox.answer(
            request,
            lambda stamp: changes.restore(self.state, request.revision, request.sections, stamp),
        )

    @restore.validator
    def _admit_restore(self, request: Restore) -> None:
        with as_failures():
            self._inbox.admits(request)

    @workflow.update(
        name=ids.UPDATE_CONNECT_PAYMENTS,
        description="Make or find the tenant's Stripe account, and a link to its onboarding",
    )
    async def connect_payments(self, request: ConnectPayments) -> Connected:
        with as_failures():
            return await self.payments.connect(request)

    @connect_payments.validator
    def _admit_connect(self, request: ConnectPayments) -> None:
        with as_failures():
            self._inbox.admits(request)

    @workflow.update(
        name=ids.UPDATE_PUBLISH, description="Publish now or at a time; joins what runs already"
    )
    def publish(self, request: Publish) -> UpdateResult | None:
        return self._inbox.answer(request, partial(self._publishing, request))

    @publish.validator
    def _admit_publish(self, request: Publish) -> None:
        with as_failures():
            require_member(self.state, request.actor)
            self._publishing(request, stamp_of(request.actor))

    def _publishing(self, request: Publish, stamp: Stamp) -> Change:
        return request_publication(self.state, request.publish_at, stamp)

    @workflow.update(name=ids.UPDATE_ABANDON, description="Close the session unpublished")
    def abandon(self, request: Abandon) -> UpdateResult | None:
        return self._inbox.answer(request, lambda stamp: changes.abandon(self.state, stamp))

    @abandon.validator
    def _admit_abandon(self, request: Abandon) -> None:
        with as_failures():
            self._inbox.admits(request)

    @workflow.update(
        name=ids.UPDATE_ABANDON_IDLE, description="Close the session, as nobody works on it"
    )
    def abandon_idle(self, request: AbandonIdle) -> None:
        with as_failures():
            self.accept(self._abandoned_idle(request))

    @abandon_idle.validator
    def _admit_abandon_idle(self, request: AbandonIdle) -> None:
        with as_failures():
            self.require_editable()
            self._abandoned_idle(request)

    def _abandoned_idle(self, request: AbandonIdle) -> Change:
        """By the session itself, as where it expires: who sweeps belongs to no tenant."""
        return changes.abandon_idle(self.state, request.revision, Stamp(now=workflow.now()))

    @workflow.signal(name=ids.SIGNAL_STAGE_DATA, description="As save_stage, fire and forget")
    def stage_data(self, *sent: Any) -> None:
        self._inbox.receive(StageData, sent, self._saved)

    @workflow.signal(
        name=ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED,
        description="Something changed at Stripe: look at the account",
    )
    def payment_account_changed(self, *sent: Any) -> None:
        try:
            changed = PaymentAccountChanged.model_validate(sent[0] if sent else None)
        except ValidationError:
            workflow.logger.warning("signal refused", extra={"code": InvalidRequest.code})
        else:
            self.payments.note_account(changed.account_id)

    @workflow.signal(
        name=ids.SIGNAL_REFRESH_READ_MODEL,
        description="Write the session to the read model again, which may have lost it",
    )
    def refresh_read_model(self, *_ignored: Any) -> None:
        self._read_model.refresh()

    @workflow.signal(name=ids.SIGNAL_TRANSITION, description="As move_to_stage, fire and forget")
    def transition(self, *sent: Any) -> None:
        self._inbox.receive(Transition, sent, self._moved)


def _new_state(start: SessionStart) -> SessionState:
    return start_session(
        start.session_id,
        start.owner,
        created_at=start.created_at or workflow.now(),
        ttl_seconds=start.ttl_seconds,
    )
