"""Processes one Stripe event from the inbox.

- Of an account: fetches the account, and hands its status on to every open session of its tenant.
- Of a checkout: signals the process of its order, which looks at its own checkout. The API has done
  that already, unless Temporal did not accept the signal.
- Of a refund or a dispute: fetches the charge, and records it with its order.

The event says only that an object changed. Its status is that of the fetch, so old, repeated and
reordered events are harmless.
"""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.account_changes import AccountChangeActivities, HandAccountOn
    from activities.checkouts import ChargeRef, CheckoutActivities
    from activities.inbox import EventStamp, InboxActivities, ReceivedEvent, SessionsQuery
    from activities.orders import OrderActivities, RecordCharge
    from activities.payments import FetchAccount, PaymentActivities
    from activities.signalling import PAGE_SIZE
    from domain import ids
    from domain.session.messages import PaymentAccountChanged
    from payments.checkout_models import ChargeNow
    from payments.errors import ACCOUNT_GONE, NOT_FOUND
    from payments.event_types import DEAUTHORIZED
    from payments.models import (
        IGNORED,
        ORDER_NOT_OPEN,
        ORDER_SIGNALLED,
        EventSubject,
        ObjectReference,
        subject_of,
    )

_ATTEMPT: Final = timedelta(seconds=10)
_FETCH_ATTEMPT: Final = timedelta(seconds=25)
_CHARGE_ATTEMPT: Final = timedelta(seconds=50)
"""Two requests, each of 20 s at most."""
_RECORD_ATTEMPT: Final = timedelta(seconds=20)
_HAND_ON_ATTEMPT: Final = timedelta(minutes=10)
_HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)
_PATIENCE: Final = timedelta(hours=1)
_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)
)

_FETCH_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)
)
"""Grows further than other pauses: during an outage of Stripe, every event asks."""


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
        account_id, reference = event.account_id, event.reference
        subject = subject_of(event.type, account_id, reference)
        if subject is None or account_id is None:
            return IGNORED
        if subject is EventSubject.ACCOUNT:
            return await self._route_account(event, account_id)
        if reference is None or not workflow.patched(ids.PATCH_ORDER_EVENTS):
            return IGNORED
        if subject is EventSubject.CHECKOUT:
            return await self._signal_order(reference)
        return await self._record_charge(account_id, reference)

    async def _route_account(self, event: ReceivedEvent, account_id: str) -> str:
        if workflow.patched(ids.PATCH_ONE_FETCH):
            notified = await self._hand_on(event, account_id)
        else:
            notified = await self._notify_all(account_id)
        return f"notified {notified} {'session' if notified == 1 else 'sessions'}"

    async def _signal_order(self, checkout: ObjectReference) -> str:
        """The order decides by what it fetches, so an event of another account has no effect."""
        order = workflow.get_external_workflow_handle(
            ids.order_workflow_id(checkout.order_id or "")
        )
        try:
            await order.signal(ids.SIGNAL_CHECKOUT_CHANGED, {"checkout_id": checkout.id})
        except FailureError:
            return ORDER_NOT_OPEN
        return ORDER_SIGNALLED

    async def _record_charge(self, account_id: str, reference: ObjectReference) -> str:
        """Fails, to be started again, if the order is not confirmed within an hour."""
        # Before the fetch: a later change has an event of its own, with a later fetch.
        now = workflow.now()
        try:
            charge = await self._fetch_charge(account_id, reference.payment_intent or "")
        except ActivityError as failure:
            if _is_gone(failure):
                return "the charge is no longer accessible"
            raise
        order = await workflow.execute_activity_method(
            OrderActivities.record_charge,
            RecordCharge(charge=charge, at=now),
            task_queue=ids.ORDERS_TASK_QUEUE,
            start_to_close_timeout=_RECORD_ATTEMPT,
            schedule_to_close_timeout=_PATIENCE,
            retry_policy=_RETRY,
            summary="Record refunds and disputes of the order",
        )
        return IGNORED if order is None else f"order {order.state}"

    async def _fetch_charge(self, account_id: str, payment_intent_id: str) -> ChargeNow:
        return await workflow.execute_activity_method(
            CheckoutActivities.fetch_charge,
            ChargeRef(account_id=account_id, payment_intent_id=payment_intent_id),
            task_queue=ids.ORDERS_STRIPE_TASK_QUEUE,
            start_to_close_timeout=_CHARGE_ATTEMPT,
            schedule_to_close_timeout=_PATIENCE,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            retry_policy=_FETCH_RETRY,
            priority=Priority(fairness_key=ids.fairness_key(account_id)),
            summary="Fetch the charge",
        )

    async def _hand_on(self, event: ReceivedEvent, account_id: str) -> int:
        """Fetches the account and hands it on. Returns the number of sessions."""
        payments = await workflow.execute_activity_method(
            PaymentActivities.fetch_account,
            FetchAccount(account_id=account_id, is_deauthorized=event.type == DEAUTHORIZED),
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=_FETCH_ATTEMPT,
            schedule_to_close_timeout=_PATIENCE,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            retry_policy=_FETCH_RETRY,
            priority=Priority(fairness_key=ids.fairness_key(account_id)),
            summary="Fetch the account",
        )
        if payments is None:
            return 0
        return await workflow.execute_activity_method(
            AccountChangeActivities.hand_account_on,
            HandAccountOn(account_id=account_id, payments=payments),
            start_to_close_timeout=_HAND_ON_ATTEMPT,
            schedule_to_close_timeout=_PATIENCE,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            retry_policy=_RETRY,
            summary="Pass the status to the open sessions of the account's tenant",
        )

    async def _notify_all(self, account_id: str) -> int:
        """As events of an earlier release do: each session fetches the account itself."""
        notified = 0
        after: str | None = None
        while True:
            page = await self._open_sessions(account_id, after)
            for session_id in page:
                notified += await self._notify(session_id, account_id)
            if len(page) < PAGE_SIZE:
                return notified
            after = page[-1]

    async def _open_sessions(self, account_id: str, after: str | None) -> list[str]:
        return await workflow.execute_activity_method(
            InboxActivities.sessions_of_account,
            SessionsQuery(account_id=account_id, after=after, limit=PAGE_SIZE),
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


def _is_gone(failure: ActivityError) -> bool:
    """Whether the account was disconnected, or the payment was deleted with its test data."""
    cause = failure.cause
    return isinstance(cause, ApplicationError) and cause.type in (ACCOUNT_GONE, NOT_FOUND)
