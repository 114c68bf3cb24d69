"""Totals over all tenants, which the worker samples for its metrics."""

from db.gauges import GaugeReads
from db.inbox import Inbox, InboxWriter
from db.pool import Pool
from db.projection import DurableProjection
from tests.integration.db.read_model_factories import (
    ADA,
    EVE_AT_OTHER,
    MOMENT,
    new_session,
    projection_of,
    session_view,
)


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
