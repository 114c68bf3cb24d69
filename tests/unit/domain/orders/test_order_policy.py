"""The next step of an order's process, one row per situation."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.orders.order import (
    NEWEST_ORDER_RULES,
    CheckoutOutcome,
    OrderRequest,
    OrderState,
)
from domain.orders.order_policy import (
    EXPIRY_MARGIN,
    HOLD_PATIENCE,
    LONGEST_PAYMENT,
    OPENING_WINDOW,
    OrderSituation,
    OrderStep,
    ending,
    hold_patience,
    next_generation,
    next_look,
    pause_after,
    pause_without_account,
    wakes_at,
)
from domain.orders.order_policy import next_step as policy
from domain.orders.transitions import CHECKOUT_LIFETIME, OrderReason

HELD_AT = datetime(2030, 1, 1, tzinfo=UTC)
EXPIRES_AT = HELD_AT + CHECKOUT_LIFETIME
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def held(**changed: object) -> OrderSituation:
    return situation(OrderState.HELD, **changed)


def tried(**changed: object) -> OrderSituation:
    """A first attempt had no answer."""
    window_ends_at = HELD_AT + OPENING_WINDOW
    return held(**{"generation": 1, "window_ends_at": window_ends_at, "may_exist": True, **changed})


def opened(**changed: object) -> OrderSituation:
    return situation(OrderState.OPEN, **{"outcome": CheckoutOutcome.OPEN, **changed})


def processing(**changed: object) -> OrderSituation:
    return situation(OrderState.PROCESSING, **{"outcome": CheckoutOutcome.PROCESSING, **changed})


def situation(state: OrderState, **changed: object) -> OrderSituation:
    fields = {"state": state, "created_at": HELD_AT, "expires_at": EXPIRES_AT, **changed}
    return OrderSituation(**fields)  # type: ignore[arg-type]  # each row names its fields


@pytest.mark.parametrize(
    ("given", "minutes", "step"),
    [
        (OrderSituation(), 0, OrderStep.HOLD),
        (OrderSituation(is_ending=True), 0, OrderStep.HOLD),
        # No checkout is known.
        (held(), 0, OrderStep.OPEN),
        (held(is_ending=True), 0, OrderStep.RELEASE),
        (tried(), 3, OrderStep.OPEN),
        (tried(not_before=HELD_AT + 2 * MINUTE), 1, OrderStep.WAIT),
        (tried(is_ending=True), 1, OrderStep.FIND),
        (tried(is_ending=True, may_exist=False), 1, OrderStep.RELEASE),
        (tried(), 4, OrderStep.FIND),
        (tried(not_before=HELD_AT + 5 * MINUTE), 4, OrderStep.WAIT),
        (tried(may_exist=False), 4, OrderStep.OPEN),
        (tried(may_exist=False), 35, OrderStep.WITHDRAW),
        (tried(), 600, OrderStep.FIND),
        (tried(generation=2, may_exist=False), 5, OrderStep.WITHDRAW),
        (tried(may_exist=False, is_refused=True), 1, OrderStep.WITHDRAW),
        (tried(outcome=CheckoutOutcome.OPEN), 1, OrderStep.RECORD),
        (tried(outcome=CheckoutOutcome.PAID, is_ending=True), 1, OrderStep.RECORD),
        (tried(new_run_is_suggested=True), 1, OrderStep.CONTINUE_AS_NEW),
        (tried(account_gone_at=HELD_AT), 4, OrderStep.FIND),
        (tried(account_gone_at=EXPIRES_AT + EXPIRY_MARGIN), 36, OrderStep.RELEASE),
        # The checkout is open.
        (opened(), 1, OrderStep.WAIT),
        (opened(is_changed=True), 1, OrderStep.LOOK),
        (opened(is_ending=True), 1, OrderStep.EXPIRE),
        (opened(), 35, OrderStep.WAIT),
        (opened(), 36, OrderStep.EXPIRE),
        (opened(not_before=EXPIRES_AT + 2 * MINUTE), 36, OrderStep.WAIT),
        (opened(outcome=CheckoutOutcome.PAID, is_ending=True), 1, OrderStep.CONFIRM),
        (opened(outcome=CheckoutOutcome.PROCESSING, is_ending=True), 1, OrderStep.AWAIT_PAYMENT),
        (opened(outcome=CheckoutOutcome.EXPIRED), 1, OrderStep.RELEASE),
        (opened(outcome=CheckoutOutcome.FAILED), 1, OrderStep.RELEASE),
        (opened(outcome=None, account_gone_at=HELD_AT), 36, OrderStep.EXPIRE),
        (opened(account_gone_at=EXPIRES_AT + EXPIRY_MARGIN), 36, OrderStep.RELEASE),
        (opened(new_run_is_suggested=True), 1, OrderStep.CONTINUE_AS_NEW),
        # The payment takes days.
        (processing(look_at=HELD_AT + 60 * MINUTE), 40, OrderStep.WAIT),
        (processing(look_at=HELD_AT + 60 * MINUTE), 60, OrderStep.LOOK),
        (processing(is_ending=True), 40, OrderStep.WAIT),
        (processing(is_changed=True), 40, OrderStep.LOOK),
        (processing(outcome=CheckoutOutcome.PAID), 40, OrderStep.CONFIRM),
        (processing(outcome=CheckoutOutcome.FAILED), 40, OrderStep.RELEASE),
        (processing(account_gone_at=HELD_AT + 29 * DAY), 42_000, OrderStep.WAIT),
        (processing(account_gone_at=HELD_AT + LONGEST_PAYMENT), 43_200, OrderStep.RELEASE),
        # The order is final.
        *(
            (situation(state, is_changed=True, is_ending=True), 600, OrderStep.END)
            for state in OrderState
            if state not in {OrderState.HELD, OrderState.OPEN, OrderState.PROCESSING}
        ),
    ],
)
def test_next_step_follows_from_the_situation(
    given: OrderSituation, minutes: int, step: OrderStep
) -> None:
    assert policy(given, HELD_AT + minutes * MINUTE) is step


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        (held(), None),
        (tried(not_before=HELD_AT + 2 * MINUTE), 2),
        (opened(), 36),
        (opened(not_before=HELD_AT + 2 * MINUTE), 2),
        (processing(look_at=HELD_AT + 60 * MINUTE), 60),
    ],
)
def test_wake_is_when_a_step_may_be_due(given: OrderSituation, minutes: int | None) -> None:
    expected = None if minutes is None else HELD_AT + minutes * MINUTE
    assert wakes_at(given, HELD_AT) == expected


@pytest.mark.parametrize(
    ("given", "minutes", "generation", "began"),
    [
        (held(), 1, 1, 0),
        (held(), 5, 2, 5),
        (tried(), 3, 1, 0),
        (tried(), 4, 2, 4),
    ],
)
def test_a_generation_is_attempted_for_four_minutes(
    given: OrderSituation, minutes: int, generation: int, began: int
) -> None:
    found = next_generation(given, HELD_AT + minutes * MINUTE)
    assert found == (generation, HELD_AT + began * MINUTE)


@pytest.mark.parametrize(
    ("given", "wished", "expected"),
    [
        (opened(), None, ("expired", "not_paid")),
        (opened(), OrderReason.BUYER, ("cancelled", "buyer")),
        (opened(), OrderReason.SALES_CLOSED, ("cancelled", "sales_closed")),
        (
            processing(outcome=CheckoutOutcome.FAILED),
            OrderReason.BUYER,
            ("expired", "payment_failed"),
        ),
        (
            opened(account_gone_at=EXPIRES_AT + EXPIRY_MARGIN),
            OrderReason.BUYER,
            ("expired", "account_lost"),
        ),
    ],
)
def test_an_unpaid_order_has_a_reason(
    given: OrderSituation, wished: OrderReason | None, expected: tuple[str, str]
) -> None:
    assert ending(given, wished) == expected


def test_looks_and_pauses_grow_further_apart() -> None:
    assert next_look(HELD_AT, HELD_AT + 23 * 60 * MINUTE) == HELD_AT + DAY
    assert next_look(HELD_AT, HELD_AT + DAY) == HELD_AT + 2 * DAY
    assert [pause_after(refusals) // MINUTE for refusals in (1, 2, 3, 5, 99)] == [1, 2, 4, 15, 15]


def test_a_lost_account_is_asked_again_once_the_checkout_has_expired() -> None:
    assert pause_without_account(opened(), HELD_AT) == EXPIRES_AT + EXPIRY_MARGIN
    later = EXPIRES_AT + 2 * MINUTE
    assert pause_without_account(opened(), later) == later + MINUTE
    assert pause_without_account(processing(), later) == later + DAY


REQUEST = OrderRequest(
    order_id="1",
    event_id="2",
    items=[],
    fingerprint="f",
    holder="h",
    page_url="https://tickets.example.com/e/show",
    hold_within=timedelta(seconds=10),
)


def test_a_run_that_continues_an_order_is_never_too_late() -> None:
    continued = REQUEST.continued()

    assert hold_patience(continued, timedelta(hours=1)) == HOLD_PATIENCE
    assert continued.rules == NEWEST_ORDER_RULES


@pytest.mark.parametrize(
    ("hold_within", "since_start", "patience"),
    [(None, 90, HOLD_PATIENCE), (10, 3, timedelta(seconds=7)), (10, 11, timedelta(0))],
)
def test_a_hold_is_attempted_while_its_buyer_waits(
    hold_within: int | None, since_start: int, patience: timedelta
) -> None:
    within = None if hold_within is None else timedelta(seconds=hold_within)
    request = REQUEST.model_copy(update={"hold_within": within})

    assert hold_patience(request, timedelta(seconds=since_start)) == patience
