"""Schedules: created once, schedule_of up to date, and paused only by operators."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    ScheduleSpec,
)
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from domain import ids
from temporal import schedules
from temporal.schedules import ensure_schedules, make_outbox_schedule
from tests.support.postgres import Database
from tests.support.system import running_api, running_worker
from tests.support.temporal import end_open_workflows, own_namespace
from tests.support.waiting import eventually

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

# Schedule → workflow, interval, jitter, catchup window.
SPECIFIED = {
    ids.SCHEDULE_RETENTION: (ids.WIZARD_RETENTION, HOUR, 5 * MINUTE, HOUR),
    ids.SCHEDULE_STRIPE_REDRIVE: (
        ids.WIZARD_STRIPE_REDRIVE,
        MINUTE,
        timedelta(seconds=10),
        10 * MINUTE,
    ),
    ids.SCHEDULE_SWEEP: (ids.WIZARD_SWEEP, HOUR, 5 * MINUTE, HOUR),
}
SCHEDULES = sorted(SPECIFIED)


@pytest.fixture
async def client(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    """A client; all schedules are deleted afterwards, so that they start nothing in other tests."""
    client = temporal.client
    yield client
    async for schedule in await client.list_schedules():
        try:
            await client.get_schedule_handle(schedule.id).delete()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            # The list contains deleted schedules for a while.
    await end_open_workflows(client)


async def schedule_of(client: Client, schedule_id: str = ids.SCHEDULE_STRIPE_REDRIVE) -> Schedule:
    described = await client.get_schedule_handle(schedule_id).describe()
    return described.schedule


def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes the interval, as another version of the code would."""
    redrive = schedules.SCHEDULES[ids.SCHEDULE_STRIPE_REDRIVE]
    every_hour = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(hours=1))])
    changed = {ids.SCHEDULE_STRIPE_REDRIVE: replace(redrive, spec=every_hour)}
    monkeypatch.setattr(schedules, "SCHEDULES", changed)


async def test_schedules_are_created_once(client: Client) -> None:
    for _ in range(2):
        assert await ensure_schedules(client) == SCHEDULES

    async def is_listed() -> list[str]:
        listed = sorted([schedule.id async for schedule in await client.list_schedules()])
        return listed if listed == SCHEDULES else []

    assert await eventually(is_listed, what="the schedules") == SCHEDULES


async def test_schedules_are_as_specified(client: Client) -> None:
    await ensure_schedules(client)

    for schedule_id, (workflow, every, jitter, catchup_window) in SPECIFIED.items():
        schedule = await schedule_of(client, schedule_id)
        assert isinstance(schedule.action, ScheduleActionStartWorkflow)
        assert (schedule.action.workflow, schedule.action.id) == (workflow, schedule_id)
        assert schedule.action.task_queue == ids.TASK_QUEUE
        assert [interval.every for interval in schedule.spec.intervals] == [every]
        assert schedule.spec.jitter == jitter
        assert schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
        assert schedule.policy.catchup_window == catchup_window
        assert not schedule.state.paused


async def test_a_worker_has_the_scheduled_workflows(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    """Starts each workflow once without arguments, as its schedule does; in a namespace without the
    sessions of other tests, which a sweep would recover."""
    async with (
        own_namespace(temporal) as environment,
        running_api(environment, database) as api,
        running_worker(api),
    ):
        for workflow, *_ in SPECIFIED.values():
            await environment.client.execute_workflow(
                workflow, id=f"by-schedule-{uuid4()}", task_queue=ids.TASK_QUEUE
            )


async def test_an_existing_outbox_schedule_is_kept(client: Client) -> None:
    """Each worker that notifies creates the schedule; an existing one is schedule_of."""
    await make_outbox_schedule(client)
    await client.get_schedule_handle(ids.SCHEDULE_OUTBOX).pause(note="by hand")

    await make_outbox_schedule(client)

    schedule = await schedule_of(client, ids.SCHEDULE_OUTBOX)
    assert isinstance(schedule.action, ScheduleActionStartWorkflow)
    assert schedule.action.workflow == ids.WIZARD_OUTBOX_REDRIVE
    assert schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert schedule.policy.catchup_window == 10 * MINUTE
    assert schedule.spec.jitter == timedelta(seconds=10)
    assert schedule.state.note == "by hand"


async def test_another_version_updates_a_schedule(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_schedules(client)
    hourly(monkeypatch)

    await ensure_schedules(client)

    assert [interval.every for interval in (await schedule_of(client)).spec.intervals] == [
        timedelta(hours=1)
    ]


async def test_a_schedule_paused_by_an_operator_stays_paused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_schedules(client)
    handle = client.get_schedule_handle(ids.SCHEDULE_STRIPE_REDRIVE)
    await handle.pause(note="Stripe is down")
    hourly(monkeypatch)

    await ensure_schedules(client)

    schedule = await schedule_of(client)
    assert (schedule.state.paused, schedule.state.note) == (True, "Stripe is down")
    assert [interval.every for interval in schedule.spec.intervals] == [timedelta(hours=1)]
    await handle.unpause()
    await ensure_schedules(client)
    assert not (await schedule_of(client)).state.paused
