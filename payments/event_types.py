"""The types of Stripe's events that the platform subscribes to.

Apart from the models of their content, so that the commands of the development stack, which
subscribe to them, start without loading those.
"""

from typing import Final

DEAUTHORIZED: Final = "account.application.deauthorized"
"""The organizer has revoked the platform's access to the account."""

ACCOUNT_EVENTS: Final = ("v2.core.account", "account.", "capability.")
"""Prefixes."""

CHECKOUT_EVENTS: Final = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)

CHARGE_EVENTS: Final = ("charge.refunded", "charge.dispute.", "refund.updated", "refund.failed")
"""Prefixes. A refund may fail days after it was made; then the charge is no longer refunded."""

SUBSCRIBED_THIN: Final = (
    "v2.core.account[requirements].updated",
    "v2.core.account[configuration.merchant].capability_status_updated",
    "v2.core.account.closed",
)
SUBSCRIBED_SNAPSHOTS: Final = (
    DEAUTHORIZED,
    *sorted(CHECKOUT_EVENTS),
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "refund.updated",
    "refund.failed",
)
"""The events of connected accounts that Stripe has to send. Others are ignored, and cost a request
and a row each."""
