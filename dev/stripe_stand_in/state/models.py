"""Stored data other than Stripe's own objects, and the names of the objects' kinds."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from domain.json_values import JsonObject

ACCOUNT: Final = "v2.core.account"
SNAPSHOT_EVENT: Final = "event"
THIN_EVENT: Final = "v2.core.event"


class Payload(StrEnum):
    SNAPSHOT = "snapshot"
    THIN = "thin"


class StoredResponse(BaseModel):
    """The response to the first request with an idempotency key."""

    method: str
    path: str
    params: JsonObject
    request_id: str
    status: int
    body: JsonObject


class AccountLink(BaseModel):
    account: str
    return_url: str | None
    refresh_url: str
    use_case: str
    expires_at: datetime
    visit: str | None = Field(default=None, repr=False)
    """The id of the opened page, which a submitted form must have."""
    used: bool = False

    def can_be_opened(self) -> bool:
        return not self.used and datetime.now(UTC) < self.expires_at


class WebhookEndpoint(BaseModel):
    """An endpoint that receives events."""

    id: str
    url: str
    secret: str = Field(repr=False)
    connect: bool
    """Whether it receives snapshot events of connected accounts instead of the platform."""
    payload: Payload
    enabled_events: list[str] = Field(default_factory=lambda: ["*"])
    """Types of events; ``*`` for all."""

    def receives(self, event: JsonObject) -> bool:
        if not {"*", event["type"]} & set(self.enabled_events):
            return False
        if event["object"] == THIN_EVENT:
            return self.payload is Payload.THIN
        return self.payload is Payload.SNAPSHOT and self.connect == ("account" in event)


class WebhookDelivery(BaseModel):
    """A delivery of one event to one endpoint."""

    id: str
    endpoint_id: str
    account: str
    event_id: str
    attempts: int = 0
    last_status: int | None = None
    delivered: bool = False
    held: bool = False
    livemode: bool = False
    """Whether it claims to be an event of live mode."""


class DeliveryMode(BaseModel):
    """How events are delivered."""

    model_config = ConfigDict(extra="forbid")

    events: str = ""
    """It applies to events whose type starts with this."""
    held: bool = False
    """Whether deliveries wait until a mode without this is set."""
    seconds: float = Field(default=0, ge=0)
    """How long each delivery is delayed."""
    times: int = Field(default=1, ge=1, le=100)
    """How often each event is delivered."""
    shuffled: bool = False
    """Whether the deliveries that waited are sent in random order."""
