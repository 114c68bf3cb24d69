"""The status of a tenant's Stripe account, and of Stripe itself."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field


class PaymentStatus(StrEnum):
    NOT_CONNECTED = "not_connected"
    ONBOARDING = "onboarding"
    READY = "ready"
    RESTRICTED = "restricted"
    DISCONNECTED = "disconnected"
    """The platform no longer has access to the account. To sell again, the organizer connects
    another one."""


class PaymentReason(StrEnum):
    """Why the account has its status, if the status alone does not explain it."""

    ACCOUNT_GONE = "account_gone"
    """Access was revoked, or the account was deleted or belongs to the other mode."""
    DISCONNECTED_BY_ORGANIZER = "disconnected_by_organizer"
    CLOSED = "closed"
    REJECTED = "rejected"
    """Stripe does not allow the account to accept payments."""
    UNAUTHORIZED = "unauthorized"
    """Stripe does not accept the server's API key. The status is the last known one."""


class StripeAnswer(StrEnum):
    """Stripe's last answer to any request of a worker."""

    OK = "ok"
    UNAUTHORIZED = "unauthorized"
    """It does not accept the API key."""
    UNAVAILABLE = "unavailable"
    NOT_CONFIGURED = "not_configured"
    """The worker has no API key, so it asks nothing."""


_OBSTACLES: Final = frozenset({PaymentReason.REJECTED, PaymentReason.UNAUTHORIZED})
"""Reasons that require something else of the organizer than the status alone."""


class Payments(BaseModel):
    """The tenant's Stripe account. Set by the server."""

    model_config = ConfigDict(frozen=True)

    account_id: str | None = None
    status: PaymentStatus = PaymentStatus.NOT_CONNECTED
    reason: str | None = Field(
        default=None,
        description="Why the account has its status, as a stable code: `account_gone` (access was "
        "revoked, or the account was deleted), `disconnected_by_organizer`, `closed`, `rejected`, "
        "or `unauthorized` (the status is the last known one, because Stripe does not accept the "
        "server's API key). Null if the status needs no explanation",
        examples=[None, "account_gone"],
    )
    requirements: list[str] = Field(
        default_factory=list, description="What Stripe still requires from the organizer"
    )
    livemode: bool | None = Field(default=None, description="false in Stripe's test mode")
    payouts_enabled: bool | None = None
    default_currency: str | None = None
    checked_at: datetime | None = Field(
        default=None, description="When the account was last fetched from Stripe"
    )

    @property
    def is_over(self) -> bool:
        """Whether nothing is ever sold through the account again: to sell, the organizer connects
        another one."""
        return self.status is PaymentStatus.DISCONNECTED

    @property
    def is_unknown(self) -> bool:
        """Whether the session has never looked for an account of its tenant."""
        is_initial = self.status is PaymentStatus.NOT_CONNECTED and self.reason is None
        return is_initial and self.checked_at is None

    @property
    def obstacle(self) -> str | None:
        """Why nothing can be sold through the account, as a stable code; None if it is ready."""
        if self.is_unknown:
            return "unknown"
        if self.reason in _OBSTACLES:
            return self.reason
        return None if self.status is PaymentStatus.READY else self.status.value


def gone(account_id: str, *, checked_at: datetime) -> Payments:
    """The status of an account to which the platform has no access."""
    return Payments(
        account_id=account_id,
        status=PaymentStatus.DISCONNECTED,
        reason=PaymentReason.ACCOUNT_GONE,
        checked_at=checked_at,
    )


def newer_of(payments: Payments, known: Payments | None) -> Payments:
    """The status that was fetched later; ``payments`` if both were fetched at the same time."""
    if known is None or known.checked_at is None:
        return payments
    if payments.checked_at is None or payments.checked_at < known.checked_at:
        return known
    return payments
