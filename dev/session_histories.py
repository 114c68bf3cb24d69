"""Reads the workflow histories of a session: runs, events, and the actions that Temporal Cloud
bills.

Benchmarks and tests use it to measure sessions. It needs no worker.
"""

import asyncio
import time
from collections import Counter
from datetime import timedelta
from typing import Final

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory

from domain import ids

BILLED_EVENTS: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        EventType.EVENT_TYPE_TIMER_STARTED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
        EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    }
)
"""Events that Temporal Cloud bills as an action. The start of a continued run is one of them."""

_LOCAL_ACTIVITY: Final = "core_local_activity"
"""The name of its marker."""

IDLE_TIMEOUT: Final = 60.0
"""Seconds."""

_POLL_INTERVAL: Final = 0.02

_SHORT_TIMER: Final = timedelta(minutes=1)
"""Longer timers are for reminders and deadlines, which an idle session has as well."""

_TASK_BEGINS: Final = frozenset({EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED})
_TASK_ENDS: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    }
)
_BEGINS: Final = frozenset(
    {EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, EventType.EVENT_TYPE_TIMER_STARTED}
)
_ENDS: Final = frozenset(
    {
        EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
        EventType.EVENT_TYPE_TIMER_FIRED,
        EventType.EVENT_TYPE_TIMER_CANCELED,
    }
)

_PENDING_TASK: Final = 0
"""Represents the workflow task among the ids of events, which start at 1."""


async def histories_of(client: Client, session_id: str) -> list[WorkflowHistory]:
    """The histories of all runs, oldest first."""
    workflow_id = ids.session_workflow_id(session_id)
    run_id: str | None = None
    histories: list[WorkflowHistory] = []
    while True:
        handle = client.get_workflow_handle(workflow_id, run_id=run_id)
        history = await handle.fetch_history()
        histories.insert(0, history)
        started = history.events[0].workflow_execution_started_event_attributes
        run_id = started.continued_execution_run_id
        if not run_id:
            return histories


async def wait_until_idle(client: Client, session_id: str) -> None:
    """Returns when the session has nothing to do until a message arrives or a deadline passes.

    Raises:
        TimeoutError: it is still busy after ``IDLE_TIMEOUT``.
    """
    handle = client.get_workflow_handle(ids.session_workflow_id(session_id))
    deadline = time.monotonic() + IDLE_TIMEOUT
    while pending := _pending(await handle.fetch_history()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"session {session_id} is busy with events {sorted(pending)}")
        await asyncio.sleep(_POLL_INTERVAL)


def events_by_type(*histories: WorkflowHistory) -> "Counter[EventType.ValueType]":
    return Counter(event.event_type for history in histories for event in history.events)


def billed_actions(*histories: WorkflowHistory) -> int:
    """The number of billed actions. Each attempt of an activity counts, and all local activities of
    one workflow task together."""
    counts = events_by_type(*histories)
    return sum(counts[event_type] for event_type in BILLED_EVENTS) + sum(
        _retries(history) + _tasks_with_local_activities(history) for history in histories
    )


def _tasks_with_local_activities(history: WorkflowHistory) -> int:
    markers = [event.marker_recorded_event_attributes for event in history.events]
    return len(
        {
            marker.workflow_task_completed_event_id
            for marker in markers
            if marker.marker_name == _LOCAL_ACTIVITY
        }
    )


def _pending(history: WorkflowHistory) -> set[int]:
    """Unfinished activities and short timers, by the id of the event that started them.

    A run starts with a workflow task, whose event follows a moment later.
    """
    pending = {_PENDING_TASK}
    for event in history.events:
        if event.event_type in _TASK_BEGINS:
            pending.add(_PENDING_TASK)
        elif event.event_type in _TASK_ENDS:
            pending.discard(_PENDING_TASK)
        elif event.event_type in _BEGINS and not _is_long_timer(event):
            pending.add(event.event_id)
        elif event.event_type in _ENDS:
            pending.discard(_began_by(event))
    return pending


def _began_by(event: HistoryEvent) -> int:
    """The id of the event that started the activity, timer or task that this event ends."""
    attributes = getattr(event, event.WhichOneof("attributes") or "")
    return int(getattr(attributes, "scheduled_event_id", 0) or attributes.started_event_id)


def _is_long_timer(event: HistoryEvent) -> bool:
    timer = event.timer_started_event_attributes
    return timer.start_to_fire_timeout.ToTimedelta() > _SHORT_TIMER


def _retries(history: WorkflowHistory) -> int:
    return sum(
        event.activity_task_started_event_attributes.attempt - 1
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
    )
