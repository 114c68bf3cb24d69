"""The status of a tenant's Stripe account."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class PaymentStatus(StrEnum):
    NOT_CONNECTED = "not_connected"
    ONBOARDING = "onboarding"
    READY = "ready"
    RESTRICTED = "restricted"


class Payments(BaseModel):
    """The tenant's Stripe account; owned by the server."""

    model_config = ConfigDict(frozen=True)

    account_id: str | None = None
    status: PaymentStatus = PaymentStatus.NOT_CONNECTED
    requirements: list[str] = Field(default_factory=list)
    livemode: bool | None = None
    payouts_enabled: bool | None = None
    default_currency: str | None = None
    checked_at: datetime | None = None
