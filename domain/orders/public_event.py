"""The public view of an event, with the sale of its tickets."""

from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.json_values import JsonObject
from domain.orders.inventory import Stocks
from domain.orders.sales import SHOWN_LEFT, SaleState, public_tier
from domain.publishing.event import Event, EventHours, EventParticipant, WallClock, doors_at
from domain.publishing.translation import in_preferred_language, languages_of
from domain.schemas.ticket import TierVisibility

# The organizer's contacts are private, and the URL of an online event is for ticket holders only.
ORGANIZER_PRIVATE: Final = frozenset({"email", "phone"})
VENUE_PRIVATE: Final = frozenset({"url", "accessNote"})
SPONSOR_PRIVATE: Final = frozenset({"pressContact"})
TIER_PRIVATE: Final = frozenset({"priceId"})
"""The id of the tier's price at Stripe."""


class PublicTier(BaseModel):
    """Tickets as the organizer describes them, and their sale at this moment."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str = Field(description="The `tier_id` of an order")
    name: str
    kind: str = Field(description="`paid`, `free` or `donation`")
    unit_amount: int = Field(
        description="The price in the minor unit of the currency; the suggested amount of a "
        "donation"
    )
    sale_state: SaleState | None = Field(
        description="`scheduled`: the sale starts at `sale_start`. `on_sale`: tickets can be "
        "ordered. `paused`: nothing is sold at the moment. `sold_out`: too few tickets are left "
        "for an order; unpaid ones may come back. `ended`: the sale or the event is over. Null "
        "for free entry and for tickets that are not sold here"
    )
    left: int | None = Field(
        description="How many tickets can still be ordered, if they are at most "
        f"{SHOWN_LEFT}; null if there are more, or if none are sold here"
    )
    sale_start: datetime | None = Field(
        description="When the sale starts; null if it started with the publication"
    )
    sale_end: datetime | None = Field(
        description="When the sale is over; null if it lasts until the event is over"
    )


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
    doors_at: datetime | None = Field(
        description=(
            "When the doors open: on the evening before the event if the venue's `doorsTime` is a"
            " later time of day than the start"
        )
    )
    dress_code: str | None
    age_restriction: str | None
    external_url: str | None
    performers: list[EventParticipant]
    organizers: list[EventParticipant]
    opening_hours: list[EventHours]
    languages: list[str] = Field(
        description="The languages between which `Accept-Language` chooses, that of the event first"
    )
    organizer: JsonObject
    venue_mode: str
    venue_data: JsonObject
    currency: str
    refund_policy: JsonObject | None
    ticket_tiers: list[PublicTier]
    sponsor_data: JsonObject
    published_at: datetime | None


def public_event(
    event: Event,
    stocks: Stocks,
    now: datetime,
    *,
    account_lost: bool = False,
    accept_language: str = "",
) -> PublicEvent:
    """A hidden tier is not listed, and is sold to buyers who have its id.

    Args:
        event: as it was entered.
        stocks: of its tiers.
        now: the time.
        account_lost: whether its Stripe account is lost.
        accept_language: the value of the header, which chooses a translation.
    """
    languages = languages_of(event)
    event = in_preferred_language(event, accept_language)
    shown: dict[str, Any] = event.model_dump(include=set(PublicEvent.model_fields))
    return PublicEvent(
        **{
            **shown,
            "languages": languages,
            "doors_at": doors_at(event),
            "organizer": _without(event.organizer, ORGANIZER_PRIVATE),
            "venue_data": _without(event.venue_data, VENUE_PRIVATE),
            "sponsor_data": _without(event.sponsor_data, SPONSOR_PRIVATE),
            "ticket_tiers": [
                {
                    **_without(tier, TIER_PRIVATE),
                    **public_tier(event, tier, stocks, now, account_lost=account_lost),
                }
                for tier in event.ticket_tiers
                if tier.get("visibility") != TierVisibility.HIDDEN
            ],
        }
    )


def _without(data: JsonObject, names: frozenset[str]) -> JsonObject:
    return {name: value for name, value in data.items() if name not in names}
