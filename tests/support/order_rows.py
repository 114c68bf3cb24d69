"""Published events and orders as rows, for tests that need no process of an order."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from db import rows
from db.pool import Connection
from db.sql import sql
from domain.actors import Actor
from domain.orders.order import (
    HOLDING,
    Order,
    OrderItem,
    OrderRequest,
    OrderState,
    WantedItem,
)
from domain.publishing.event import Event
from tests.integration.db.read_model_factories import event as draft_event
from tests.unit.domain.samples import HYBRID, valid_sections

HOLD = timedelta(minutes=35)
ACCOUNT = "acct_rows"

_PAID = frozenset({OrderState.PAID, OrderState.DISPUTED, OrderState.REFUNDED})


def paid_tier(tier_id: str, quantity: int | None, **changed: Any) -> dict[str, Any]:
    return {
        "id": tier_id,
        "name": tier_id.title(),
        "kind": "paid",
        "unit_amount": 2500,
        "quantity": quantity,
        "minPerOrder": 1,
        "maxPerOrder": 10,
        "access": "both",
        "visibility": "visible",
        "priceId": f"price_{tier_id}",
        **changed,
    }


async def put_event(
    admin: Connection, *tiers: dict[str, Any], owner: Actor | None = None, **changed: Any
) -> Event:
    """Inserts a published event that begins in ten days."""
    starts_at = datetime.now(UTC) + timedelta(days=10)
    draft = draft_event(
        owner or Actor(user_id="ada"),
        sections=valid_sections(venue=HYBRID),
        slug=f"show-{uuid4().hex[:12]}",
        **{
            "ticket_tiers": list(tiers) or [paid_tier("floor", 20)],
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "stripe_account_id": ACCOUNT,
            **changed,
        },
    )
    await admin.execute(sql("event_reserve"), json.dumps(rows.event_row(draft)))
    await admin.execute(
        sql("event_publish"), rows.as_uuid(draft.session_id), datetime.now(UTC), None
    )
    return draft


def wants(
    event: Event, tickets: Mapping[str, int], *, holder: str = "", max_holds: int = 0
) -> OrderRequest:
    """A request for so many tickets by tier id."""
    return OrderRequest(
        order_id=str(uuid4()),
        event_id=event.event_id,
        items=[WantedItem(tier_id=tier, quantity=count) for tier, count in tickets.items()],
        fingerprint="f",
        holder=holder or uuid4().hex,
        max_holds=max_holds,
        page_url="https://tickets.example.com/e/show",
    )


def an_order(
    event: Event, state: OrderState = OrderState.PAID, quantity: int = 1, **changed: Any
) -> Order:
    """An order of tickets of the first tier; keywords replace fields."""
    now = datetime.now(UTC)
    tier = event.ticket_tiers[0]
    is_paid = state in _PAID
    amount = quantity * tier["unit_amount"]
    return Order(
        **{
            "order_id": str(uuid4()),
            "event_id": event.event_id,
            "session_id": event.session_id,
            "tenant": str(
                Actor(user_id=event.user_id, organization_id=event.organization_id).tenant
            ),
            "state": state,
            "items": [
                OrderItem(
                    tier_id=tier["id"],
                    name=tier["name"],
                    quantity=quantity,
                    unit_amount=tier["unit_amount"],
                    amount=amount if is_paid else None,
                )
            ],
            "amount_total": amount,
            "currency": event.currency,
            "amount_refunded": amount if state is OrderState.REFUNDED else 0,
            "stripe_account_id": ACCOUNT,
            "checkout_session_id": f"cs_{uuid4().hex}",
            "checkout_url": f"https://checkout.example.com/{uuid4().hex}",
            "payment_intent_id": f"pi_{uuid4().hex}" if is_paid else None,
            "holder": uuid4().hex if state in HOLDING else None,
            "fingerprint": "f",
            "created_at": now,
            "expires_at": now + HOLD,
            "paid_at": now if is_paid else None,
            "closed_at": None if state in HOLDING else now,
            **changed,
        }
    )


async def put_orders(admin: Connection, *orders: Order) -> None:
    """Inserts rows of orders, and leaves the inventory as it is."""
    for order in orders:
        row = order.model_dump(mode="json")
        row["id"] = row.pop("order_id")
        await admin.execute(
            "INSERT INTO ticket_orders "
            "SELECT * FROM jsonb_populate_record(NULL::ticket_orders, $1)",
            json.dumps(row),
        )
