"""An event as it is stored, and its public view."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from domain.json_values import JsonObject
from domain.schemas.ticket import TierVisibility

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


# The organizer's contacts are private, and the URL of an online event is for ticket holders only.
_ORGANIZER_PRIVATE: Final = frozenset({"email", "phone"})
_VENUE_PRIVATE: Final = frozenset({"url", "accessNote"})
_SPONSOR_PRIVATE: Final = frozenset({"pressContact"})
_TIER_PRIVATE: Final = frozenset({"priceId"})
"""The id of the tier's price at Stripe."""


class EventStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class SalesSwitch(StrEnum):
    """The organizer's switch for the sales of an event."""

    ON = "on"
    PAUSED = "paused"
    CLOSED = "closed"
    """For good."""


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


class PublicEvent(BaseModel):
    """A published event without IDs of users and accounts, contact details, hidden tiers and online
    addresses. Amounts are in the minor unit of the currency, such as cents."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    slug: str
    title: str
    type: str
    summary: str | None
    description: str | None
    language: str | None
    tags: list[str]
    event_date: date
    start_time: WallClock
    end_date: date
    end_time: WallClock | None
    timezone: str
    starts_at: datetime
    ends_at: datetime | None
    dress_code: str | None
    age_restriction: str | None
    organizer: JsonObject
    venue_mode: str
    venue_data: JsonObject
    currency: str
    refund_policy: JsonObject | None
    ticket_tiers: list[JsonObject]
    sponsor_data: JsonObject
    published_at: datetime | None


def public_event(event: Event) -> PublicEvent:
    shown = event.model_dump(include=set(PublicEvent.model_fields))
    return PublicEvent(
        **{
            **shown,
            "organizer": _without(event.organizer, _ORGANIZER_PRIVATE),
            "venue_data": _without(event.venue_data, _VENUE_PRIVATE),
            "sponsor_data": _without(event.sponsor_data, _SPONSOR_PRIVATE),
            "ticket_tiers": [
                _without(tier, _TIER_PRIVATE)
                for tier in event.ticket_tiers
                if tier.get("visibility") != TierVisibility.HIDDEN
            ],
        }
    )


def _without(data: JsonObject, names: frozenset[str]) -> JsonObject:
    return {name: value for name, value in data.items() if name not in names}
