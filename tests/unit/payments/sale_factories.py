"""Sales and events as the tests need them."""

from datetime import UTC, date, datetime, time
from typing import Any

from domain.publishing.event import Event, EventStatus
from payments.models import TierSale

SESSION_ID = "0b8f6d5e-4c3a-4f61-9d0e-8a7b6c5d4e3f"
EVENT_ID = "3f0c6f0e-8f5b-5d0a-b6a7-1d2c3b4a5968"


def sale(**changes: Any) -> TierSale:
    values: dict[str, Any] = {
        "session_id": SESSION_ID,
        "event_id": EVENT_ID,
        "tier_id": "tier-1",
        "name": "Summer Show: VIP",
        "description": "Front row",
        "currency": "usd",
        "amount": 5_000,
        "quantity": 20,
        "min_per_order": 1,
        "max_per_order": 10,
    }
    return TierSale(**{**values, **changes})


def donation(**changes: Any) -> TierSale:
    return sale(**{"tier_id": "tier-2", "is_donation": True, "amount": 1_000, **changes})


def tier(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "tier-1",
        "name": "VIP",
        "kind": "paid",
        "unit_amount": 5_000,
        "quantity": None,
        "minPerOrder": 1,
        "maxPerOrder": 10,
        "access": "in_person",
        "visibility": "visible",
    }
    return {**values, **changes}


def event(*tiers: dict[str, Any], **changes: Any) -> Event:
    starts_at = datetime(2030, 6, 1, 20, tzinfo=UTC)
    return Event(
        event_id=EVENT_ID,
        session_id=SESSION_ID,
        user_id="ada",
        organization_id=None,
        slug="summer-show",
        title="Summer Show",
        type="fashion_show",
        visibility="public",
        tags=[],
        event_date=date(2030, 6, 1),
        start_time=time(20),
        end_date=date(2030, 6, 1),
        end_time=None,
        timezone="UTC",
        starts_at=starts_at,
        ends_at=None,
        organizer={},
        venue_mode="physical",
        venue_data={"name": "Grand Hall", "address": {"city": "Paris", "country": "FR"}},
        currency="usd",
        total_capacity=None,
        refund_policy=None,
        ticket_tiers=list(tiers),
        sponsor_data={},
        status=EventStatus.DRAFT,
        published_at=None,
    ).model_copy(update=changes)
