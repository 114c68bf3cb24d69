"""Figures over all tenants that the worker samples for its metrics."""

from db.inbox import Inbox, InboxWriter
from db.pool import Pool
from db.projection import DurableProjection
from db.samples import Samples
from tests.integration.db.samples import (
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

    assert await Samples(worker).sessions() == {
        ("organizerSetup", "in_progress"): 2,
        ("venueSetup", "in_progress"): 1,
    }


async def test_the_age_of_the_inbox_is_that_of_what_waits(api: Pool, worker: Pool) -> None:
    samples = Samples(worker)
    assert await samples.inbox_age_seconds() == 0
    await InboxWriter(api).put(
        "evt_1", event_type="x", account_id=None, livemode=False, payload={}, created_at=MOMENT
    )

    assert 0 < await samples.inbox_age_seconds() < 60

    await Inbox(worker).processed("evt_1", "ignored")
    assert await samples.inbox_age_seconds() == 0
