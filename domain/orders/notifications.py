"""Notifications to the organizer of an event about its orders.

A message identifies event and order, and contains amounts and numbers of tickets, but nothing that
a user entered and nothing about the buyer. Its id is derived from the order, so that a repeated
change of the order adds no second message.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from domain.ids import message_id_of
from domain.json_values import JsonObject
from domain.orders.accounting import Share, change_of
from domain.orders.inventory import Stocks, event_left
from domain.orders.order import SOLD, Order, OrderState
from domain.publishing.event import Event
from domain.session.notifications import Notification


class OrderKind(StrEnum):
    PAID = "order.paid"
    REFUNDED = "order.refunded"
    SOLD_OUT = "event.sold_out"


def is_notified(before: Order | None, after: Order) -> bool:
    """Whether a change of an order may cause a notification."""
    return _is_sale(before, after) or _is_refund(before, after)


def notifications_of_order(
    before: Order | None, after: Order, event: Event, stocks: Stocks
) -> list[Notification]:
    """The notifications of a change of an order. ``stocks`` are those after the change."""
    found = []
    if _is_sale(before, after):
        found.append(_paid(after, event))
        if _sells_out(before, after, event, stocks):
            found.append(_sold_out(after, event))
    if _is_refund(before, after):
        found.append(_refunded(after, event))
    return found


def _is_sale(before: Order | None, after: Order) -> bool:
    return after.state in SOLD and (before is None or before.paid_at is None)


def _is_refund(before: Order | None, after: Order) -> bool:
    return after.amount_refunded > (before.amount_refunded if before else 0)


def _sells_out(before: Order | None, after: Order, event: Event, stocks: Stocks) -> bool:
    """Whether the order has bought the last ticket. Tickets that are held may come back."""
    change = change_of(before, after)
    return _all_sold(event, stocks) and not _all_sold(event, stocks, without=change)


def _all_sold(event: Event, stocks: Stocks, without: Mapping[str, Share] | None = None) -> bool:
    sold = {
        tier_id: stock.model_copy(
            update={"held": 0, "sold": stock.sold - (without or {}).get(tier_id, Share()).sold}
        )
        for tier_id, stock in stocks.items()
    }
    return event_left(event, sold) == 0


def _paid(order: Order, event: Event) -> Notification:
    return _notification(
        OrderKind.PAID,
        order,
        event,
        at=order.paid_at or order.created_at,
        order_id=order.order_id,
        amount_total=order.amount_total,
        currency=order.currency,
        items=[
            {"tier_id": item.tier_id, "quantity": item.quantity, "amount": item.amount}
            for item in order.items
        ],
    )


def _refunded(order: Order, event: Event) -> Notification:
    """Each further refund of an order is a message of its own."""
    return _notification(
        OrderKind.REFUNDED,
        order,
        event,
        at=order.charge_checked_at or order.created_at,
        number=order.amount_refunded,
        order_id=order.order_id,
        amount_refunded=order.amount_refunded,
        currency=order.currency,
        is_refunded_in_full=order.state is OrderState.REFUNDED,
    )


def _sold_out(order: Order, event: Event) -> Notification:
    """Identified by the order that bought the last ticket: if tickets come back and are sold again,
    that is another order."""
    return _notification(OrderKind.SOLD_OUT, order, event, at=order.paid_at or order.created_at)


def _notification(
    kind: OrderKind, order: Order, event: Event, *, at: datetime, number: int = 0, **data: object
) -> Notification:
    owner: JsonObject = {
        "event_id": event.event_id,
        "session_id": event.session_id,
        "user_id": event.user_id,
        "organization_id": event.organization_id,
    }
    return Notification(
        id=message_id_of(order.order_id, kind, number),
        session_id=event.session_id,
        user_id=event.user_id,
        organization_id=event.organization_id,
        kind=kind,
        payload={
            "type": kind.value,
            "timestamp": at.isoformat(),
            "data": {**owner, **data},
        },
    )
