"""Totals over all tenants, which the worker samples for its metrics."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from db.gauges import GaugeReads
from db.inbox import Inbox, InboxWriter
from db.pool import Connection, Pool
from db.projection import DurableProjection
from domain.orders.order import OrderState
from tests.integration.db.read_model_factories import (
    ADA,
    EVE_AT_OTHER,
    MOMENT,
    new_session,
    projection_of,
    session_view,
)
from tests.support.order_rows import an_order, put_event, put_orders


async def test_sessions_of_all_tenants_by_stage_and_status(worker: Pool) -> None:
    views = [new_session(ADA), new_session(EVE_AT_OTHER), session_view(ADA)]
    await DurableProjection(worker).write([projection_of(view) for view in views])

    assert await GaugeReads(worker).sessions() == {
        ("organizerSetup", "in_progress"): 2,
        ("venueSetup", "in_progress"): 1,
    }


async def test_inbox_age_counts_from_the_oldest_unprocessed_event(api: Pool, worker: Pool) -> None:
    gauges = GaugeReads(worker)
    assert await gauges.inbox_age_seconds() == 0
    await InboxWriter(api).put(
        "evt_1", event_type="x", account_id=None, livemode=False, payload={}, created_at=MOMENT
    )

    assert 0 < await gauges.inbox_age_seconds() < 60

    await Inbox(worker).processed("evt_1", "ignored")
    assert await gauges.inbox_age_seconds() == 0


async def test_orders_are_sampled_by_state_and_expiry(worker: Pool, admin: Connection) -> None:
    gauges = GaugeReads(worker)
    assert (await gauges.orders(), await gauges.tickets_held()) == ({}, 0)
    assert await gauges.order_overdue_seconds() == 0
    event = await put_event(admin)
    past = datetime.now(UTC) - timedelta(minutes=20)
    await put_orders(
        admin,
        an_order(event),
        an_order(event),
        an_order(event, OrderState.OPEN),
        an_order(event, OrderState.PROCESSING, expires_at=past - timedelta(days=1)),
        an_order(event, OrderState.EXPIRED, expires_at=past - timedelta(days=1)),
    )
    await admin.execute(
        "INSERT INTO event_inventory (event_id, tier_id, held) "
        "VALUES ($1, '', 3), ($1, 'floor', 3)",
        UUID(event.event_id),
    )

    assert await gauges.orders() == {"paid": 2, "open": 1, "processing": 1, "expired": 1}
    assert await gauges.tickets_held() == 3
    assert await gauges.order_overdue_seconds() == 0

    await put_orders(admin, an_order(event, OrderState.OPEN, expires_at=past))
    assert 20 * 60 <= await gauges.order_overdue_seconds() < 21 * 60
