"""What a payment link has sold, from its checkout sessions at Stripe."""

from dataclasses import astuple, dataclass
from typing import Final

import stripe
from stripe.params.checkout import SessionListParams

from payments.catalogue import PAGE
from payments.outcomes import stripe_errors

_EXPANDED: Final = ["data.line_items", "data.payment_intent.latest_charge"]


@dataclass(frozen=True)
class LinkSales:
    """Numbers of one link, or of several."""

    orders: int = 0
    """Paid orders, refunded ones included."""

    tickets: int = 0
    """Tickets of paid orders that were not refunded in full."""

    refunded: int = 0
    """Tickets of orders that were refunded in full."""

    pending: int = 0
    """Tickets whose payment takes days, and is in progress."""

    open_checkouts: int = 0
    """Checkouts that a buyer has begun, and can still complete, for a day."""

    def __add__(self, other: "LinkSales") -> "LinkSales":
        return LinkSales(*(map(sum, zip(astuple(self), astuple(other), strict=True))))


async def sales_of_link(client: stripe.StripeClient, account_id: str, link_id: str) -> LinkSales:
    """
    Raises:
        PaymentsError: Stripe does not list the sessions.
    """
    completed = await _sessions(
        client, account_id, {"payment_link": link_id, "status": "complete", "expand": _EXPANDED}
    )
    begun = await _sessions(client, account_id, {"payment_link": link_id, "status": "open"})
    return sum(map(_sales_of, completed), LinkSales(open_checkouts=len(begun)))


async def _sessions(
    client: stripe.StripeClient, account_id: str, params: SessionListParams
) -> list[stripe.checkout.Session]:
    with stripe_errors():
        page = await client.v1.checkout.sessions.list_async(
            {**params, "limit": PAGE}, {"stripe_account": account_id}
        )
        return [session async for session in page.auto_paging_iter()]


def _sales_of(session: stripe.checkout.Session) -> LinkSales:
    items = session.line_items.data if session.line_items else []
    tickets = sum(item.quantity or 0 for item in items)
    if session.payment_status == "unpaid":
        return LinkSales(pending=tickets if _is_in_progress(session) else 0)
    if _is_refunded(session):
        return LinkSales(orders=1, refunded=tickets)
    return LinkSales(orders=1, tickets=tickets)


def _is_in_progress(session: stripe.checkout.Session) -> bool:
    """False if the payment has failed."""
    intent = session.payment_intent
    return isinstance(intent, stripe.PaymentIntent) and intent.status == "processing"


def _is_refunded(session: stripe.checkout.Session) -> bool:
    """An order that costs nothing has no payment."""
    intent = session.payment_intent
    charge = intent.latest_charge if isinstance(intent, stripe.PaymentIntent) else None
    return isinstance(charge, stripe.Charge) and charge.refunded
