"""The activities of an order, with their timeouts, pauses and priorities.

Activities are retried without a limit, with growing pauses: while Stripe or Postgres is
unavailable, every open order asks at most once in the longest pause.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, RetryState

with workflow.unsafe.imports_passed_through():
    from activities.checkouts import CheckoutActivities, CheckoutRef, FindCheckout, OpenCheckout
    from activities.orders import (
        CheckoutOpened,
        ConfirmOrder,
        HeldTickets,
        HoldTickets,
        OrderActivities,
        ReleaseOrder,
    )
    from domain import ids
    from domain.errors import RateLimited, Unavailable
    from domain.orders.order import LOCAL_RECORDS, Order, OrderRequest, OrderState
    from domain.orders.transitions import OrderReason, Payment
    from payments.checkout_models import Checkout, CheckoutRequest
    from temporal.failures import to_failure

Result = TypeVar("Result")
Argument = TypeVar("Argument")

CallFailure = ActivityError | ApplicationError
CALL_FAILURES: Final = (ActivityError, ApplicationError)
"""A local activity raises its refusal itself, a regular one raises it as a cause."""

DATABASE_ATTEMPT: Final = timedelta(seconds=20)
"""Longer than the timeouts of the database."""

_LOCAL_ATTEMPT: Final = timedelta(seconds=5)
"""A workflow task may take 10 s. Messages to the order wait as long as this attempt."""

_ONE_LOCAL_ATTEMPT: Final = RetryPolicy(maximum_attempts=1)

_STRIPE_ATTEMPT: Final = timedelta(seconds=50)
"""Finding a checkout takes several requests, each of 20 s at most."""

_HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)

_FINAL_TYPES: Final = [RateLimited.code]
"""Of errors that are retryable for the buyer, but not for the process."""

_DATABASE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    maximum_interval=timedelta(minutes=1),
    non_retryable_error_types=_FINAL_TYPES,
)

_STRIPE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)
)

_BUYER_WAITS: Final = 2
"""The priority of calls for which a buyer waits; the default is 3, and lower numbers come first."""


class OrderRecords:
    """The changes of the order in Postgres. Every method raises a CallFailure for a refusal.

    A change begins as a local activity, which costs neither a workflow task nor an activity task:
    a sale is as fast as Temporal is with these. If that attempt fails, a regular activity takes
    over, whose retries and errors the Temporal UI shows.
    """

    def __init__(self, rules: int) -> None:
        self._begins_locally = rules >= LOCAL_RECORDS

    async def hold(self, request: OrderRequest, at: datetime, patience: timedelta) -> HeldTickets:
        return await self._change(
            OrderActivities.hold_tickets,
            HoldTickets(request=request, at=at),
            "Hold the tickets",
            patience=patience,
        )

    async def withdraw(self, order_id: str) -> None:
        await self._change(OrderActivities.withdraw_order, order_id, "Withdraw the hold")

    async def opened(self, order: Order, checkout: Checkout) -> Order:
        opened = CheckoutOpened(order=order, checkout_id=checkout.id, url=checkout.url)
        return await self._change(OrderActivities.checkout_opened, opened, "Store the checkout")

    async def processing(self, order: Order) -> Order:
        return await self._change(
            OrderActivities.payment_processing, order, "Store that the payment takes days"
        )

    async def confirm(self, order: Order, checkout: Checkout) -> Order:
        payment = Payment(
            amount_total=checkout.amount_total,
            amounts=checkout.amounts,
            payment_intent_id=checkout.payment_intent_id,
            at=workflow.now(),
        )
        confirm = ConfirmOrder(order=order, payment=payment)
        return await self._change(OrderActivities.confirm_order, confirm, "Sell the tickets")

    async def release(self, order: Order, state: OrderState, reason: OrderReason) -> Order:
        release = ReleaseOrder(order=order, state=state, reason=reason, at=workflow.now())
        return await self._change(
            OrderActivities.release_order, release, f"Release the tickets: {reason.value}"
        )

    async def _change(
        self,
        activity: Callable[[Any, Argument], Awaitable[Result]],
        argument: Argument,
        summary: str,
        *,
        patience: timedelta | None = None,
    ) -> Result:
        if self._begins_locally:
            try:
                return await workflow.execute_local_activity_method(
                    activity,
                    argument,
                    start_to_close_timeout=_LOCAL_ATTEMPT,
                    retry_policy=_ONE_LOCAL_ATTEMPT,
                    summary=summary,
                )
            except FailureError as failure:
                if _is_final(failure):
                    raise
        return await workflow.execute_activity_method(
            activity,
            argument,
            start_to_close_timeout=DATABASE_ATTEMPT,
            schedule_to_close_timeout=patience,
            retry_policy=_DATABASE_RETRY,
            summary=summary,
        )


class CheckoutCalls:
    """The checkout of the order at Stripe. Every method raises a CallFailure for a refusal."""

    async def open(
        self, order: Order, request: CheckoutRequest, generation: int, patience: timedelta
    ) -> Checkout:
        return await _at_stripe(
            CheckoutActivities.open_checkout,
            OpenCheckout(request=request, generation=generation),
            order,
            "Open the checkout",
            patience=patience,
            priority_key=_BUYER_WAITS,
        )

    async def find(self, order: Order) -> Checkout | None:
        wanted = FindCheckout(
            account_id=order.stripe_account_id, order_id=order.order_id, since=order.created_at
        )
        return await _at_stripe(
            CheckoutActivities.find_checkout,
            wanted,
            order,
            "Find the checkout of an attempt that got no response",
            priority_key=_BUYER_WAITS,
        )

    async def look(self, order: Order) -> Checkout:
        return await _at_stripe(
            CheckoutActivities.look_at_checkout, _reference(order), order, "Retrieve the checkout"
        )

    async def expire(self, order: Order) -> Checkout:
        return await _at_stripe(
            CheckoutActivities.expire_checkout,
            _reference(order),
            order,
            "Expire the checkout, unless it is paid",
        )


def refusal_code(failure: CallFailure) -> str | None:
    """The code of an error that a retry does not resolve; None if there was no success in time."""
    refusal = _refusal_in(failure)
    return refusal.type if refusal else None


def refusal_of(failure: CallFailure) -> ApplicationError:
    """The failure of the order, as its callers see it."""
    return _refusal_in(failure) or to_failure(Unavailable())


def _refusal_in(failure: CallFailure) -> ApplicationError | None:
    if isinstance(failure, ApplicationError):
        return failure
    is_final = failure.retry_state is RetryState.NON_RETRYABLE_FAILURE
    return failure.cause if is_final and isinstance(failure.cause, ApplicationError) else None


def _is_final(failure: FailureError) -> bool:
    """Whether another attempt of a local activity would fail as well."""
    return isinstance(failure, ApplicationError) and (
        failure.non_retryable or failure.type in _FINAL_TYPES
    )


async def _at_stripe(
    activity: Callable[[Any, Argument], Awaitable[Result]],
    argument: Argument,
    order: Order,
    summary: str,
    *,
    patience: timedelta | None = None,
    priority_key: int | None = None,
) -> Result:
    return await workflow.execute_activity_method(
        activity,
        argument,
        task_queue=ids.ORDERS_STRIPE_TASK_QUEUE,
        start_to_close_timeout=_STRIPE_ATTEMPT,
        schedule_to_close_timeout=patience,
        heartbeat_timeout=_HEARTBEAT_TIMEOUT,
        retry_policy=_STRIPE_RETRY,
        priority=Priority(priority_key=priority_key, fairness_key=ids.fairness_key(order.tenant)),
        summary=summary,
    )


def _reference(order: Order) -> CheckoutRef:
    return CheckoutRef(
        account_id=order.stripe_account_id, checkout_id=order.checkout_session_id or ""
    )
