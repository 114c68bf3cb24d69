"""What the stand-in keeps besides Stripe's own objects."""

from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.json_values import JsonObject


class Payload(StrEnum):
    SNAPSHOT = "snapshot"
    THIN = "thin"


class StoredAnswer(BaseModel):
    """What an idempotency key stands for."""

    method: str
    path: str
    params: JsonObject
    request_id: str
    status: int
    body: JsonObject


class OnboardingLink(BaseModel):
    account: str
    return_url: str | None
    refresh_url: str
    use_case: str
    expires_at: datetime
    visit: str | None = Field(default=None, repr=False)
    """The page that its one visitor has open: what a submitted form must name."""
    used: bool = False

    def can_be_opened(self) -> bool:
        return not self.used and datetime.now(UTC) < self.expires_at


class WebhookEndpoint(BaseModel):
    """Where events are delivered to."""

    id: str
    url: str
    secret: str = Field(repr=False)
    connect: bool
    """Whether it hears of the connected accounts, or of the platform (for snapshots)."""
    payload: Payload


class Delivery(BaseModel):
    """One event on its way to one endpoint."""

    id: str
    endpoint_id: str
    account: str
    event_id: str
    attempts: int = 0
    last_status: int | None = None
    delivered: bool = False
