"""The capabilities and requirements of an account, by its state.

Shapes: ``stripe.v2.core.Account.Requirements`` and ``….Configuration.Merchant.Capabilities``.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from domain.json_values import JsonObject


class AccountState(StrEnum):
    """Only ``READY`` and ``PAYOUTS_DISABLED`` accept card payments."""

    NEW = "new"
    """Nothing is submitted."""
    PENDING = "pending"
    """Submitted, and in review by Stripe."""
    READY = "ready"
    RESTRICTED = "restricted"
    """Submitted, but incomplete."""
    PAYOUTS_DISABLED = "payouts_disabled"


ONBOARDING_REQUIREMENTS: Final = (
    "configuration.merchant.mcc",
    "defaults.profile.business_url",
    "identity.attestations.terms_of_service.account",
    "identity.entity_type",
)
LATER_REQUIREMENTS: Final = ("identity.individual.documents.primary_verification",)

_ACTIVE: Final[JsonObject] = {"status": "active", "status_details": []}
_PENDING: Final[JsonObject] = {
    "status": "pending",
    "status_details": [
        {"code": "requirements_pending_verification", "resolution": "no_resolution"}
    ],
}
_RESTRICTED: Final[JsonObject] = {
    "status": "restricted",
    "status_details": [{"code": "requirements_past_due", "resolution": "provide_info"}],
}

_PAYMENTS: Final = {
    AccountState.NEW: _RESTRICTED,
    AccountState.PENDING: _PENDING,
    AccountState.READY: _ACTIVE,
    AccountState.RESTRICTED: _RESTRICTED,
    AccountState.PAYOUTS_DISABLED: _ACTIVE,
}
_PAYOUTS: Final = {**_PAYMENTS, AccountState.PAYOUTS_DISABLED: _RESTRICTED}

BALANCE: Final = "stripe_balance"
PAYOUTS: Final = f"{BALANCE}.payouts"


def capabilities_in(state: AccountState, requested: Sequence[str]) -> JsonObject:
    """The requested capabilities, and payouts with any capability to accept payments."""
    if not requested:
        return {}
    payments: JsonObject = dict.fromkeys(requested, _PAYMENTS[state])
    return {**payments, BALANCE: {"payouts": _PAYOUTS[state]}}


def requirements_in(
    state: AccountState, requested: Sequence[str], descriptions: Sequence[str] | None = None
) -> JsonObject:
    """``descriptions`` replace the default requirements of the state."""
    match state:
        case AccountState.READY:
            entries = []
        case AccountState.NEW:
            due = descriptions or ONBOARDING_REQUIREMENTS
            entries = [_entry(item, requested, reason="routine_onboarding") for item in due]
        case AccountState.PENDING:
            due = descriptions or LATER_REQUIREMENTS
            entries = [_entry(item, requested, awaits="stripe") for item in due]
        case AccountState.RESTRICTED:
            due = descriptions or LATER_REQUIREMENTS
            entries = [_entry(item, requested, errors=[_UNREADABLE]) for item in due]
        case AccountState.PAYOUTS_DISABLED:
            due = descriptions or ("configuration.merchant.payout_method",)
            entries = [_entry(item, [PAYOUTS]) for item in due]
    deadline = {"status": "past_due", "time": None} if entries else None
    return {"entries": entries, "alternatives": [], "summary": {"minimum_deadline": deadline}}


_UNREADABLE: Final[JsonObject] = {
    "code": "verification_document_not_readable",
    "description": "The document cannot be read. Upload a clear picture of it.",
}


def _entry(
    description: str,
    restricts: Sequence[str],
    *,
    awaits: str = "user",
    reason: str = "routine_verification",
    errors: Sequence[JsonObject] = (),
) -> JsonObject:
    past_due = {"status": "past_due"}
    return {
        "awaiting_action_from": awaits,
        "description": description,
        "errors": list(errors),
        "impact": {
            "restricts_capabilities": [
                {"capability": capability, "configuration": "merchant", "deadline": past_due}
                for capability in restricts
            ]
        },
        "minimum_deadline": past_due,
        "reference": None,
        "requested_reasons": [{"code": reason}],
    }
