"""What the session knows of its tenant's Stripe account, as it changes."""

from domain.actions import ActionName
from domain.changes import Change, Stamp, accept
from domain.session import SessionState
from domain.view import Payments


def update_payments(state: SessionState, payments: Payments, stamp: Stamp) -> Change:
    """No edit of a person's: terms that were accepted stay so. Looking again is no change."""
    if payments == state.payments.model_copy(update={"checked_at": payments.checked_at}):
        return Change(state)
    return accept(
        state,
        stamp,
        ActionName.CHECK_PAYMENTS,
        detail=payments.status.value,
        payments=payments,
    )
