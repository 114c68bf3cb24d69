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
    """The tenant's Stripe account. Set by the server."""

    model_config = ConfigDict(frozen=True)

    account_id: str | None = None
    status: PaymentStatus = PaymentStatus.NOT_CONNECTED
    requirements: list[str] = Field(
        default_factory=list, description="What Stripe still requires from the organizer"
    )
    livemode: bool | None = Field(default=None, description="false in Stripe's test mode")
    payouts_enabled: bool | None = None
    default_currency: str | None = None
    checked_at: datetime | None = Field(
        default=None, description="When the account was last fetched from Stripe"
    )
