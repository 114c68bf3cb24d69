"""The changes of an order. Each may be repeated: a change that was made has no further effect."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from domain.actors import tenant
from domain.orders.order import HOLDING, Order, OrderItem, OrderRequest, OrderState
from domain.publishing.event import Event

CHECKOUT_LIFETIME: Final = timedelta(minutes=35)
"""Stripe requires at least 30 minutes from the creation of a checkout, which may take four."""


_PROGRESS: Final[Mapping[OrderState, int]] = {
    OrderState.HELD: 0,
    OrderState.OPEN: 1,
    OrderState.PROCESSING: 2,
}
_FINAL: Final = 3


class OrderReason(StrEnum):
    """Why an order was cancelled or has expired."""

    BUYER = "buyer"
    SALES_CLOSED = "sales_closed"
    NOT_PAID = "not_paid"
    PAYMENT_FAILED = "payment_failed"
    ACCOUNT_LOST = "account_lost"


class DisputeState(StrEnum):
    OPEN = "open"
    WON = "won"
    """The money is the organizer's again."""
    LOST = "lost"


class Payment(BaseModel):
    """What a buyer paid, as Stripe has it."""

    model_config = ConfigDict(frozen=True)

    amount_total: int
    amounts: dict[str, int] = Field(default_factory=dict)
    """By tier, with discounts and tax."""
    payment_intent_id: str | None = None
    """None if the order costs nothing."""
    at: datetime


class ChargeStatus(BaseModel):
    """What became of a payment, as fetched from Stripe at ``at``."""

    model_config = ConfigDict(frozen=True)

    amount_refunded: int
    is_refunded: bool
    """In full."""
    dispute: DisputeState | None = None
    at: datetime


class NotConfirmed(Exception):
    """The charge belongs to an order that is not confirmed yet. A later attempt succeeds."""


def held(
    request: OrderRequest, event: Event, items: list[OrderItem], *, fee: int, at: datetime
) -> Order:
    """A new order, whose tickets are held."""
    return Order(
        order_id=request.order_id,
        event_id=event.event_id,
        session_id=event.session_id,
        tenant=str(tenant(event.user_id, event.organization_id)),
        state=OrderState.HELD,
        items=items,
        amount_total=sum(item.listed_amount for item in items),
        currency=event.currency,
        application_fee=fee,
        stripe_account_id=event.stripe_account_id or "",
        holder=request.holder,
        fingerprint=request.fingerprint,
        created_at=at,
        expires_at=at + CHECKOUT_LIFETIME,
    )


def opened(order: Order, checkout_id: str, url: str | None, expires_at: datetime) -> Order:
    """The buyer can pay."""
    if order.state is not OrderState.HELD:
        return order
    return order.model_copy(
        update={
            "state": OrderState.OPEN,
            "checkout_session_id": checkout_id,
            "checkout_url": url,
            "expires_at": expires_at,
        }
    )


def processing(order: Order) -> Order:
    """The buyer has paid in a way that takes days."""
    if not order.holds:
        return order
    return order.model_copy(update={"state": OrderState.PROCESSING, "checkout_url": None})


def paid(order: Order, payment: Payment) -> Order:
    """Stripe has the money, which counts more than any earlier state."""
    if order.paid_at is not None:
        return order
    amounts = payment.amounts
    return _closed(
        order,
        payment.at,
        state=OrderState.PAID,
        reason=None,
        items=[
            item.model_copy(update={"amount": amounts.get(item.tier_id, item.listed_amount)})
            for item in order.items
        ],
        amount_total=payment.amount_total,
        payment_intent_id=payment.payment_intent_id,
        paid_at=payment.at,
    )


def released(order: Order, state: OrderState, reason: str, at: datetime) -> Order:
    """Gives the tickets back. ``state`` is ``expired`` or ``cancelled``."""
    if order.state not in HOLDING:
        return order
    return _closed(order, at, state=state, reason=reason)


def further(known: Order | None, other: Order) -> Order:
    """Of two states of one order, the one that its process reached later. ``known`` is kept if it
    is final or as far, because refunds and disputes came after its process ended."""
    if known is None or _PROGRESS.get(known.state, _FINAL) < _PROGRESS.get(other.state, _FINAL):
        return other
    return known


def charged(order: Order, status: ChargeStatus) -> Order:
    """A refund in full gives the tickets back, for good; a dispute does not.

    Raises:
        NotConfirmed: the order is not paid.
    """
    if order.paid_at is None:
        raise NotConfirmed(order.order_id)
    if order.charge_checked_at is not None and status.at <= order.charge_checked_at:
        return order
    return order.model_copy(
        update={
            "state": _state_after(order, status),
            "amount_refunded": status.amount_refunded,
            "charge_checked_at": status.at,
        }
    )


def _state_after(order: Order, status: ChargeStatus) -> OrderState:
    if status.is_refunded or order.state is OrderState.REFUNDED:
        return OrderState.REFUNDED
    if status.dispute in (DisputeState.OPEN, DisputeState.LOST):
        return OrderState.DISPUTED
    return OrderState.PAID


def _closed(order: Order, at: datetime, **changes: object) -> Order:
    """Without what only an open order needs."""
    return order.model_copy(
        update={"closed_at": at, "checkout_url": None, "holder": None, **changes}
    )


def amounts_refunded(order: Order) -> Mapping[str, int]:
    """What was refunded for each tier. A refund in part is shared out by what was paid for each;
    remainders go to the largest fractions."""
    paid_for = {item.tier_id: item.amount or 0 for item in order.items}
    total = sum(paid_for.values())
    if not total:
        return dict.fromkeys(paid_for, 0)
    shares = {tier: divmod(order.amount_refunded * paid, total) for tier, paid in paid_for.items()}
    missing = order.amount_refunded - sum(whole for whole, _ in shares.values())
    largest = sorted(shares, key=lambda tier: (-shares[tier][1], tier))[:missing]
    return {tier: whole + (tier in largest) for tier, (whole, _) in shares.items()}
