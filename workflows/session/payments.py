"""Keeps the session's copy of the status of its tenant's Stripe account current."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.payments import (
        CheckAccount,
        PaymentActivities,
        StoredStatusQuery,
    )
    from domain import ids
    from domain.actors import Tenant
    from domain.errors import PaymentsRefused, Unavailable, WizardError
    from domain.session.changes import Stamp, note_check, update_payments
    from domain.session.messages import (
        AccountCheck,
        Carried,
        PaymentAccountChanged,
    )
    from domain.session.state import takes_payment
    from domain.stages import Stage
    from domain.values.payments import Payments, PaymentStatus, newer_of
    from workflows.session.host import SessionHost
    from workflows.timer import Timer

ATTEMPT: Final = timedelta(seconds=25)
"""Slightly longer than the timeout of a request to Stripe."""

DATABASE_ATTEMPT: Final = timedelta(seconds=5)
"""Of an activity that uses only Postgres."""

HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)
"""Another worker takes over this long after a worker was killed."""

RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)
)

ONCE: Final = RetryPolicy(maximum_attempts=1)
"""After a failure, one request shows whether Stripe can be reached again."""

_CHECK_TIMEOUT: Final = timedelta(seconds=2)
"""The user waits for the onboarding link, not for the account's status."""

_BACKGROUND_CHECK_TIMEOUT: Final = timedelta(minutes=1)

_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_MOST_DOUBLINGS: Final = 10
"""More would exceed the longest pause, and at last the range of ``timedelta``."""


