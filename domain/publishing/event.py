"""An event as it is stored."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from domain.json_values import JsonObject
from domain.values import pictures
from domain.values.local_time import doors_open_at

# Not the format "time" of JSON Schema, which requires an offset (RFC 3339).
WallClock = Annotated[
    time,
    WithJsonSchema(
        {
            "type": "string",
            "description": "Local time in `timezone`",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$",
        }
    ),
]


class EventParticipant(BaseModel):
    """A performer or a co-organizer."""

    model_config = ConfigDict(frozen=True)

    name: str
    url: str | None = None


_Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class EventHours(BaseModel):
    """Hours of one day, in the event's `timezone`."""

    model_config = ConfigDict(frozen=True)

    date: date
    opens: _Clock
    closes: _Clock = Field(
        description="On the next day if it is an earlier time of day than `opens`"
    )


class EventTranslation(BaseModel):
    """The texts of the event in another language. Null if the text is not translated."""

    model_config = ConfigDict(frozen=True)

    language: str
    title: str | None = None
    summary: str | None = None
    description: str | None = None
    tiers: dict[str, str] = Field(default={}, description="Names of tickets, by their `id`")


class EventStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class SalesSwitch(StrEnum):
    """The organizer's switch for the sales of an event."""

    ON = "on"
    PAUSED = "paused"
    CLOSED = "closed"
    """For good."""


class EventSummary(BaseModel):
    """A published event in a list."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    session_id: str
    slug: str
    title: str
    type: str
    summary: str | None
    visibility: str
    language: str | None
    event_date: date
    start_time: WallClock
    end_date: date
    end_time: WallClock | None
    timezone: str
    starts_at: datetime
    ends_at: datetime | None
    venue_mode: str
    currency: str
    sales: SalesSwitch
    status: EventStatus
    published_at: datetime


class Event(BaseModel):
    """A published event. Amounts are in the minor unit of the currency, such as cents."""

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
    external_url: str | None = None
    performers: list[EventParticipant] = []
    organizers: Annotated[
        list[EventParticipant], Field(description="Co-organizers, besides `organizer`")
    ] = []
    opening_hours: list[EventHours] = []
    translations: list[EventTranslation] = []
    organizer: JsonObject
    venue_mode: str
    venue_data: JsonObject
    currency: str
    total_capacity: int | None
    refund_policy: JsonObject | None
    promotion_codes: bool = False
    automatic_tax: bool = False
    ticket_tiers: Annotated[
        list[JsonObject],
        Field(
            description="Tickets that cost money have `priceId`, their price at Stripe. In events "
            "of earlier releases, they have `paymentLink`, the page that sells them"
        ),
    ]
    sponsor_data: JsonObject
    stripe_account_id: str | None = None
    sales: SalesSwitch = SalesSwitch.ON
    status: EventStatus
    published_at: datetime | None


def doors_at(event: Event) -> datetime | None:
    """When the doors open, in the zone of the event; None if the organizer has not said it."""
    doors = event.venue_data.get("doorsTime")
    if not doors:
        return None
    starts_at = event.starts_at.astimezone(ZoneInfo(event.timezone))
    return doors_open_at(starts_at, time.fromisoformat(doors))


def with_absolute_pictures(event: Event, media_url: str) -> Event:
    """The event as others read it, who do not know which server has the pictures."""
    return event.model_copy(
        update={
            "organizer": pictures.with_absolute_pictures(event.organizer, media_url),
            "sponsor_data": pictures.with_absolute_pictures(event.sponsor_data, media_url),
        }
    )
