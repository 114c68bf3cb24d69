"""The schedule that drives stranded events again: made once, kept up to date, left to operators."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    ScheduleSpec,
)
from temporalio.testing import WorkflowEnvironment

from domain import ids
from tests.support.temporal import end_open_workflows
from tests.support.waiting import eventually
from workflows import schedules
from workflows.outbox_redrive import OutboxRedrive
from workflows.schedules import OUTBOX_SCHEDULES, ensure_schedules
from workflows.stripe_redrive import StripeRedrive

SCHEDULES = [ids.SCHEDULE_RETENTION, ids.SCHEDULE_STRIPE_REDRIVE]


@pytest.fixture
async def client(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    """Afterwards no schedule starts anything in other tests."""
    client = temporal.client
    yield client
    async for each in await client.list_schedules():
        await client.get_schedule_handle(each.id).delete()
    await end_open_workflows(client)


async def kept(client: Client) -> Schedule:
    described = await client.get_schedule_handle(ids.SCHEDULE_STRIPE_REDRIVE).describe()
    return described.schedule


def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As another version of the code would have it."""
    wanted = schedules.SCHEDULES[ids.SCHEDULE_STRIPE_REDRIVE]
    every_hour = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(hours=1))])
    changed = {ids.SCHEDULE_STRIPE_REDRIVE: replace(wanted, spec=every_hour)}
    monkeypatch.setattr(schedules, "SCHEDULES", changed)


async def test_it_is_made_once(client: Client) -> None:
    for _ in range(2):
        assert await ensure_schedules(client) == SCHEDULES

    async def is_listed() -> list[str]:
        listed = sorted([each.id async for each in await client.list_schedules()])
        return listed if listed == SCHEDULES else []

    assert await eventually(is_listed, what="the schedules") == SCHEDULES
    schedule = await kept(client)
    assert isinstance(schedule.action, ScheduleActionStartWorkflow)
    assert schedule.action.workflow == ids.WIZARD_STRIPE_REDRIVE == StripeRedrive.__name__
    assert schedule.action.task_queue == ids.TASK_QUEUE
    assert schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert [each.every for each in schedule.spec.intervals] == [timedelta(minutes=1)]
    assert not schedule.state.paused


async def test_that_of_the_outbox_is_made_where_it_is_wanted(client: Client) -> None:
    for _ in range(2):
        assert await ensure_schedules(client, OUTBOX_SCHEDULES) == [ids.SCHEDULE_OUTBOX]

    described = await client.get_schedule_handle(ids.SCHEDULE_OUTBOX).describe()
    schedule = described.schedule
    assert isinstance(schedule.action, ScheduleActionStartWorkflow)
    assert schedule.action.workflow == ids.WIZARD_OUTBOX_REDRIVE == OutboxRedrive.__name__
    assert schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert schedule.spec.jitter == timedelta(seconds=10)


async def test_another_version_brings_it_up_to_date(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_schedules(client)
    hourly(monkeypatch)

    await ensure_schedules(client)

    assert [each.every for each in (await kept(client)).spec.intervals] == [timedelta(hours=1)]


async def test_what_an_operator_paused_stays_paused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_schedules(client)
    handle = client.get_schedule_handle(ids.SCHEDULE_STRIPE_REDRIVE)
    await handle.pause(note="Stripe is down")
    hourly(monkeypatch)

    await ensure_schedules(client)

    schedule = await kept(client)
    assert (schedule.state.paused, schedule.state.note) == (True, "Stripe is down")
    assert [each.every for each in schedule.spec.intervals] == [timedelta(hours=1)]
    await handle.unpause()
    await ensure_schedules(client)
    assert not (await kept(client)).state.paused
