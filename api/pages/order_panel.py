"""The state of an order, as the event's page shows it to its buyer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from api.pages.texts import amount_text, clock, zone_text
from domain.orders.order import HOLDING, Order, OrderItem, OrderState, PublicOrder
from domain.publishing.event import Event

_TICK: Final = "M3.5 10.5l4.5 4.5L16.5 5.5"
_CROSS: Final = "M4.5 4.5l11 11M15.5 4.5l-11 11"
_CLOCK: Final = "M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15M10 5.5V10l3 2.5"

_TEXTS: Final = {
    OrderState.HELD: (
        "Your tickets are held",
        "The payment page is being opened. This page reloads until it is ready.",
    ),
    OrderState.OPEN: (
        "Your tickets are held",
        "Pay by {until}. After that, the tickets go back on sale.",
    ),
    OrderState.PROCESSING: (
        "Your payment is being processed",
        "This can take a few days. Your tickets stay held until the bank has confirmed it.",
    ),
    OrderState.PAID: ("Your tickets are paid", "The organizer has your order."),
    OrderState.EXPIRED: (
        "The order has expired",
        "It was not paid in time, and nothing was charged. The tickets are on sale again.",
    ),
    OrderState.CANCELLED: (
        "The order is cancelled",
        "Nothing was charged. The tickets are on sale again.",
    ),
    OrderState.REFUNDED: (
        "The order is refunded",
        "The amount has been refunded. The tickets are no longer valid.",
    ),
    OrderState.DISPUTED: (
        "The payment is disputed",
        "Your bank has disputed the payment. Ask the organizer about your tickets.",
    ),
}

_SIGNS: Final = {
    OrderState.PAID: _TICK,
    OrderState.EXPIRED: _CROSS,
    OrderState.CANCELLED: _CROSS,
    OrderState.REFUNDED: _CROSS,
}

_REFRESH_SECONDS: Final = {OrderState.HELD: 2, OrderState.OPEN: 10, OrderState.PROCESSING: 60}
"""Seconds until the page of an order that is not final is loaded again."""


@dataclass(frozen=True)
class OrderLine:
    quantity: int
    name: str
    amount: str


@dataclass(frozen=True)
class OrderPanel:
    heading: str
    text: str
    sign: str
    """The path of the icon."""
    items: list[OrderLine]
    total: str
    is_provisional: bool
    checkout_url: str | None
    cancel_action: str | None
    """The URL that the cancel button posts to."""


def order_panel(order: Order, event: Event) -> OrderPanel:
    heading, text = _TEXTS[order.state]
    zone = ZoneInfo(event.timezone)
    until = order.expires_at.astimezone(zone)
    names = {tier["id"]: tier["name"] for tier in event.ticket_tiers}
    can_cancel = order.state in (OrderState.HELD, OrderState.OPEN)
    return OrderPanel(
        heading=heading,
        text=text.format(until=f"{clock(until)}, {zone_text(until, zone)}"),
        sign=_SIGNS.get(order.state, _CLOCK),
        items=[_line(item, order.currency, names) for item in order.items],
        total=f"Total {amount_text(order.amount_total, order.currency)}",
        is_provisional=order.state in HOLDING,
        checkout_url=checkout_url_of(order),
        cancel_action=f"/e/{event.slug}/orders/{order.order_id}/cancel" if can_cancel else None,
    )


def checkout_url_of(order: Order) -> str | None:
    return PublicOrder.of(order).checkout_url


def refresh_of(order: Order, event: Event, *, forwards: bool) -> str | None:
    """The content of ``<meta http-equiv="refresh">``; None once the order is final.

    ``forwards``: to the checkout, once it is open. Otherwise the buyer has come back from it.
    """
    url = checkout_url_of(order)
    if url is not None and forwards:
        return f"0; url={url}"
    seconds = _REFRESH_SECONDS.get(order.state)
    if seconds is None:
        return None
    stay = "" if order.state is OrderState.HELD and forwards else "&stay=1"
    return f"{seconds}; url=/e/{event.slug}?order={order.order_id}{stay}"


def _line(item: OrderItem, currency: str, names: Mapping[str, str]) -> OrderLine:
    """``names``: in the language of the visitor, by tier."""
    name = names.get(item.tier_id, item.name)
    amount = item.listed_amount if item.amount is None else item.amount
    return OrderLine(item.quantity, name, amount_text(amount, currency))
