"""The public view of an event, and the fields that it omits."""

from typing import Any

from domain.actors import Actor
from domain.orders.public_event import PublicEvent, public_event
from domain.publishing.build_event import build_event
from domain.publishing.event import Event, EventStatus
from domain.stages import Stage
from tests.unit.domain.samples import HYBRID, NOW, READY, valid_section, valid_sections

PRIVATE = {
    "user-4711",
    "org-0815",
    "acct_1",
    "session-1",
    "owner@example.com",
    "+12125550100",
    "https://live.example.com/show",
    "the door code is 7",
    "press@example.com",
    "Friends only",
}


def published(**fields: Any) -> Event:
    drafts = valid_sections(
        organizer={
            "name": "Ada Lovelace",
            "email": "owner@example.com",
            "phone": "+12125550100",
            "website": "https://ada.example.com",
            "logo": {"url": "https://cdn.example.com/logo.png", "alt": "A"},
            "socials": {"x": "@ada"},
        },
        event=valid_section(
            Stage.EVENT_SETUP, summary="Short", tags=["art"], endTime="22:00", **fields
        ),
        venue={**HYBRID, "accessNote": "the door code is 7", "platform": "Zoom", "capacity": 90},
        ticket={
            "tiers": [
                {"id": "tier-1", "name": "General", "unit_amount": 5_000},
                {"id": "tier-2", "name": "Friends only", "unit_amount": 0, "visibility": "hidden"},
            ],
            "refundPolicy": {"kind": "none"},
            "totalCapacity": 90,
        },
        sponsor={"sponsors": [{"name": "Acme"}], "pressContact": "press@example.com"},
    )
    event = build_event(
        session_id="session-1",
        owner=Actor(user_id="user-4711", organization_id="org-0815", email="owner@example.com"),
        sections=drafts,
        payments=READY,
        now=NOW,
    )
    return event.model_copy(update={"status": EventStatus.PUBLISHED, "published_at": NOW})


def test_public_event_contains_nothing_private() -> None:
    event = published()
    whole, shown = event.model_dump_json(), public_event(event, {}, NOW).model_dump_json()
    assert [text for text in sorted(PRIVATE) if text not in whole] == []
    assert [text for text in sorted(PRIVATE) if text in shown] == []


def test_public_fields_are_unchanged() -> None:
    event = published()
    shown = public_event(event, {}, NOW)
    selected = {"organizer", "venue_data", "ticket_tiers", "sponsor_data", "languages", "doors_at"}
    assert shown.model_dump(exclude=selected) == event.model_dump(
        include=set(PublicEvent.model_fields) - selected
    )
    assert shown.organizer.keys() == {"name", "website", "logo", "socials"}
    assert shown.venue_data.keys() == {"mode", "name", "address", "platform", "capacity"}
    assert shown.sponsor_data == {"sponsors": [{"name": "Acme"}]}
    assert [tier.name for tier in shown.ticket_tiers] == ["General"]
    sale = {"sale_state", "left", "sale_start", "sale_end"}
    assert shown.ticket_tiers[0].model_dump(exclude=sale) == event.ticket_tiers[0]


def test_public_event_omits_exactly_the_listed_fields() -> None:
    assert set(Event.model_fields) - set(PublicEvent.model_fields) == {
        "session_id",
        "user_id",
        "organization_id",
        "translations",
        "slug_is_derived",
        "visibility",
        "total_capacity",
        "promotion_codes",
        "automatic_tax",
        "stripe_account_id",
        "sales",
        "status",
    }


def test_the_event_itself_is_not_changed() -> None:
    event = published()
    before = event.model_dump_json()
    public_event(event, {}, NOW)
    assert event.model_dump_json() == before