class SessionPayments:
    """Decides when the account is checked, and which status is the newest.

    A status and a final refusal are answers: the account is checked again only after a webhook,
    when the user connects, and by a publication. If Stripe cannot be reached, the session asks
    again after a pause, which doubles each time.
    """

    def __init__(self, session: SessionHost, carried: Carried | None) -> None:
        self._session = session
        self._due = _check_of(carried)
        self._retry = Timer("The Stripe account is checked again")
        self._handed_on: Payments | None = None
        self._has_answer = False

    @property
    def is_due(self) -> bool:
        """Whether the account has to be checked now."""
        if self._due is None:
            return False
        return self._retry.at is None or self._retry.at <= workflow.now()

    @property
    def due_later(self) -> AccountCheck | None:
        """The check that the next run of the session makes."""
        return self._due

    def resume(self) -> None:
        """Continues the pause of an earlier run."""
        if self._due and self._due.not_before and workflow.patched(ids.PATCH_ACCOUNT_PAUSES):
            self._retry.set(self._due.not_before)

    def note_change(self, stage: Stage | None) -> None:
        """Makes a check due once there are paid tickets; free events never call Stripe.

        At most once per run: later changes arrive by webhook, or when the user connects.
        """
        state = self._session.state
        is_known = self._has_answer or not state.payments.is_unknown
        if is_known or self._due is not None or stage is not Stage.TICKET_SETUP:
            return
        if takes_payment(state):
            self._want(AccountCheck(accepts_stored=True))

    def note_account(self, changed: PaymentAccountChanged) -> None:
        """Takes over the status that a webhook's signal has; without one, a check becomes due."""
        if changed.payments is not None and workflow.patched(ids.PATCH_HANDED_ACCOUNT):
            self._handed_on = newer_of(changed.payments, self._handed_on)
            self.take_handed_on()
        elif self._session.state.payments.account_id in (None, changed.account_id):
            self._want(AccountCheck())

    def take_handed_on(self) -> None:
        """Takes over the status of the last signal, unless a publication is running.

        A running publication is the only writer of its session: the workflow calls this again
        after it.
        """
        state, handed_on = self._session.state, self._handed_on
        if handed_on is None or state.is_publishing:
            return
        self._handed_on = None
        if state.is_open and self._note(handed_on):
            self._want(None)

    async def check(self, patience: timedelta) -> None:
        """Fetches the account now.

        Args:
            patience: the time for all attempts together.

        Raises:
            ActivityError: Stripe was not reached in time, or declined the request.
        """
        self._want(None)
        await self._check(AccountCheck(), patience)

    async def check_in_background(self, patience: timedelta = _BACKGROUND_CHECK_TIMEOUT) -> None:
        """Makes the check that is due, or else fetches the account, and never raises.

        ``patience`` is short, because the run loop takes no other step meanwhile.
        """
        due = self._due or AccountCheck()
        self._want(None)
        try:
            await self._check(due, patience)
        except ActivityError as failure:
            self._repeat_after(failure, due)

    def _repeat_after(self, failure: ActivityError, failed: AccountCheck) -> None:
        if self._due is not None:  # a message made it due again in the meantime
            return
        if not workflow.patched(ids.PATCH_ACCOUNT_PAUSES):
            self._want(AccountCheck())
        elif isinstance(refusal_of(failure), PaymentsRefused):
            self._has_answer = True
        else:
            failures = failed.failures + 1
            not_before = workflow.now() + pause_after(failures)
            self._want(failed.model_copy(update={"failures": failures, "not_before": not_before}))

    def _want(self, check: AccountCheck | None) -> None:
        self._due = check
        self._retry.set(check.not_before if check else None)

    async def _check(self, check: AccountCheck, patience: timedelta) -> None:
        payments = await self._stored_status(check, patience)
        if payments is None:
            payments = await self._account_now(check, patience)
        self._has_answer = True
        if self._session.state.is_open:
            self._note(payments)

    async def _stored_status(self, check: AccountCheck, patience: timedelta) -> Payments | None:
        """Does not wait in Stripe's task queue, whose rate is limited: every session with paid
        tickets asks once. None if the check does not accept it, or if there is none."""
        if not check.accepts_stored or not workflow.patched(ids.PATCH_STORED_STATUS):
            return None
        return await workflow.execute_activity_method(
            PaymentActivities.stored_status,
            StoredStatusQuery(tenant=self._session.state.owner.tenant),
            start_to_close_timeout=DATABASE_ATTEMPT,
            schedule_to_close_timeout=patience,
            retry_policy=ONCE if check.failures else RETRY,
            summary="Read the stored status of the tenant's Stripe account",
        )

    async def check_before_answering(self) -> None:
        """Fetches the account, so that the next read of the session shows it.

        The run loop cannot do this: before it continues as new, it waits for the handler to end.
        """
        try:
            payments = await self._account_now(AccountCheck(), _CHECK_TIMEOUT)
        except ActivityError:
            self._want(AccountCheck())
        else:
            self.note_answer(payments)

    def note_answer(self, payments: Payments) -> None:
        """Stores the status that a message to the session has fetched."""
        state = self._session.state
        # A publication fetches the account itself.
        if state.is_open and not state.is_publishing:
            self._note(payments)

    def cancel_check(self) -> None:
        """Makes no check due: a change of the session has stored the newest status."""
        self._has_answer = True
        self._want(None)

    async def _account_now(self, check: AccountCheck, patience: timedelta) -> Payments:
        state = self._session.state
        return await workflow.execute_activity_method(
            PaymentActivities.check_account,
            CheckAccount(
                tenant=state.owner.tenant,
                at=workflow.now(),
                known=state.payments,
                accepts_stored=check.accepts_stored,
            ),
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=patience,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=ONCE if check.failures else RETRY,
            priority=stripe_priority(state.owner.tenant),
            summary="Fetch the tenant's Stripe account",
        )

    def _note(self, payments: Payments) -> bool:
        """Stores a status, unless a newer one is known. Returns whether it was stored."""
        state = self._session.state
        if newer_of(payments, state.payments) is not payments:
            return False
        has_none = payments.status is PaymentStatus.NOT_CONNECTED
        if has_none and state.payments.is_unknown and not workflow.patched(ids.PATCH_FIRST_ANSWER):
            self._session.accept(note_check(state, payments))
        else:
            self._session.accept(update_payments(state, payments, Stamp(now=workflow.now())))
        return True


def pause_after(failures: int) -> timedelta:
    """The pause after a number of failed checks in a row, at least one."""
    doublings = min(failures - 1, _MOST_DOUBLINGS)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)


def _check_of(carried: Carried | None) -> AccountCheck | None:
    if carried is None or not carried.account_check_is_due:
        return None
    return carried.account_check or AccountCheck()


def stripe_priority(tenant: Tenant) -> Priority:
    """Shares the task queue, whose rate is limited, fairly between tenants.

    The server ignores it unless ``matching.enableFairness`` is on.
    """
    return Priority(fairness_key=ids.fairness_key(str(tenant)))


def refusal_of(failure: ActivityError) -> WizardError:
    """Converts a failed activity: PaymentsRefused, with Stripe's reason, if Stripe declined the
    request for good; otherwise Unavailable, because a repeat may succeed."""
    cause = failure.cause
    if isinstance(cause, ApplicationError) and cause.non_retryable and _is_of_stripe(cause):
        return PaymentsRefused(cause.message)
    return Unavailable("Stripe did not respond in time. Try again.")


def _is_of_stripe(cause: ApplicationError) -> bool:
    """Recognized by the code: activities that do not call Stripe can fail for good as well."""
    return (cause.type or "").startswith("payments_")
