"""Pages of events whose every field has a given text."""

from datetime import UTC, datetime, timedelta
from typing import Any

import html5lib

from api.pages.event_html import PublicSite, Sales, published_html
from api.pages.rendering import LegalLink
from domain.json_values import JsonObject
from domain.orders.inventory import initial_stocks
from domain.orders.order import Order, OrderItem, OrderState
from domain.publishing.event import Event, EventStatus

NOW = datetime.now(UTC).replace(microsecond=0)
SITE = PublicSite(
    "https://events.example",
    "https://media.example",
    [LegalLink("Imprint", "https://acme.example/imprint")],
)


def a_tier(tier_id: str, **changed: Any) -> JsonObject:
    return {
        "id": tier_id,
        "name": tier_id,
        "kind": "paid",
        "unit_amount": 1800,
        "quantity": 20,
        "minPerOrder": 1,
        "maxPerOrder": 4,
        "access": "in_person",
        "visibility": "visible",
        "priceId": "price_1",
        **changed,
    }


def an_event(**changed: Any) -> Event:
    """An evening in Berlin, in 60 days."""
    starts = (NOW + timedelta(days=60)).replace(hour=19, minute=0, second=0)
    ends = starts + timedelta(hours=2, minutes=30)
    values: dict[str, Any] = {
        "event_id": "0c7a3a3c-0e64-4f1a-9d0b-52d7a6f5b6f1",
        "session_id": "6a4b2c1e-3f6d-4a9e-8b7c-1d2e3f4a5b6c",
        "user_id": "ada",
        "organization_id": "acme",
        "slug": "nachtschicht",
        "title": "Nachtschicht",
        "type": "fashion_show",
        "summary": "Studio Halm shows Autumn/Winter in a foundry that still smells of iron.",
        "description": "Forty looks, one furnace.\n\nWear something that may get sooty.",
        "visibility": "public",
        "language": "de",
        "tags": [],
        "event_date": starts.date(),
        "start_time": starts.time(),
        "end_date": ends.date(),
        "end_time": ends.time(),
        "timezone": "Europe/Berlin",
        "starts_at": starts,
        "ends_at": ends,
        "dress_code": "Dark, warm, flat shoes",
        "age_restriction": "16 and over",
        "organizer": {"name": "Studio Halm", "website": "https://halm.example"},
        "venue_mode": "physical",
        "venue_data": {
            "name": "Alte Gießerei",
            "address": {
                "line1": "Gießereihof 12",
                "city": "Berlin",
                "postalCode": "10245",
                "country": "DE",
            },
            "accessibility": "Step-free from the yard",
            "doorsTime": "19:00",
            "capacity": 200,
        },
        "currency": "eur",
        "total_capacity": None,
        "refund_policy": {"kind": "until_days", "days": 7},
        "ticket_tiers": [a_tier("standing"), a_tier("seated", unit_amount=4800)],
        "sponsor_data": {
            "sponsors": [{"name": "Weberei Nordhaus", "url": "https://weberei.example"}],
            "media": {
                "cover": {
                    "url": "https://pictures.example/night.jpg",
                    "alt": "Black satin in deep folds",
                    "credit": "Ines Okafor",
                    "focal": {"x": 0.38, "y": 0.34},
                }
            },
        },
        "stripe_account_id": "acct_1",
        "status": EventStatus.PUBLISHED,
        "published_at": NOW - timedelta(days=1),
        **changed,
    }
    return Event(**values)


def an_order(event: Event, state: OrderState, **changed: Any) -> Order:
    values: dict[str, Any] = {
        "order_id": "1f4b2c1e-3f6d-4a9e-8b7c-1d2e3f4a5b6c",
        "event_id": event.event_id,
        "session_id": event.session_id,
        "tenant": "acme",
        "state": state,
        "items": [OrderItem(tier_id="standing", name="Standing", quantity=2, unit_amount=1800)],
        "amount_total": 3600,
        "currency": "eur",
        "stripe_account_id": "acct_1",
        "checkout_url": "https://checkout.example/c/1",
        "fingerprint": "f",
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=35),
        **changed,
    }
    return Order(**values)


def sales_of(event: Event, **taken: int) -> Sales:
    stocks = {
        tier_id: stock.model_copy(update={"sold": taken.get(tier_id, 0)})
        for tier_id, stock in initial_stocks(event).items()
    }
    return Sales(stocks, NOW)


def html_of(event: Event, **values: Any) -> str:
    return published_html(event, values.pop("sales", sales_of(event)), SITE, **values)


def parsed(html: str) -> Any:
    """Raises html5lib's ParseError if the document is not valid HTML."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
