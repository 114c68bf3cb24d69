"""Creates and updates the schedules of the system."""

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

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


def _schedule(
    workflow: str,
    schedule_id: str,
    summary: str,
    *,
    every: timedelta,
    jitter: timedelta,
    catchup_window: timedelta,
) -> Schedule:
    """A schedule that skips a run while the previous one is still running."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            workflow, id=schedule_id, task_queue=ids.TASK_QUEUE, static_summary=summary
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)], jitter=jitter),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=catchup_window),
    )


_every_minute: Final = partial(
    _schedule, every=_MINUTE, jitter=timedelta(seconds=10), catchup_window=10 * _MINUTE
)
_every_hour: Final = partial(_schedule, every=_HOUR, jitter=5 * _MINUTE, catchup_window=_HOUR)

_STRIPE_REDRIVE: Final = _every_minute(
    ids.WIZARD_STRIPE_REDRIVE,
    ids.SCHEDULE_STRIPE_REDRIVE,
    "Start Stripe events that were stored but not processed",
)

_RETENTION: Final = _every_hour(
    ids.WIZARD_RETENTION, ids.SCHEDULE_RETENTION, "Erase data after its retention period"
)

_SWEEP: Final = _every_hour(
    ids.WIZARD_SWEEP,
    ids.SCHEDULE_SWEEP,
    "Abandon idle sessions and reconcile rows with workflows",
)

_OUTBOX: Final = _every_minute(
    ids.WIZARD_OUTBOX_REDRIVE,
    ids.SCHEDULE_OUTBOX,
    "Start notifications that are not being delivered",
)

SCHEDULES: Final = {
    ids.SCHEDULE_RETENTION: _RETENTION,
    ids.SCHEDULE_STRIPE_REDRIVE: _STRIPE_REDRIVE,
    ids.SCHEDULE_SWEEP: _SWEEP,
}


async def ensure_schedules(client: Client) -> list[str]:
    """Creates or updates all schedules except the outbox's. Returns their ids.

    Called once per release, not by workers: workers of different versions would overwrite each
    other's schedules.
    """
    for schedule_id, wanted in SCHEDULES.items():
        try:
            await client.create_schedule(schedule_id, wanted)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(schedule_id).update(partial(_replaced, wanted))
    return sorted(SCHEDULES)


async def make_outbox_schedule(client: Client) -> None:
    """Creates the outbox's schedule, which only workers that notify owners need. An existing one is
    not changed, because workers of several versions may run at once."""
    with suppress(ScheduleAlreadyRunningError):
        await client.create_schedule(ids.SCHEDULE_OUTBOX, _OUTBOX)


def _replaced(wanted: Schedule, current: ScheduleUpdateInput) -> ScheduleUpdate:
    """Keeps the schedule's state: an operator may have paused it."""
    return ScheduleUpdate(replace(wanted, state=current.description.schedule.state))
