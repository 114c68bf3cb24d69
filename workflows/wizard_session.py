"""The workflow of one wizard session, which ends completed, abandoned or expired."""

import asyncio
import contextvars
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError
from temporalio import workflow
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.errors import InvalidRequest, Unavailable
    from domain.publishing.publication import (
        cancel_publication,
        request_publication,
        start_publication,
    )
    from domain.session import changes
    from domain.session.answers import UpdateResult
    from domain.session.changes import Change, Stamp
    from domain.session.messages import (
        Abandon,
        AbandonIdle,
        CancelPublication,
        Carried,
        CompleteStage,
        Connected,
        ConnectPayments,
        DisconnectPayments,
        MoveToStage,
        PaymentAccountChanged,
        Publish,
        Restore,
        SaveStage,
        SessionStart,
        StageData,
        Transition,
    )
    from domain.session.run_policy import RunStep, Situation, is_write_due, next_step
    from domain.session.run_rules import CHANGES_PER_RUN, NEWEST_RULES, rules_of
    from domain.session.state import (
        SessionState,
        assess_session,
        following,
        require_editable,
        start_session,
        view_of,
    )
    from domain.session.view import SessionView
    from domain.validation.assessment import Assessment, Assessor
    from temporal.failures import as_failures
    from temporal.search_attributes import known_to_temporal
    from workflows.session.account_connection import AccountConnection
    from workflows.session.messages import (
        ChangeStep,
        SessionMessages,
        change_step,
        handled_by,
    )
    from workflows.session.payments import SessionPayments
    from workflows.session.publish_saga import PublishSaga
    from workflows.session.read_model import ReadModel
    from workflows.session.scheduled_check import ScheduledCheck
    from workflows.session.timers import SessionTimers

_NOTHING_TO_DO: Final = frozenset({RunStep.WAIT, RunStep.WRITE})

_OWN_CHANGES: Final[Mapping[RunStep, Callable[[SessionState, Stamp], Change]]] = {
    RunStep.LAUNCH: start_publication,
    RunStep.EXPIRE: changes.expire,
    RunStep.REMIND: changes.remind,
}


