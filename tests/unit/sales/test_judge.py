"""The judge of sales finds each kind of violation in a sale that is otherwise right."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from tests.sales.judge import (
    WHOLE_EVENT,
    ChargeAtStripe,
    CheckoutAtStripe,
    Counts,
    Evidence,
    Refused,
    StoredOrder,
    judge,
)

PAID: Final = StoredOrder("paid", "paid", {"front": 2}, 5000, 0, "pi_paid")
EXPIRED: Final = StoredOrder("expired", "expired", {"back": 3}, 3000, 0, None)
REFUNDED: Final = StoredOrder("refunded", "refunded", {"back": 1}, 1000, 1000, "pi_refunded")

FINE: Final = Evidence(
    quantities={"front": 2, "back": None},
    capacity=5,
    inventory={
        "front": Counts(2, 0, 5000, 0),
        "back": Counts(0, 0, 1000, 1000),
        WHOLE_EVENT: Counts(2, 0, 6000, 1000),
    },
    orders=[PAID, EXPIRED, REFUNDED],
    checkouts=[
        CheckoutAtStripe("cs_paid", "paid", "complete", "paid"),
        CheckoutAtStripe("cs_expired", "expired", "expired", "unpaid"),
        CheckoutAtStripe("cs_refunded", "refunded", "complete", "paid"),
    ],
    charges=[
        ChargeAtStripe("pi_paid", "paid", True, 5000, 0),
        ChargeAtStripe("pi_refunded", "refunded", True, 1000, 1000),
        ChargeAtStripe("pi_failed", "expired", False, 3000, 0),
    ],
    orders_by_key={"key-1": frozenset({"paid"})},
    refused=[],
    open_workflows=[],
)


def with_order(order: StoredOrder) -> Evidence:
    return replace(FINE, orders=[*FINE.orders, order])


def with_charge(charge: ChargeAtStripe) -> Evidence:
    return replace(FINE, charges=[*FINE.charges, charge])


def test_a_sale_that_is_right_has_no_violation() -> None:
    assert judge(FINE) == []


def test_a_sold_out_event_may_refuse_buyers() -> None:
    full = replace(FINE, capacity=2, refused=[Refused(7, "sold_out")])
    assert judge(full) == []


CASES: Final[dict[str, tuple[str, Evidence]]] = {
    "a tier": ("oversold", replace(FINE, quantities={"front": 1, "back": None})),
    "the event": ("oversold", replace(FINE, capacity=1)),
    "counted too few": (
        "miscounted",
        replace(FINE, inventory={**FINE.inventory, "front": Counts(1, 0, 5000, 0)}),
    ),
    "no inventory": ("miscounted", replace(FINE, inventory={})),
    "counted amount": (
        "miscounted",
        replace(FINE, inventory={**FINE.inventory, WHOLE_EVENT: Counts(2, 0, 5000, 1000)}),
    ),
    "held at the end": ("still held", with_order(replace(EXPIRED, order_id="o", state="open"))),
    "running at the end": ("still running", replace(FINE, open_workflows=["ticket-order-o"])),
    "charge without order": ("charged", with_charge(ChargeAtStripe("pi_1", None, True, 100, 0))),
    "charge of an expired order": (
        "charged",
        with_charge(ChargeAtStripe("pi_1", "expired", True, 3000, 0)),
    ),
    "second charge": ("charged", with_charge(ChargeAtStripe("pi_1", "paid", True, 5000, 0))),
    "paid without charge": (
        "charged",
        with_order(replace(PAID, order_id="o", tickets={}, amount_total=0)),
    ),
    "other amount": (
        "charged",
        replace(FINE, charges=[replace(FINE.charges[0], amount=4999), *FINE.charges[1:]]),
    ),
    "refund unknown": (
        "refunded",
        replace(FINE, charges=[replace(FINE.charges[0], amount_refunded=100), *FINE.charges[1:]]),
    ),
    "refunded and still sold": (
        "refunded",
        replace(
            FINE,
            orders=[replace(PAID, amount_refunded=5000), EXPIRED, REFUNDED],
            charges=[replace(FINE.charges[0], amount_refunded=5000), *FINE.charges[1:]],
        ),
    ),
    "two checkouts": (
        "checkouts",
        replace(
            FINE,
            checkouts=[
                *FINE.checkouts,
                CheckoutAtStripe("cs_2", "paid", "expired", "unpaid"),
            ],
        ),
    ),
    "checkout without order": (
        "checkouts",
        replace(FINE, checkouts=[CheckoutAtStripe("cs_2", "lost", "expired", "unpaid")]),
    ),
    "open checkout": (
        "checkouts",
        replace(FINE, checkouts=[CheckoutAtStripe("cs_2", "expired", "open", "unpaid")]),
    ),
    "two orders of a key": (
        "doubled",
        replace(FINE, orders_by_key={"key-1": frozenset({"paid", "expired"})}),
    ),
    "a buyer left": ("unsold", replace(FINE, refused=[Refused(7, "sold_out")])),
}


@pytest.mark.parametrize(("rule", "evidence"), CASES.values(), ids=CASES)
def test_a_violation_is_found(rule: str, evidence: Evidence) -> None:
    assert rule in {violation.rule for violation in judge(evidence)}


def charged_twice_the_places() -> Evidence:
    """Orders that are expired, but whose charges were kept."""
    orders = [replace(EXPIRED, order_id=f"o{number}") for number in range(2)]
    charges = [
        ChargeAtStripe(f"pi_{order.order_id}", order.order_id, True, 3000, 0) for order in orders
    ]
    return replace(FINE, orders=[PAID, *orders], charges=[FINE.charges[0], *charges])


@pytest.mark.parametrize("evidence_of", [charged_twice_the_places])
def test_money_for_too_many_places_is_oversold(evidence_of: Callable[[], Evidence]) -> None:
    details = [found.detail for found in judge(evidence_of()) if found.rule == "oversold"]
    assert details == ["the event: 8 of 5 are charged"]
