"""Connects the tenant's Stripe account, and keeps the session's copy of its status current."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.payments import (
        CheckAccount,
        EnsureAccount,
        LinkRequest,
        PaymentActivities,
    )
    from domain import ids
    from domain.actors import Tenant
    from domain.errors import PaymentsRefused, Unavailable, WizardError
    from domain.session.changes import Stamp, update_payments
    from domain.session.messages import Connected, ConnectPayments
    from domain.session.state import takes_payment
    from domain.stages import Stage
    from domain.values.payments import Payments
    from workflows.session.host import SessionHost

ATTEMPT: Final = timedelta(seconds=25)
"""Slightly longer than the timeout of a request to Stripe."""

HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)
"""Another worker takes over this long after a worker was killed."""

RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)
)

_CONNECT_TIMEOUT: Final = timedelta(seconds=8)

_CHECK_TIMEOUT: Final = timedelta(seconds=2)
"""The user waits for the onboarding link, not for the account's status."""

_BACKGROUND_CHECK_TIMEOUT: Final = timedelta(minutes=1)


class SessionPayments:
    """``is_due`` is true if the account may have changed, so that it has to be fetched."""

    def __init__(self, session: SessionHost, *, is_due: bool) -> None:
        self._session = session
        self.is_due = is_due
        self._was_fetched = False

    def note_change(self, stage: Stage | None) -> None:
        """Makes a fetch due once there are paid tickets; free events never call Stripe.

        At most once per run: later changes arrive by webhook, or when the user connects.
        """
        state = self._session.state
        is_known = self._was_fetched or state.payments.checked_at is not None
        if stage is Stage.TICKET_SETUP and not is_known and takes_payment(state):
            self.is_due = True

    def note_account(self, account_id: str) -> None:
        """Makes a fetch due after a webhook reported that an account changed."""
        own_account_id = self._session.state.payments.account_id
        self.is_due = self.is_due or own_account_id in (None, account_id)

    async def check(self, patience: timedelta) -> None:
        """Fetches the account now.

        Args:
            patience: the time for all attempts together.

        Raises:
            ActivityError: Stripe was not reached in time.
        """
        self.is_due = False
        payments = await self._account_now(patience)
        self._was_fetched = True
        if self._session.state.is_open:
            self._note(payments)

    async def check_in_background(self) -> None:
        """Fetches the account, and stays due if Stripe cannot be reached.

        The timeout is short, because the run loop takes no other step meanwhile.
        """
        try:
            await self.check(_BACKGROUND_CHECK_TIMEOUT)
        except ActivityError:
            self.is_due = True

    async def connect(self, request: ConnectPayments) -> Connected:
        """Finds or creates the tenant's account, and creates a link to its onboarding.

        Raises:
            PaymentsRefused: Stripe declined the request.
            Unavailable: Stripe did not answer in time.
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
                priority=stripe_priority(self._session.state.owner.tenant),
                summary="Create a link to Stripe's onboarding",
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
            priority=stripe_priority(owner.tenant),
            summary="Find or create the tenant's Stripe account",
        )

    async def _check_before_answering(self) -> None:
        """Fetches the account, so that the next read of the session shows it.

        The run loop cannot do this: before it continues as new, it waits for this handler to end.
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
        tenant = self._session.state.owner.tenant
        return await workflow.execute_activity_method(
            PaymentActivities.check_account,
            CheckAccount(tenant=tenant, at=workflow.now()),
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=patience,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY,
            priority=stripe_priority(tenant),
            summary="Fetch the tenant's Stripe account",
        )

    def _note(self, payments: Payments) -> None:
        state = self._session.state
        self._session.accept(update_payments(state, payments, Stamp(now=workflow.now())))


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
