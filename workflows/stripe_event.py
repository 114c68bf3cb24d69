"""Routes one Stripe event from the inbox to every open session of the account's tenant.

The sessions get only the account's id and fetch the account themselves, so old, repeated and
reordered events are harmless.
"""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.inbox import EventStamp, InboxActivities, ReceivedEvent, SessionsQuery
    from domain import ids
    from domain.session.messages import PaymentAccountChanged
    from payments.models import IGNORED, affected_account

SESSIONS_PER_PAGE: Final = 100

_ATTEMPT: Final = timedelta(seconds=10)
_PATIENCE: Final = timedelta(hours=1)
_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)
)


@workflow.defn(name=ids.WIZARD_STRIPE_EVENT)
class StripeEvent:
    @workflow.run
    async def run(self, event_id: str) -> str:
        """Returns the outcome, which is also stored with the event.

        Fails if the event cannot be routed within an hour.
        """
        event = await self._load(event_id)
        if event is None or event.processed:
            return "nothing to do"
        try:
            outcome = await self._route(event)
        except ActivityError as failure:
            reason = failure.cause or failure
            await self._stamp(EventStamp(event_id=event_id, error=f"routing: {reason}"))
            raise ApplicationError("The event could not be routed.", type="not_routed") from failure
        await self._stamp(EventStamp(event_id=event_id, outcome=outcome))
        return outcome

    async def _load(self, event_id: str) -> ReceivedEvent | None:
        return await workflow.execute_activity_method(
            InboxActivities.load_stripe_event,
            event_id,
            start_to_close_timeout=_ATTEMPT,
            retry_policy=_RETRY,
            summary="Load the event from the inbox",
        )

    async def _route(self, event: ReceivedEvent) -> str:
        account_id = affected_account(event.type, event.account_id)
        if account_id is None:
            return IGNORED
        notified = 0
        after: str | None = None
        while True:
            page = await self._open_sessions(account_id, after)
            for session_id in page:
                notified += await self._notify(session_id, account_id)
            if len(page) < SESSIONS_PER_PAGE:
                return f"notified {notified} {'session' if notified == 1 else 'sessions'}"
            after = page[-1]

    async def _open_sessions(self, account_id: str, after: str | None) -> list[str]:
        return await workflow.execute_activity_method(
            InboxActivities.sessions_of_account,
            SessionsQuery(account_id=account_id, after=after, limit=SESSIONS_PER_PAGE),
            start_to_close_timeout=_ATTEMPT,
            schedule_to_close_timeout=_PATIENCE,
            retry_policy=_RETRY,
            summary="List open sessions of the account's tenant",
        )

    async def _notify(self, session_id: str, account_id: str) -> bool:
        """Signals one session. Returns false if it is closed."""
        handle = workflow.get_external_workflow_handle(ids.session_workflow_id(session_id))
        try:
            await handle.signal(
                ids.SIGNAL_PAYMENT_ACCOUNT_CHANGED, PaymentAccountChanged(account_id=account_id)
            )
        except FailureError:
            return False
        return True

    async def _stamp(self, stamp: EventStamp) -> None:
        await workflow.execute_activity_method(
            InboxActivities.stamp_stripe_event,
            stamp,
            start_to_close_timeout=_ATTEMPT,
            retry_policy=_RETRY,
            summary="Record the outcome",
        )
