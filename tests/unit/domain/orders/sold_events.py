"""Published events that sell tickets."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.json_values import JsonObject
from domain.publishing.event import Event, EventStatus

NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)
STARTS_AT = NOW + timedelta(days=10)


def tier(tier_id: str = "floor", **changed: Any) -> JsonObject:
    return {
        "id": tier_id,
        "name": tier_id.title(),
        "kind": "paid",
        "unit_amount": 2500,
        "quantity": None,
        "minPerOrder": 1,
        "maxPerOrder": 10,
        "access": "in_person",
        "visibility": "visible",
        "priceId": f"price_{tier_id}",
        **changed,
    }


def sold_event(*tiers: JsonObject, **changed: Any) -> Event:
    """By default, one tier without limits, and a venue without a capacity."""
    return Event(
        **{
            "event_id": "11111111-1111-4111-8111-111111111111",
            "session_id": "22222222-2222-4222-8222-222222222222",
            "user_id": "ada",
            "organization_id": None,
            "slug": "spring-show",
            "title": "Spring show",
            "type": "fashion_show",
            "visibility": "public",
            "tags": [],
            "event_date": STARTS_AT.date(),
            "start_time": STARTS_AT.time(),
            "end_date": STARTS_AT.date(),
            "end_time": None,
            "timezone": "UTC",
            "starts_at": STARTS_AT,
            "ends_at": STARTS_AT + timedelta(hours=3),
            "organizer": {"name": "Ada"},
            "venue_mode": "physical",
            "venue_data": {"mode": "physical", "name": "Hall"},
            "currency": "eur",
            "total_capacity": None,
            "refund_policy": None,
            "ticket_tiers": list(tiers) or [tier()],
            "sponsor_data": {},
            "stripe_account_id": "acct_1",
            "status": EventStatus.PUBLISHED,
            "published_at": NOW,
            **changed,
        }
    )
