"""Replays the newest run of a session, for the changes that it had not written when it was ended.

The changes of a run are in its history as requests. Replaying them by the workflow's own code gives
the state and the actions, whatever the answers and activities of the history hold.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import (
    Interceptor,
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from domain import ids
from domain.session.actions import Action
from domain.session.changes import Change
from domain.session.messages import SessionStart
from domain.session.projection import Projected
from domain.session.state import SessionState, view_of
from domain.session.view import SessionView
from workflows.wizard_session import WizardSession

REPLAY_TIMEOUT: Final = 300.0
"""Seconds. A replay takes milliseconds for each change; one that takes longer hangs."""

_NOTE: Final = "note_change"

_TASK_EVENTS: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    }
)

_ENDS: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
    }
)


@dataclass
class ReplayedRun:
    """``failure`` is the reason if the replay did not come to the end of the history."""

    state: SessionState | None = None
    actions: list[Action] = field(default_factory=list)
    failure: BaseException | None = None

    @property
    def projected(self) -> Projected | None:
        if self.state is None:
            return None
        return Projected(view=view_of(self.state, datetime.now(UTC)), actions=tuple(self.actions))

    def note(self, state: SessionState, actions: list[Action]) -> None:
        self.state = state
        self.actions += actions


async def replay_run(client: Client, history: WorkflowHistory) -> ReplayedRun:
    """Needs no worker, and changes nothing in Temporal."""
    replayed = ReplayedRun()
    replayer = Replayer(
        workflows=[ReplayedSession],
        workflow_runner=UnsandboxedWorkflowRunner(),  # the workflow hands out its state
        namespace=client.namespace,
        data_converter=client.data_converter,
        interceptors=[_ChangesNoted(replayed.note)],
    )
    open_history = WorkflowHistory(history.workflow_id, _with_open_task(history.events))
    replaying = asyncio.create_task(
        replayer.replay_workflow(open_history, raise_on_replay_failure=False)
    )
    try:
        # Not wait_for, which awaits a cancelled task: the SDK never ends one whose poller has died.
        await asyncio.wait([replaying], timeout=REPLAY_TIMEOUT)
        if not replaying.done():
            replayed.failure = TimeoutError()
        else:
            replayed.failure = replaying.exception() or replaying.result().replay_failure
    finally:
        replaying.cancel()
    return replayed


def _with_open_task(events: Sequence[HistoryEvent]) -> list[HistoryEvent]:
    """The history without its end, and with a workflow task that was started last.

    A replay ends with the last task. So signals that Temporal has accepted, and that no worker has
    taken, need a task in which they are handled.
    """
    *kept, last = events
    if last.event_type not in _ENDS:
        kept.append(last)
    task = next((event for event in reversed(kept) if event.event_type in _TASK_EVENTS), None)
    if task is not None and task.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
        return kept
    if task is None or task.event_type != EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
        task = _following(kept, EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED)
        task.workflow_task_scheduled_event_attributes.SetInParent()
        kept.append(task)
    started = _following(kept, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
    started.workflow_task_started_event_attributes.scheduled_event_id = task.event_id
    return [*kept, started]


def _following(events: Sequence[HistoryEvent], kind: EventType.ValueType) -> HistoryEvent:
    """An event at the time of the last one."""
    last = events[-1]
    return HistoryEvent(event_id=last.event_id + 1, event_type=kind, event_time=last.event_time)


@workflow.defn(name=ids.WIZARD_SESSION)
class ReplayedSession(WizardSession):
    """The session, which also notes its changes outside of the workflow."""

    @workflow.init
    def __init__(self, start: SessionStart) -> None:
        super().__init__(start)
        _note(self.state, start.carried.unprojected if start.carried else [])

    @workflow.run
    async def run(self, start: SessionStart) -> SessionView:
        return await super().run(start)

    def accept(self, change: Change) -> None:
        super().accept(change)
        if change.action is not None:
            _note(change.state, [change.action])


def _note(state: SessionState, actions: list[Action]) -> None:
    workflow.extern_functions()[_NOTE](state, actions)


class _ChangesNoted(Interceptor):
    def __init__(self, note: Callable[[SessionState, list[Action]], None]) -> None:
        self._note = note

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's signature
    ) -> type[WorkflowInboundInterceptor] | None:
        input.unsafe_extern_functions[_NOTE] = self._note
        return None
