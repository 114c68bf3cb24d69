"""A published event, as it is stored and shown."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from domain.jsontypes import JsonObject

# The format "time" of JSON Schema has an offset (RFC 3339), and a clock on the wall has none.
WallClock = Annotated[
    time,
    WithJsonSchema(
        {
            "type": "string",
            "description": "Local to `timezone`",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$",
        }
    ),
]


class EventStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class Event(BaseModel):
    """One row of ``events``. Times are local to ``timezone``; money is in minor units."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    session_id: str
    user_id: str
    organization_id: str | None
    slug: str
    slug_is_derived: bool = False
    title: str
    type: str
    summary: str | None = None
    description: str | None = None
    visibility: str
    language: str | None = None
    tags: list[str]
    event_date: date
    start_time: WallClock
    end_date: date
    end_time: WallClock | None
    timezone: str
    starts_at: datetime
    ends_at: datetime | None
    dress_code: str | None = None
    age_restriction: str | None = None
    organizer: JsonObject
    venue_mode: str
    venue_data: JsonObject
    currency: str
    total_capacity: int | None
    refund_policy: JsonObject | None
    ticket_tiers: list[JsonObject]
    sponsor_data: JsonObject
    stripe_account_id: str | None = None
    status: EventStatus
    published_at: datetime | None
