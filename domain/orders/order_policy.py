"""The policy of an order's process: its next step, as a pure function of its situation.

Tickets are given back only once it is known that the checkout can no longer be paid. So the steps
that end an order follow one that has fetched its checkout from Stripe.

Running orders replay their histories by these rules. A different order or condition changes the
commands, and needs ``workflow.patched``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.orders.order import HOLDING, CheckoutOutcome, OrderRequest, OrderState
from domain.orders.transitions import OrderReason

HOLD_PATIENCE: Final = timedelta(minutes=1)
"""For how long the hold is attempted, unless the request limits it."""

OPENING_WINDOW: Final = timedelta(minutes=4)
"""How long one checkout is attempted. Stripe requires 30 minutes from its creation to its expiry,
which is 35 minutes after the window begins."""

MAX_GENERATIONS: Final = 2
"""How many checkouts are attempted, the second one if the first is not found at Stripe."""

EXPIRY_MARGIN: Final = timedelta(minutes=1)
"""From the expiry of the checkout to the look at it, if there is no webhook."""

LONGEST_PAYMENT: Final = timedelta(days=30)
"""After this time, a payment through an account that is lost counts as failed."""

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(minutes=15)
_LONGEST_PAUSE_AFTER: Final = 5
"""Refusals in a row after which the pause grows no further."""

_NOT_PAID: Final = frozenset({CheckoutOutcome.FAILED, CheckoutOutcome.EXPIRED})


class OrderStep(StrEnum):
    HOLD = "hold"
    OPEN = "open"
    """Open the checkout."""
    FIND = "find"
    """Find the checkout of attempts that had no answer."""
    WITHDRAW = "withdraw"
    """There is no checkout, and there will be none."""
    RECORD = "record"
    """Store the checkout, which only the process knows."""
    EXPIRE = "expire"
    """Expire the checkout, unless it is complete."""
    LOOK = "look"
    """Fetch the checkout."""
    AWAIT_PAYMENT = "await_payment"
    """Store that the payment takes days."""
    CONFIRM = "confirm"
    RELEASE = "release"
    CONTINUE_AS_NEW = "continue_as_new"
    WAIT = "wait"
    END = "end"


@dataclass(frozen=True)
class OrderSituation:
    """Everything that the next step depends on, except the time."""

    state: OrderState | None = None
    """None: no tickets are held yet."""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    """When the checkout expires."""

    generation: int = 0
    """How many checkouts were attempted."""
    window_ends_at: datetime | None = None
    """Until when the checkout of this generation is attempted."""
    may_exist: bool = False
    """A checkout may exist whose id is not known."""
    is_refused: bool = False
    """Stripe has declined to open a checkout."""

    outcome: CheckoutOutcome | None = None
    """Of the checkout, as it was last fetched."""
    is_changed: bool = False
    """The checkout may have changed since it was fetched."""
    look_at: datetime | None = None
    """When a payment that takes days is looked at again."""
    not_before: datetime | None = None
    """Stripe is not called earlier, because it refused the last call."""
    account_gone_at: datetime | None = None
    """The time of the last call, if Stripe did not know the account."""

    is_ending: bool = False
    """The buyer has cancelled the order, or the organizer has closed the sales."""
    new_run_is_suggested: bool = False
    """The server suggests a new run, or another version of the worker is current."""


def next_step(situation: OrderSituation, now: datetime) -> OrderStep:
    """The first step, in order of precedence, whose condition holds at ``now`` (timezone-aware)."""
    if situation.state is None:
        return OrderStep.HOLD
    if situation.state not in HOLDING:
        return OrderStep.END
    is_held = situation.state is OrderState.HELD
    conditions = _before_checkout(situation, now) if is_held else _with_checkout(situation, now)
    return next(step for step, holds in conditions if holds)


def _before_checkout(situation: OrderSituation, now: datetime) -> Iterator[tuple[OrderStep, bool]]:
    no_checkout = not situation.may_exist
    no_time = _is_window_over(situation, now) and (
        situation.generation >= MAX_GENERATIONS or _is_reached(situation.expires_at, now)
    )
    yield OrderStep.RECORD, situation.outcome is not None
    yield OrderStep.RELEASE, _is_given_up(situation)
    yield OrderStep.RELEASE, no_checkout and situation.is_ending
    yield OrderStep.WITHDRAW, no_checkout and (situation.is_refused or no_time)
    yield OrderStep.CONTINUE_AS_NEW, situation.new_run_is_suggested
    yield OrderStep.WAIT, _is_paused(situation, now)
    yield (
        OrderStep.FIND,
        situation.may_exist
        and (situation.is_ending or situation.is_refused or _is_window_over(situation, now)),
    )
    yield OrderStep.OPEN, True


def _with_checkout(situation: OrderSituation, now: datetime) -> Iterator[tuple[OrderStep, bool]]:
    is_open = situation.state is OrderState.OPEN
    is_over = _is_reached(_expiry_look_at(situation), now)
    yield OrderStep.CONFIRM, situation.outcome is CheckoutOutcome.PAID
    yield OrderStep.RELEASE, situation.outcome in _NOT_PAID or _is_given_up(situation)
    yield OrderStep.AWAIT_PAYMENT, is_open and situation.outcome is CheckoutOutcome.PROCESSING
    yield OrderStep.CONTINUE_AS_NEW, situation.new_run_is_suggested
    yield OrderStep.WAIT, _is_paused(situation, now)
    yield OrderStep.EXPIRE, is_open and (situation.is_ending or is_over)
    yield OrderStep.LOOK, situation.is_changed or _is_reached(situation.look_at, now)
    yield OrderStep.WAIT, True


def wakes_at(situation: OrderSituation, now: datetime) -> datetime | None:
    """When a step may be due without a message; None if that is never."""
    if _is_paused(situation, now):
        return situation.not_before
    return _expiry_look_at(situation) if situation.state is OrderState.OPEN else situation.look_at


def hold_patience(request: OrderRequest, since_start: timedelta) -> timedelta:
    """For how much longer the hold may be attempted; zero if it is too late for its buyer."""
    if request.hold_within is None:
        return HOLD_PATIENCE
    return max(timedelta(0), request.hold_within - since_start)


def next_generation(situation: OrderSituation, now: datetime) -> tuple[int, datetime]:
    """The generation to attempt at ``now``, and when its window begins. The one of the first
    begins with the hold."""
    created_at = situation.created_at or now
    if situation.generation == 0 and now < created_at + OPENING_WINDOW:
        return 1, created_at
    if situation.window_ends_at is not None and now < situation.window_ends_at:
        return situation.generation, situation.window_ends_at - OPENING_WINDOW
    return max(situation.generation, 1) + 1, now


def ending(situation: OrderSituation, wished: OrderReason | None) -> tuple[OrderState, OrderReason]:
    """The state of an order that is not paid, and the reason. ``wished`` is the reason for which it
    was to end."""
    if situation.outcome is CheckoutOutcome.FAILED:
        return OrderState.EXPIRED, OrderReason.PAYMENT_FAILED
    if _is_given_up(situation):
        return OrderState.EXPIRED, OrderReason.ACCOUNT_LOST
    if wished is not None:
        return OrderState.CANCELLED, wished
    return OrderState.EXPIRED, OrderReason.NOT_PAID


def next_look(created_at: datetime, now: datetime) -> datetime:
    """At a payment that takes days: hourly on the first day, then daily."""
    return now + (_HOUR if now - created_at < _DAY else _DAY)


def pause_after(refusals: int) -> timedelta:
    """Before Stripe is called again, after it refused so many calls in a row."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(refusals - 1, _LONGEST_PAUSE_AFTER)))


def pause_without_account(situation: OrderSituation, now: datetime) -> datetime:
    """When Stripe is called again if it does not know the account."""
    is_slow = situation.state is OrderState.PROCESSING
    return now + _DAY if is_slow else max(now + _FIRST_PAUSE, _given_up_at(situation) or now)


def _is_window_over(situation: OrderSituation, now: datetime) -> bool:
    return situation.generation > 0 and _is_reached(situation.window_ends_at, now)


def _is_paused(situation: OrderSituation, now: datetime) -> bool:
    return situation.not_before is not None and situation.not_before > now


def _is_given_up(situation: OrderSituation) -> bool:
    """Whether the account was still gone when the checkout could no longer be paid."""
    gone_at = situation.account_gone_at
    return gone_at is not None and _is_reached(_given_up_at(situation), gone_at)


def _given_up_at(situation: OrderSituation) -> datetime | None:
    if situation.state is OrderState.PROCESSING and situation.created_at is not None:
        return situation.created_at + LONGEST_PAYMENT
    return _expiry_look_at(situation)


def _expiry_look_at(situation: OrderSituation) -> datetime | None:
    return situation.expires_at and situation.expires_at + EXPIRY_MARGIN


def _is_reached(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
