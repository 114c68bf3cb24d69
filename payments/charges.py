"""Charges of orders: what was refunded, and whether the buyer disputes the payment.

Refunds are made in Stripe's dashboard, and disputes by the buyer's bank. Neither has the metadata
of the order; the payment intent has it.
"""

from collections.abc import Iterable
from typing import Final

import stripe

from domain.ids import canonical_id
from domain.orders.transitions import DisputeState
from payments.catalogue import PAGE
from payments.checkout_models import ORDER_KEY, ChargeNow
from payments.outcomes import stripe_errors

_WON: Final = frozenset({"won", "warning_closed", "prevented"})
"""Final states without a loss: an inquiry that became no dispute is one, too."""


async def charge_now(client: stripe.StripeClient, account_id: str, intent_id: str) -> ChargeNow:
    """
    Raises:
        PaymentsError: Stripe does not return the payment or its disputes.
    """
    with stripe_errors():
        intent = await client.v1.payment_intents.retrieve_async(
            intent_id, {"expand": ["latest_charge"]}, {"stripe_account": account_id}
        )
        disputes = await client.v1.disputes.list_async(
            {"payment_intent": intent_id, "limit": PAGE}, {"stripe_account": account_id}
        )
    charge = intent.latest_charge
    paid = charge if isinstance(charge, stripe.Charge) else None
    return ChargeNow(
        account_id=account_id,
        payment_intent_id=intent.id,
        order_id=canonical_id(intent.metadata.to_dict().get(ORDER_KEY) or ""),
        amount=intent.amount,
        amount_refunded=paid.amount_refunded if paid else 0,
        is_refunded=paid.refunded if paid else False,
        dispute=_dispute(dispute.status for dispute in disputes.data),
    )


def _dispute(statuses: Iterable[str]) -> DisputeState | None:
    """One state for all disputes of a payment."""
    states = {_state(status) for status in statuses}
    by_weight = (DisputeState.OPEN, DisputeState.LOST, DisputeState.WON)
    return next((state for state in by_weight if state in states), None)


def _state(status: str) -> DisputeState:
    if status == "lost":
        return DisputeState.LOST
    return DisputeState.WON if status in _WON else DisputeState.OPEN
