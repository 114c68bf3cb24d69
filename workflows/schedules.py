"""The schedules that the system needs, made or brought up to date; visible in the Temporal UI."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain import ids

_REDRIVE_EVERY: Final = timedelta(minutes=1)
_RETENTION_EVERY: Final = timedelta(hours=1)
_SWEEP_EVERY: Final = timedelta(hours=1)

_REDRIVE: Final = Schedule(
    action=ScheduleActionStartWorkflow(
        ids.WIZARD_STRIPE_REDRIVE,
        id=ids.SCHEDULE_STRIPE_REDRIVE,
        task_queue=ids.TASK_QUEUE,
        static_summary="Start events of Stripe that were stored and never processed",
    ),
    spec=ScheduleSpec(
        intervals=[ScheduleIntervalSpec(every=_REDRIVE_EVERY)], jitter=timedelta(seconds=10)
    ),
    policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(minutes=10)),
)

_RETENTION: Final = Schedule(
    action=ScheduleActionStartWorkflow(
        ids.WIZARD_RETENTION,
        id=ids.SCHEDULE_RETENTION,
        task_queue=ids.TASK_QUEUE,
        static_summary="Erase what was kept for long enough",
    ),
    spec=ScheduleSpec(
        intervals=[ScheduleIntervalSpec(every=_RETENTION_EVERY)], jitter=timedelta(minutes=5)
    ),
    policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(hours=1)),
)

_SWEEP: Final = Schedule(
    action=ScheduleActionStartWorkflow(
        ids.WIZARD_SWEEP,
        id=ids.SCHEDULE_SWEEP,
        task_queue=ids.TASK_QUEUE,
        static_summary="Abandon idle sessions, and reconcile rows with workflows",
    ),
    spec=ScheduleSpec(
        intervals=[ScheduleIntervalSpec(every=_SWEEP_EVERY)], jitter=timedelta(minutes=5)
    ),
    policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(hours=1)),
)

_OUTBOX: Final = replace(
    _REDRIVE,
    action=ScheduleActionStartWorkflow(
        ids.WIZARD_OUTBOX_REDRIVE,
        id=ids.SCHEDULE_OUTBOX,
        task_queue=ids.TASK_QUEUE,
        static_summary="Start notifications that are not being delivered",
    ),
)

SCHEDULES: Final = {
    ids.SCHEDULE_RETENTION: _RETENTION,
    ids.SCHEDULE_STRIPE_REDRIVE: _REDRIVE,
    ids.SCHEDULE_SWEEP: _SWEEP,
}


async def ensure_schedules(client: Client) -> list[str]:
    """Running it again changes nothing. The ids of the schedules.

    Once for each release and not by each worker: while versions are mixed, the old and the new
    would overwrite each other's.
    """
    for schedule_id, wanted in SCHEDULES.items():
        try:
            await client.create_schedule(schedule_id, wanted)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(schedule_id).update(partial(_replaced, wanted))
    return sorted(SCHEDULES)


async def make_outbox_schedule(client: Client) -> None:
    """By a worker that notifies, because without notifications it would run for nothing. One that
    is there stays as it is: workers of several versions may run at once."""
    with suppress(ScheduleAlreadyRunningError):
        await client.create_schedule(ids.SCHEDULE_OUTBOX, _OUTBOX)


def _replaced(wanted: Schedule, current: ScheduleUpdateInput) -> ScheduleUpdate:
    """Whether an operator has paused it is the operator's business."""
    return ScheduleUpdate(replace(wanted, state=current.description.schedule.state))
