"""Renders an order for operators, as Markdown for its page in the Temporal UI.

The page contains nothing of the buyer. Tables are in code blocks, because the UI renders Markdown
tables without space between the columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.orders.order import Order, OrderState
from payments.errors import ACCOUNT_GONE, FORBIDDEN, UNAUTHORIZED
from workflows.timer import utc

_NAME_WIDTH: Final = 32

_KEY_ADVICE: Final = (
    "Stripe does not accept `STRIPE_API_KEY` for this account. Correct the key and restart the "
    "workers. Until then the tickets stay held, because the buyer may have paid."
)

_ADVICE_AFTER_REFUSAL: Final = {
    UNAUTHORIZED: _KEY_ADVICE,
    FORBIDDEN: _KEY_ADVICE,
    ACCOUNT_GONE: (
        "The platform has no access to the organizer's Stripe account. Nothing to do: the tickets "
        "are given back once the checkout has expired."
    ),
}
_OTHER_ADVICE: Final = (
    "Stripe declined the last call: the failed activity, red in the timeline, shows the cause. The "
    "tickets stay held until Stripe returns the checkout."
)

_ADVICE: Final = {
    OrderState.HELD: (
        "Nothing for now. If this lasts for minutes, *Pending Activities* shows the last error of "
        "Stripe or Postgres."
    ),
    OrderState.OPEN: "Nothing: the buyer pays, cancels, or lets the checkout expire.",
    OrderState.PROCESSING: (
        "Nothing: the payment method takes days. Stripe sends a webhook, and the checkout is "
        "checked regularly."
    ),
    OrderState.PAID: "Nothing. Refunds are made in Stripe's dashboard.",
}


@dataclass(frozen=True)
class Progress:
    """What the process knows beside the order."""

    next_look_at: datetime | None
    """At the checkout, unless a webhook comes first."""
    generation: int = 1
    refused_as: str | None = None
    """The code with which Stripe refused the last call."""


def markdown(order: Order, progress: Progress) -> str:
    return "\n".join(
        [*_headline(order, progress), *_what_to_do(order, progress), "", *_items(order)]
    )


def _headline(order: Order, progress: Progress) -> Iterator[str]:
    reason = f" ({order.reason})" if order.reason else ""
    yield f"**{order.state.value}{reason}**"
    yield ""
    yield f"- Event: `{order.event_id}`"
    yield f"- Held: {utc(order.created_at)}"
    if order.holds:
        yield f"- Checkout expires: {utc(order.expires_at)}"
        if progress.next_look_at is not None:
            yield f"- Next check at Stripe: {utc(progress.next_look_at)}"
    if order.paid_at is not None:
        yield f"- Paid: {utc(order.paid_at)}"
    if order.checkout_session_id is not None:
        yield f"- Checkout: `{order.checkout_session_id}` of `{order.stripe_account_id}`"
    if progress.generation > 1:
        yield f"- Attempted checkouts: {progress.generation}"


def _what_to_do(order: Order, progress: Progress) -> Iterator[str]:
    advice = _ADVICE.get(order.state)
    if order.holds and progress.refused_as is not None:
        advice = _ADVICE_AFTER_REFUSAL.get(progress.refused_as, _OTHER_ADVICE)
        advice = f"{advice} (`{progress.refused_as}`)"
    if advice is not None:
        yield ""
        yield f"**What to do**: {advice}"


def _items(order: Order) -> Iterator[str]:
    """Amounts are in minor units, as Stripe has them."""
    yield "```text"
    yield f"{'ticket':{_NAME_WIDTH}} {'number':>6} {'each':>12} {'paid':>12}"
    for item in order.items:
        paid = "" if item.amount is None else str(item.amount)
        row = f"{_short(item.name)} {item.quantity:>6} {item.unit_amount:>12} {paid:>12}"
        yield row.rstrip()
    total = f"{'total, ' + order.currency:{_NAME_WIDTH}} {'':>6} {'':>12} {order.amount_total:>12}"
    yield total
    yield "```"


def _short(name: str) -> str:
    """In one line, without the marks that end a code block."""
    line = " ".join(name.replace("`", "'").split())
    return f"{line[:_NAME_WIDTH]:{_NAME_WIDTH}}"