@workflow.defn(name=ids.WIZARD_SESSION)
class WizardSession:
    @workflow.init
    def __init__(self, start: SessionStart) -> None:
        carried = start.carried
        self._rules = rules_of(start.rules)
        state = carried.state if carried else _new_state(start)
        self.state: SessionState = following(state, self._rules)
        self._start = start
        self._assessor = Assessor()
        self._messages = SessionMessages(self, handled_by(carried))
        self._timers = SessionTimers(carried.remind_before_seconds if carried else None)
        self._payments = SessionPayments(self, carried)
        self._connection = AccountConnection(self, self._payments)
        self._read_model = ReadModel(
            self,
            is_write_due=lambda: is_write_due(self._situation(), workflow.now()),
            on_written=lambda seconds: self._timers.remind_before(seconds, self.state),
            unprojected=carried.unprojected if carried else None,
            unprojected_bytes=carried.unprojected_bytes if carried else None,
            is_behind=bool(carried and carried.read_model_is_behind),
            known_attributes=known_to_temporal(),
            rules=self._rules,
        )
        self._first_revision = self.state.revision
        self._first_history_size = workflow.info().get_current_history_size()
        self._answers_change = False
        self._publication_requested_in = contextvars.copy_context()

    @workflow.run
    async def run(self, _start: SessionStart) -> SessionView:
        """Takes each step when it is due, until the session is closed and in the read model."""
        writing = asyncio.create_task(self._read_model.keep_up())
        self._timers.follow(self.state)
        self._payments.resume()
        while self.state.is_open:
            await self._take(await self._due_step())
        await workflow.wait_condition(lambda: self._read_model.is_settled)
        await workflow.wait_condition(workflow.all_handlers_finished)
        writing.cancel()
        return self.session()

    async def _due_step(self) -> RunStep:
        await workflow.wait_condition(lambda: self._next_step() not in _NOTHING_TO_DO)
        return self._next_step()

    def _next_step(self) -> RunStep:
        return next_step(self._situation(), workflow.now())

    def _situation(self) -> Situation:
        info = workflow.info()
        return Situation(
            is_open=self.state.is_open,
            is_publishing=self.state.is_publishing,
            publish_at=self._timers.publication.at,
            check_publication_at=self._timers.check.at,
            expires_at=self._timers.expiry.at,
            remind_at=self._timers.reminder.at,
            account_check_is_due=self._payments.is_due,
            backlog=self._read_model.backlog,
            is_writing=self._read_model.is_writing,
            run_is_full=self._is_run_full(),
            answers_change=self._answers_change,
            new_run_is_suggested=(
                info.is_continue_as_new_suggested()
                or info.is_target_worker_deployment_version_changed()
            ),
            fits_into_new_run=self._read_model.is_portable,
        )

    def _is_run_full(self) -> bool:
        growth = workflow.info().get_current_history_size() - self._first_history_size
        changes_made = self.state.revision - self._first_revision
        return changes_made >= CHANGES_PER_RUN or growth >= self._rules.history_growth

    async def _take(self, due: RunStep) -> None:
        match due:
            case RunStep.PUBLISH:
                await PublishSaga(self, self._payments, self._publication_requested_in).run()
                self._messages.record_refusals()
                self._payments.take_handed_on()
            case RunStep.LAUNCH | RunStep.EXPIRE | RunStep.REMIND:
                self.accept(_OWN_CHANGES[due](self.state, _own_stamp()))
            case RunStep.CONTINUE_AS_NEW:
                await self._continue_as_new()
            case RunStep.CHECK_ACCOUNT:
                await self._payments.check_in_background()
            case RunStep.ARM_TIMERS:
                self._timers.arm(self.state)
            case RunStep.CHECK_PUBLICATION:
                await ScheduledCheck(self, self._payments).run()
                self._timers.follow(self.state)

    async def _continue_as_new(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        moves = workflow.info().is_target_worker_deployment_version_changed()
        carried = Carried(
            state=self.state,
            handled=list(self._messages.handled),
            unprojected=self._read_model.unprojected,
            unprojected_bytes=self._read_model.unprojected_bytes,
            read_model_is_behind=not self._read_model.is_settled,
            account_check_is_due=self._payments.due_later is not None,
            account_check=self._payments.due_later,
            remind_before_seconds=self._timers.remind_before_seconds,
        )
        workflow.continue_as_new(
            self._start.model_copy(update={"carried": carried, "rules": NEWEST_RULES}),
            initial_versioning_behavior=(
                ContinueAsNewVersioningBehavior.AUTO_UPGRADE if moves else None
            ),
        )

    def accept(self, change: Change) -> None:
        """Applies a change to the session's state, and queues its action for the read model."""
        if change.action is None:
            self.state = change.state
            return
        if change.state.is_publishing and not self.state.is_publishing:
            self._publication_requested_in = contextvars.copy_context()
        self.state = change.state
        self._answers_change = workflow.current_update_info() is not None
        self._timers.follow(self.state)
        self._read_model.add(change.action)
        self._payments.note_change(change.action.stage)

    def require_editable(self, *, is_acknowledged: bool = False) -> None:
        """
        Args:
            is_acknowledged: the change is in the history already, and its sender has a response.

        Raises:
            SessionClosed, Publishing: as :func:`domain.session.state.require_editable`.
            Unavailable: too many changes wait for the read model.
        """
        require_editable(self.state)
        if self._read_model.is_full or (self._is_history_full() and not is_acknowledged):
            raise Unavailable("Too many changes are waiting for the database. Try again later.")

    def _is_history_full(self) -> bool:
        """Far below the limits at which Temporal ends a workflow.

        Only a run that cannot continue as new gets there: its changes wait for Postgres.
        """
        info, rules = workflow.info(), self._rules
        return (
            info.get_current_history_size() >= rules.history_bytes
            or info.get_current_history_length() >= rules.history_events
            or self.state.revision - self._first_revision >= rules.changes
        )

    def assess(self) -> Assessment:
        return assess_session(self.state, workflow.now(), self._assessor)

    @workflow.query(name=ids.QUERY_SESSION, description="The session as the API shows it")
    def session(self) -> SessionView:
        return view_of(self.state, workflow.now(), self._assessor)

    @workflow.update(name=ids.UPDATE_SAVE_STAGE, description="Merge a patch into a stage's draft")
    def save_stage(self, request: SaveStage) -> UpdateResult | None:
        return self._messages.answer(
            request, change_step(changes.save_stage, request.stage, request.data)
        )

    @save_stage.validator
    def _admit_save(self, request: SaveStage) -> None:
        self._messages.admit(request, change_step(changes.save_stage, request.stage, request.data))

    @workflow.update(
        name=ids.UPDATE_COMPLETE_STAGE,
        description="Save a stage if data is given, then move to the next one",
    )
    def complete_stage(self, request: CompleteStage) -> UpdateResult | None:
        """The data is saved even if the stage is incomplete."""
        return self._messages.answer(request, *_completion_steps(request))

    @complete_stage.validator
    def _admit_complete(self, request: CompleteStage) -> None:
        """With data, only the save is tried: the handler checks completeness after it."""
        self._messages.admit(request, _completion_steps(request)[0])

    @workflow.update(
        name=ids.UPDATE_MOVE_TO_STAGE, description="Move back, or forward past valid stages"
    )
    def move_to_stage(self, request: MoveToStage) -> UpdateResult | None:
        return self._messages.answer(
            request, change_step(changes.move_to_stage, request.from_stage, request.to_stage)
        )

    @move_to_stage.validator
    def _admit_move(self, request: MoveToStage) -> None:
        self._messages.admit(
            request, change_step(changes.move_to_stage, request.from_stage, request.to_stage)
        )

    @workflow.update(name=ids.UPDATE_RESTORE, description="Restore the data of an earlier revision")
    def restore(self, request: Restore) -> UpdateResult | None:
        return self._messages.answer(
            request, change_step(changes.restore, request.revision, request.sections)
        )

    @restore.validator
    def _admit_restore(self, request: Restore) -> None:
        self._messages.admit(request)

    @workflow.update(
        name=ids.UPDATE_CONNECT_PAYMENTS,
        description="Find or create the tenant's Stripe account, and link to its onboarding",
    )
    async def connect_payments(self, request: ConnectPayments) -> Connected:
        with self._messages.one_time(request) as is_repeat:
            connected = await self._connection.connect(request)
        return connected.model_copy(
            update={
                "fingerprint": request.fingerprint,
                "attempt": request.attempt,
                "is_repeat": is_repeat,
            }
        )

    @connect_payments.validator
    def _admit_connect(self, request: ConnectPayments) -> None:
        self._messages.admit(request)

    @workflow.update(
        name=ids.UPDATE_DISCONNECT_PAYMENTS,
        description="Disconnect the tenant's Stripe account, so that another one can be connected",
    )
    async def disconnect_payments(self, request: DisconnectPayments) -> UpdateResult | None:
        with self._messages.work_of(request) as is_repeat:
            ended = None if is_repeat else await self._connection.disconnect()
        # While the account was ended, the session may have been closed, or a publication begun.
        is_editable = self.state.is_open and not self.state.is_publishing
        if ended is None or ended.account_id is None or not is_editable:
            return self._messages.answer(request)
        result = self._messages.answer(request, change_step(changes.update_payments, ended))
        self._payments.cancel_check()
        await self._connection.hand_on(ended)
        return result

    @disconnect_payments.validator
    def _admit_disconnect(self, request: DisconnectPayments) -> None:
        self._messages.admit(request)

    @workflow.update(
        name=ids.UPDATE_PUBLISH,
        description="Publish now or at a given time; joins a running publication",
    )
    def publish(self, request: Publish) -> UpdateResult | None:
        return self._messages.answer(request, change_step(request_publication, request.publish_at))

    @publish.validator
    def _admit_publish(self, request: Publish) -> None:
        self._messages.admit_publish(request)

    @workflow.update(
        name=ids.UPDATE_CANCEL_PUBLICATION, description="Cancel the scheduled publication"
    )
    def cancel_publication(self, request: CancelPublication) -> UpdateResult | None:
        lifetime = timedelta(seconds=self._start.ttl_seconds)
        return self._messages.answer(request, change_step(cancel_publication, lifetime))

    @cancel_publication.validator
    def _admit_cancel_publication(self, request: CancelPublication) -> None:
        self._messages.admit(request)

    @workflow.update(name=ids.UPDATE_ABANDON, description="Close the session without publishing")
    def abandon(self, request: Abandon) -> UpdateResult | None:
        return self._messages.answer(request, changes.abandon)

    @abandon.validator
    def _admit_abandon(self, request: Abandon) -> None:
        self._messages.admit(request)

    @workflow.update(
        name=ids.UPDATE_ABANDON_IDLE, description="Close the session because it is idle"
    )
    def abandon_idle(self, request: AbandonIdle) -> None:
        """The change has no actor, like an expiry: the sweep belongs to no tenant."""
        with as_failures():
            self.accept(changes.abandon_idle(self.state, request.revision, _own_stamp()))

    @abandon_idle.validator
    def _admit_abandon_idle(self, request: AbandonIdle) -> None:
        with as_failures():
            self.require_editable()
            changes.abandon_idle(self.state, request.revision, _own_stamp())

    @workflow.signal(name=ids.SIGNAL_STAGE_DATA, description="Like save_stage, without a response")
    def stage_data(self, *sent: Any) -> None:
        self._messages.receive(
            StageData, sent, lambda patch: change_step(changes.save_stage, patch.stage, patch.data)
        )

    @workflow.signal(
        name=ids.SIGNAL_TRANSITION, description="Like move_to_stage, without a response"
    )
    def transition(self, *sent: Any) -> None:
        self._messages.receive(
            Transition,
            sent,
            lambda move: change_step(changes.move_to_stage, move.from_stage, move.to_stage),
        )

    @workflow.signal(
        name=ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED,
        description="The Stripe account has changed: apply its new status, or fetch it",
    )
    def payment_account_changed(self, *sent: Any) -> None:
        try:
            changed = PaymentAccountChanged.model_validate(sent[0] if sent else None)
        except ValidationError:
            workflow.logger.warning("signal refused", extra={"code": InvalidRequest.code})
        else:
            self._payments.note_account(changed)

    @workflow.signal(
        name=ids.SIGNAL_REFRESH_READ_MODEL,
        description="Write the session to the read model again",
    )
    def refresh_read_model(self, *_ignored: Any) -> None:
        self._read_model.refresh()


def _completion_steps(request: CompleteStage) -> tuple[ChangeStep, ...]:
    """At least one: with data, it is saved first."""
    completion = change_step(changes.complete_stage, request.stage)
    if request.data is None:
        return (completion,)
    return change_step(changes.save_stage, request.stage, request.data), completion


def _new_state(start: SessionStart) -> SessionState:
    return start_session(
        start.session_id,
        start.owner,
        created_at=start.created_at or workflow.now(),
        ttl_seconds=start.ttl_seconds,
    )


def _own_stamp() -> Stamp:
    """The stamp of a change that the session makes by itself."""
    return Stamp(now=workflow.now())
