"""What a session left in Temporal: its runs, their events, and what they are billed as."""

from collections import Counter
from typing import Final

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from domain import ids

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
