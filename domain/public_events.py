"""An event as anyone may see it."""

from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from domain.events import Event, WallClock
from domain.jsontypes import JsonObject
from domain.schemas.ticket import TierVisibility

# How to reach the organizer is the organizer's business; where an online event takes place is for
# those who have a ticket.
_ORGANIZER_PRIVATE: Final = frozenset({"email", "phone"})
_VENUE_PRIVATE: Final = frozenset({"url", "accessNote"})
_SPONSOR_PRIVATE: Final = frozenset({"pressContact"})


class PublicEvent(BaseModel):
    """Without ids of people and accounts, contacts, hidden tiers and online addresses."""

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
                tier
                for tier in event.ticket_tiers
                if tier.get("visibility") != TierVisibility.HIDDEN
            ],
        }
    )


def _without(data: JsonObject, names: frozenset[str]) -> JsonObject:
    return {name: value for name, value in data.items() if name not in names}
