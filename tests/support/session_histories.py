"""What a session left in Temporal: its runs, their events, and what they are billed as."""

from collections import Counter
from datetime import timedelta
from typing import Final

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer

from domain import ids
from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing
from temporal.workflow_runner import workflow_runner
from tests.support.session_workflow import session_handle
from tests.support.waiting import eventually
from workflows.wizard_session import WizardSession

BILLED: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        EventType.EVENT_TYPE_TIMER_STARTED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
        EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    }
)
"""Events that Temporal Cloud counts as an action; the start of a continued run among them."""


TASK_BEGINS: Final = frozenset({EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED})
TASK_ENDS: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    }
)
BEGINS: Final = frozenset(
    {EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, EventType.EVENT_TYPE_TIMER_STARTED}
)
ENDS: Final = frozenset(
    {
        EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
        EventType.EVENT_TYPE_TIMER_FIRED,
        EventType.EVENT_TYPE_TIMER_CANCELED,
    }
)


def replayer() -> Replayer:
    """As a worker that does not have the session in memory."""
    return Replayer(
        workflows=[WizardSession],
        data_converter=data_converter(KeyRing()),
        workflow_runner=workflow_runner(),
    )


async def histories_of(client: Client, session_id: str) -> list[WorkflowHistory]:
    """One for each run, the oldest first."""
    workflow_id = ids.session_workflow_id(session_id)
    run_id: str | None = None
    found: list[WorkflowHistory] = []
    while True:
        handle = client.get_workflow_handle(workflow_id, run_id=run_id)
        history = await handle.fetch_history()
        found.insert(0, history)
        started = history.events[0].workflow_execution_started_event_attributes
        run_id = started.continued_execution_run_id
        if not run_id:
            return found


async def run_of(client: Client, session_id: str) -> str:
    """The id of the newest run."""
    return (await session_handle(client, session_id).describe()).run_id


async def new_run_after(client: Client, session_id: str, run_id: str) -> None:
    """Returns when the session has gone on in another run: that may come a moment after the
    change that was the last one of a run."""

    async def has_moved() -> bool:
        return await run_of(client, session_id) != run_id

    await eventually(has_moved, what="a new run")


async def at_rest(client: Client, session_id: str) -> None:
    """Returns when the session has nothing to do until it gets a message, or its time comes."""

    async def is_at_rest() -> bool:
        return not under_way((await histories_of(client, session_id))[-1])

    await eventually(is_at_rest, within=60, what="a session at rest")


def under_way(history: WorkflowHistory) -> set[int]:
    """Activities and timers of bursts, by the events with which they began; 0 is a task.

    A run begins with one, which its history has a moment later.
    """
    found: set[int] = {0}
    for event in history.events:
        attributes = getattr(event, event.WhichOneof("attributes") or "")
        if event.event_type in TASK_BEGINS:
            found.add(0)
        elif event.event_type in TASK_ENDS:
            found.discard(0)
        elif event.event_type in BEGINS and not _is_long(event):
            found.add(event.event_id)
        elif event.event_type in ENDS:
            began = getattr(attributes, "scheduled_event_id", 0) or attributes.started_event_id
            found.discard(began)
    return found


def _is_long(event: HistoryEvent) -> bool:
    timer = event.timer_started_event_attributes
    return timer.start_to_fire_timeout.ToTimedelta() > timedelta(minutes=1)


def events_by_type(*histories: WorkflowHistory) -> "Counter[EventType.ValueType]":
    return Counter(event.event_type for history in histories for event in history.events)


def billed_actions(*histories: WorkflowHistory) -> int:
    """Each attempt at an activity counts."""
    counted = events_by_type(*histories)
    return sum(counted[kind] for kind in BILLED) + sum(map(_retries, histories))


def _retries(history: WorkflowHistory) -> int:
    return sum(
        event.activity_task_started_event_attributes.attempt - 1
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
    )
