"""What an order adds to the inventory of its event.

The inventory is the sum over the orders. A change of an order changes it by the difference, in the
same transaction.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from domain.orders.inventory import WHOLE_EVENT
from domain.orders.order import HOLDING, SOLD, Order
from domain.orders.transitions import amounts_refunded


@dataclass(frozen=True)
class Share:
    """Numbers of tickets, and amounts in minor units."""

    sold: int = 0
    held: int = 0
    amount: int = 0
    refunded: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: "Share") -> "Share":
        return Share(*(mine - its for mine, its in zip(astuple(self), astuple(other), strict=True)))


def shares_of(order: Order | None) -> dict[str, Share]:
    """By tier id, with the whole event. Of no order, nothing."""
    if order is None:
        return {}
    refunded = amounts_refunded(order)
    is_paid = order.paid_at is not None
    by_tier = {
        item.tier_id: Share(
            sold=item.quantity if order.state in SOLD else 0,
            held=item.quantity if order.state in HOLDING else 0,
            amount=(item.amount or 0) if is_paid else 0,
            refunded=refunded[item.tier_id] if is_paid else 0,
        )
        for item in order.items
    }
    return {WHOLE_EVENT: sum(by_tier.values(), Share()), **by_tier}


def change_of(before: Order | None, after: Order | None) -> dict[str, Share]:
    """By how much the inventory changes; without tiers that do not change."""
    old, new = shares_of(before), shares_of(after)
    differences = {
        tier_id: new.get(tier_id, Share()) - old.get(tier_id, Share()) for tier_id in {**old, **new}
    }
    return {tier_id: share for tier_id, share in differences.items() if share != Share()}


def total_of(orders: Iterable[Order]) -> dict[str, Share]:
    """The shares of several orders together."""
    total: dict[str, Share] = {}
    for order in orders:
        for tier_id, share in shares_of(order).items():
            total[tier_id] = total.get(tier_id, Share()) + share
    return total
