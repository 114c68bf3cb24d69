"""Judges the end of a sale by what Postgres and Stripe have. Pure.

It shares no rule with the production code: it counts orders, checkouts and charges by itself.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WHOLE_EVENT: Final = ""
"""The tier id of the inventory of all tiers together."""

_HOLDING: Final = frozenset({"held", "open", "processing"})
_SOLD: Final = frozenset({"paid", "disputed"})
_CHARGED: Final = frozenset({*_SOLD, "refunded"})


@dataclass(frozen=True)
class StoredOrder:
    order_id: str
    state: str
    tickets: Mapping[str, int]
    """By tier id."""
    amount_total: int
    amount_refunded: int
    payment_intent_id: str | None


@dataclass(frozen=True)
class Counts:
    """One row of the inventory."""

    sold: int
    held: int
    amount: int
    refunded: int


@dataclass(frozen=True)
class CheckoutAtStripe:
    checkout_id: str
    order_id: str | None
    status: str
    payment_status: str


@dataclass(frozen=True)
class ChargeAtStripe:
    payment_intent_id: str
    order_id: str | None
    succeeded: bool
    amount: int
    amount_refunded: int


@dataclass(frozen=True)
class Refused:
    """A buyer who wanted any ticket at the end, and got none."""

    buyer: int
    code: str


@dataclass(frozen=True)
class Evidence:
    """``quantities`` has None for a tier without one; ``orders_by_key`` the ids of the orders that
    each key of a buyer was answered with."""

    quantities: Mapping[str, int | None]
    capacity: int
    inventory: Mapping[str, Counts]
    orders: Sequence[StoredOrder]
    checkouts: Sequence[CheckoutAtStripe]
    charges: Sequence[ChargeAtStripe]
    orders_by_key: Mapping[str, frozenset[str]]
    refused: Sequence[Refused]
    open_workflows: Sequence[str]


@dataclass(frozen=True)
class Violation:
    rule: str
    detail: str
    order_id: str | None = None


def judge(evidence: Evidence) -> list[Violation]:
    """All violations, in the order of the rules; empty if the sale was right."""
    return [violation for rule in RULES for violation in rule(evidence)]


def sold_by_orders(evidence: Evidence) -> Counter[str]:
    """Tickets of paid orders by tier, and of all tiers together."""
    return _tickets(evidence, _SOLD)


def _tickets(evidence: Evidence, states: frozenset[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for order in evidence.orders:
        if order.state in states:
            counted.update(order.tickets)
            counted[WHOLE_EVENT] += sum(order.tickets.values())
    return counted


def _limits(evidence: Evidence) -> dict[str, int]:
    limited = {tier: count for tier, count in evidence.quantities.items() if count is not None}
    return {**limited, WHOLE_EVENT: evidence.capacity}


def _oversold(evidence: Evidence) -> Iterator[Violation]:
    sold = sold_by_orders(evidence)
    for tier, limit in _limits(evidence).items():
        if sold[tier] > limit:
            yield Violation("oversold", f"{_named(tier)}: {sold[tier]} of {limit} are sold")


def _charged_too_often(evidence: Evidence) -> Iterator[Violation]:
    """The same by the money: tickets of orders with a charge that is not refunded in full."""
    kept = {
        charge.order_id
        for charge in evidence.charges
        if charge.succeeded and charge.amount_refunded < charge.amount
    }
    paid: Counter[str] = Counter()
    for order in evidence.orders:
        if order.order_id in kept:
            paid.update(order.tickets)
            paid[WHOLE_EVENT] += sum(order.tickets.values())
    for tier, limit in _limits(evidence).items():
        if paid[tier] > limit:
            yield Violation("oversold", f"{_named(tier)}: {paid[tier]} of {limit} are charged")


def _miscounted(evidence: Evidence) -> Iterator[Violation]:
    sold, held = sold_by_orders(evidence), _tickets(evidence, _HOLDING)
    for tier in (*evidence.quantities, WHOLE_EVENT):
        counts = evidence.inventory.get(tier, Counts(0, 0, 0, 0))
        if (counts.sold, counts.held) != (sold[tier], held[tier]):
            yield Violation(
                "miscounted",
                f"{_named(tier)}: the inventory has {counts.sold} sold and {counts.held} held, "
                f"the orders have {sold[tier]} and {held[tier]}",
            )


def _wrong_amounts(evidence: Evidence) -> Iterator[Violation]:
    """The amounts of the whole event are the sums of its orders."""
    counts = evidence.inventory.get(WHOLE_EVENT, Counts(0, 0, 0, 0))
    charged = [order for order in evidence.orders if order.state in _CHARGED]
    amount = sum(order.amount_total for order in charged)
    refunded = sum(order.amount_refunded for order in charged)
    if (counts.amount, counts.refunded) != (amount, refunded):
        yield Violation(
            "miscounted",
            f"the inventory has {counts.amount} paid and {counts.refunded} refunded, "
            f"the orders have {amount} and {refunded}",
        )


def _still_held(evidence: Evidence) -> Iterator[Violation]:
    for order in evidence.orders:
        if order.state in _HOLDING:
            yield Violation("still held", f"its state is {order.state}", order.order_id)
    for workflow in evidence.open_workflows:
        yield Violation("still running", workflow)


def _money(evidence: Evidence) -> Iterator[Violation]:
    """Each paid order has one charge of its amount, and no other order has any."""
    orders = {order.order_id: order for order in evidence.orders}
    charges = [charge for charge in evidence.charges if charge.succeeded]
    per_order = Counter(charge.order_id for charge in charges)
    for charge in charges:
        order = orders.get(charge.order_id or "")
        if order is None:
            yield Violation("charged", f"{charge.payment_intent_id} has no order", charge.order_id)
        elif order.state not in _CHARGED:
            yield Violation("charged", f"but its state is {order.state}", order.order_id)
        else:
            yield from _wrong_charge(order, charge)
    for order in evidence.orders:
        if order.state in _CHARGED and per_order[order.order_id] != 1:
            detail = f"its state is {order.state}, and it has {per_order[order.order_id]} charges"
            yield Violation("charged", detail, order.order_id)


def _wrong_charge(order: StoredOrder, charge: ChargeAtStripe) -> Iterator[Violation]:
    if order.amount_total != charge.amount:
        detail = f"{charge.amount}, but the order has {order.amount_total}"
        yield Violation("charged", detail, order.order_id)
    if order.amount_refunded != charge.amount_refunded:
        detail = f"{charge.amount_refunded}, but the order has {order.amount_refunded}"
        yield Violation("refunded", detail, order.order_id)
    if (order.state == "refunded") != (charge.amount_refunded == charge.amount):
        yield Violation("refunded", f"but its state is {order.state}", order.order_id)


def _checkouts(evidence: Evidence) -> Iterator[Violation]:
    """An order has one checkout, which can no longer be paid at the end."""
    per_order = Counter(checkout.order_id for checkout in evidence.checkouts)
    orders = {order.order_id for order in evidence.orders}
    for order_id, count in per_order.items():
        if count > 1:
            yield Violation("checkouts", f"the order has {count}", order_id)
        if order_id not in orders:
            yield Violation("checkouts", "there is no order", order_id)
    for checkout in evidence.checkouts:
        if checkout.status == "open":
            yield Violation("checkouts", f"{checkout.checkout_id} is open", checkout.order_id)


def _doubled(evidence: Evidence) -> Iterator[Violation]:
    for key, order_ids in evidence.orders_by_key.items():
        if len(order_ids) > 1:
            yield Violation("doubled", f"{key} has {len(order_ids)} orders: {sorted(order_ids)}")


def _unsold(evidence: Evidence) -> Iterator[Violation]:
    """Buyers who take any ticket may leave without one only if none is left."""
    if not evidence.refused:
        return
    taken = sold_by_orders(evidence) + _tickets(evidence, _HOLDING)
    of_event = evidence.capacity - taken[WHOLE_EVENT]
    for tier, quantity in evidence.quantities.items():
        left = of_event if quantity is None else min(of_event, quantity - taken[tier])
        if left > 0:
            first = evidence.refused[0]
            yield Violation(
                "unsold",
                f"{_named(tier)}: {left} left, and {len(evidence.refused)} buyers without a "
                f"ticket; the first is buyer {first.buyer}, refused as {first.code}",
            )


def _named(tier: str) -> str:
    return f"tier {tier}" if tier else "the event"


RULES: Final[tuple[Callable[[Evidence], Iterator[Violation]], ...]] = (
    _oversold,
    _charged_too_often,
    _miscounted,
    _wrong_amounts,
    _still_held,
    _money,
    _checkouts,
    _doubled,
    _unsold,
)
