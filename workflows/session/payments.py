"""A session's view of its tenant's Stripe account: connect it, fetch it, keep it current."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.payments import (
        CheckAccount,
        EnsureAccount,
        LinkRequest,
        PaymentActivities,
    )
    from domain import ids
    from domain.errors import PaymentsRefused, Unavailable, WizardError
    from domain.session.changes import Stamp, update_payments
    from domain.session.messages import Connected, ConnectPayments
    from domain.session.state import takes_payment
    from domain.stages import Stage
    from domain.values.payments import Payments
    from workflows.session.host import SessionHost

ATTEMPT: Final = timedelta(seconds=25)
"""A little longer than the longest request to Stripe."""

HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)
"""If a worker is killed, another one takes over after this time."""

RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)
)

_CONNECT_TIMEOUT: Final = timedelta(seconds=8)

_CHECK_TIMEOUT: Final = timedelta(seconds=2)
"""The person waits for the link, not for the account's state."""

_BACKGROUND_CHECK_TIMEOUT: Final = timedelta(minutes=1)


class SessionPayments:
    """``is_due``: the account may have changed, and is to be fetched."""

    def __init__(self, session: SessionHost, *, is_due: bool) -> None:
        self._session = session
        self.is_due = is_due
        self._was_fetched = False

    def note_change(self, stage: Stage | None) -> None:
        """Fetch the account once paid tickets appear; free events never touch Stripe.

        Once per run: later changes arrive by webhook, or by connecting.
        """
        state = self._session.state
        is_known = self._was_fetched or state.payments.checked_at is not None
        if stage is Stage.TICKET_SETUP and not is_known and takes_payment(state):
            self.is_due = True

    def note_account(self, account_id: str) -> None:
        """A webhook says that an account changed."""
        known = self._session.state.payments.account_id
        self.is_due = self.is_due or known in (None, account_id)

    async def check(self, patience: timedelta) -> None:
        """Fetch the account now.

        Raises:
            ActivityError: Stripe was not reached in time.
        """
        self.is_due = False
        payments = await self._account_now(patience)
        self._was_fetched = True
        if self._session.state.is_open:
            self._note(payments)

    async def check_in_background(self) -> None:
        """Stay due if Stripe cannot be reached.

        Each attempt is short: meanwhile the run loop takes no other step.
        """
        try:
            await self.check(_BACKGROUND_CHECK_TIMEOUT)
        except ActivityError:
            self.is_due = True

    async def connect(self, request: ConnectPayments) -> Connected:
        """Create or find the tenant's account, and a new link to its onboarding.

        Raises:
            PaymentsRefused, Unavailable: Stripe declined, or could not be reached in time.
        """
        try:
            account_id = await self._ensure_account()
            onboarding = await workflow.execute_activity_method(
                PaymentActivities.create_onboarding_link,
                LinkRequest(
                    account_id=account_id,
                    return_url=request.return_url,
                    refresh_url=request.refresh_url,
                ),
                task_queue=ids.STRIPE_TASK_QUEUE,
                start_to_close_timeout=ATTEMPT,
                schedule_to_close_timeout=_CONNECT_TIMEOUT,
                retry_policy=RETRY,
                summary="A link to the account's onboarding",
            )
        except ActivityError as failure:
            raise refusal_of(failure) from failure
        await self._check_before_answering()
        return Connected(
            account_id=account_id,
            onboarding_url=onboarding.url,
            expires_at=onboarding.expires_at,
        )

    async def _ensure_account(self) -> str:
        owner = self._session.state.owner
        organizer = self._session.state.section(Stage.ORGANIZER_SETUP)
        name = organizer.get("organization") or organizer.get("name")
        return await workflow.execute_activity_method(
            PaymentActivities.ensure_account,
            EnsureAccount(
                tenant=owner.tenant,
                email=owner.email,
                display_name=name if isinstance(name, str) else None,
            ),
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=_CONNECT_TIMEOUT,
            retry_policy=RETRY,
            summary="The tenant's Stripe account, made if there is none",
        )

    async def _check_before_answering(self) -> None:
        """Fetch the account, so that the next read of the session shows it.

        The run loop cannot do it: it may be waiting for this handler, to continue as new.
        """
        try:
            payments = await self._account_now(_CHECK_TIMEOUT)
        except ActivityError:
            self.is_due = True
            return
        state = self._session.state
        # A publication fetches the account itself.
        if state.is_open and not state.is_publishing:
            self._note(payments)

    async def _account_now(self, patience: timedelta) -> Payments:
        return await workflow.execute_activity_method(
            PaymentActivities.check_account,
            CheckAccount(tenant=self._session.state.owner.tenant, at=workflow.now()),
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=patience,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY,
            summary="The tenant's Stripe account, as it is now",
        )

    def _note(self, payments: Payments) -> None:
        state = self._session.state
        self._session.accept(update_payments(state, payments, Stamp(now=workflow.now())))


def refusal_of(failure: ActivityError) -> WizardError:
    """A final refusal carries Stripe's reason; without an answer the request may be repeated."""
    cause = failure.cause
    if isinstance(cause, ApplicationError) and cause.non_retryable and _is_of_stripe(cause):
        return PaymentsRefused(cause.message)
    return Unavailable("Stripe did not answer in time. Try again.")


def _is_of_stripe(cause: ApplicationError) -> bool:
    """By its code: other activities fail for good too."""
    return (cause.type or "").startswith("payments_")
