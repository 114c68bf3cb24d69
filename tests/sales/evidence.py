"""Collects what Postgres, Stripe and Temporal have of a sale."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from domain.ids import order_workflow_id
from tests.sales.buyers import Buyer
from tests.sales.judge import (
    ChargeAtStripe,
    CheckoutAtStripe,
    Counts,
    Evidence,
    Refused,
    StoredOrder,
)
from tests.sales.market import Sale

_ORDERS: Final = """
SELECT id::text AS order_id, state, items, amount_total, amount_refunded, payment_intent_id
FROM ticket_orders WHERE event_id = $1 ORDER BY created_at
"""
_INVENTORY: Final = """
SELECT tier_id, sold, held, amount, refunded FROM event_inventory WHERE event_id = $1
"""

_COUNTS: Final = """
WITH tickets AS (
    SELECT item ->> 'tier_id' AS tier_id, (item ->> 'quantity')::bigint AS count, o.state
    FROM ticket_orders AS o, jsonb_array_elements(o.items) AS item
    WHERE o.event_id = $1
)
SELECT
    i.tier_id,
    i.quantity AS limited_to,
    i.sold,
    i.held,
    coalesce(sum(t.count) FILTER (WHERE t.state IN ('paid', 'disputed')), 0)::bigint
        AS sold_by_orders,
    coalesce(sum(t.count) FILTER (WHERE t.state IN ('held', 'open', 'processing')), 0)::bigint
        AS held_by_orders
FROM event_inventory AS i
LEFT JOIN tickets AS t ON i.tier_id IN ('', t.tier_id)
WHERE i.event_id = $1
GROUP BY i.tier_id, i.quantity, i.sold, i.held
"""
"""One statement, and so one moment."""


@dataclass(frozen=True)
class CountsNow:
    """A row of the inventory, and what its orders say at the same moment."""

    tier_id: str
    limited_to: int | None
    sold: int
    held: int
    sold_by_orders: int
    held_by_orders: int


async def counts_now(sale: Sale) -> list[CountsNow]:
    return [CountsNow(**row) for row in await sale.market.fetch(_COUNTS, sale.event_id)]


async def evidence_of(sale: Sale, buyers: Sequence[Buyer], refused: Sequence[Refused]) -> Evidence:
    orders = await stored_orders(sale)
    inventory = await sale.market.fetch(_INVENTORY, sale.event_id)
    return Evidence(
        quantities={
            tier: planned.quantity
            for tier, planned in zip(sale.tiers, sale.plan.tiers, strict=True)
        },
        capacity=sale.plan.capacity,
        inventory={
            row["tier_id"]: Counts(row["sold"], row["held"], row["amount"], row["refunded"])
            for row in inventory
        },
        orders=orders,
        checkouts=await _checkouts(sale),
        charges=await _charges(sale),
        orders_by_key={buyer.key: frozenset(buyer.order_ids) for buyer in buyers},
        refused=refused,
        open_workflows=await _open_workflows(sale, orders),
    )


async def stored_orders(sale: Sale) -> list[StoredOrder]:
    """Oldest first."""
    return [
        StoredOrder(
            order_id=row["order_id"],
            state=row["state"],
            tickets={item["tier_id"]: item["quantity"] for item in json.loads(row["items"])},
            amount_total=row["amount_total"],
            amount_refunded=row["amount_refunded"],
            payment_intent_id=row["payment_intent_id"],
        )
        for row in await sale.market.fetch(_ORDERS, sale.event_id)
    ]


async def history_of(sale: Sale, order_id: str) -> list[str]:
    """The events of an order's workflow, one a line."""
    return await history_lines(sale.market.temporal, order_workflow_id(order_id))


async def history_lines(temporal: Client, workflow_id: str) -> list[str]:
    """The events of a workflow's last run, one a line."""
    try:
        history = await temporal.get_workflow_handle(workflow_id).fetch_history()
    except RPCError as error:
        return [f"no history: {error}"]
    lines = []
    for event in history.events:
        name = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
        activity = event.activity_task_scheduled_event_attributes.activity_type.name
        signal = event.workflow_execution_signaled_event_attributes.signal_name
        moment = event.event_time.ToDatetime(UTC)
        lines.append(f"{moment:%d %H:%M:%S.%f} {name} {activity}{signal}".rstrip())
    return lines


async def _checkouts(sale: Sale) -> list[CheckoutAtStripe]:
    return [
        CheckoutAtStripe(
            checkout_id=session["id"],
            order_id=session["metadata"].get("order"),
            status=session["status"],
            payment_status=session["payment_status"],
        )
        for session in await sale.market.objects("checkout.session", sale.account)
    ]


async def _charges(sale: Sale) -> list[ChargeAtStripe]:
    return [
        ChargeAtStripe(
            payment_intent_id=charge["payment_intent"],
            order_id=charge["metadata"].get("order"),
            succeeded=charge["status"] == "succeeded",
            amount=charge["amount"],
            amount_refunded=charge["amount_refunded"],
        )
        for charge in await sale.market.objects("charge", sale.account)
    ]


async def _open_workflows(sale: Sale, orders: Sequence[StoredOrder]) -> list[str]:
    return [
        order_workflow_id(order.order_id)
        for order in orders
        if await is_running(sale, order.order_id)
    ]


async def is_running(sale: Sale, order_id: str) -> bool:
    handle = sale.market.temporal.get_workflow_handle(order_workflow_id(order_id))
    try:
        description = await handle.describe()
    except RPCError:
        return False
    return description.status is WorkflowExecutionStatus.RUNNING
