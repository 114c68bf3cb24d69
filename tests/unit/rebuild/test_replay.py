"""Replaying recorded histories gives every change, also those that the session had not written."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer

from domain import ids
from domain.actors import Actor
from domain.session.actions import Action
from domain.session.messages import StageData
from domain.stages import Stage
from rebuild import replay
from rebuild.histories import HistoryReader, RecordedRun
from rebuild.replay import ReplayedRun, replay_run
from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing

HISTORIES = Path(__file__).parents[2] / "replay" / "histories"
RECORDED = sorted(HISTORIES.glob("*.json"), key=lambda path: path.name)
RECORDED_BY_NEWEST_LIMITS = [path for path in RECORDED if path.stem != "signals-refused-earlier"]
"""A task that no worker has completed is run by the limits of now, which allow larger sections."""


@dataclass
class OfflineClient:
    """What the replay needs of a client."""

    data_converter: DataConverter
    namespace: str = "default"


CONVERTER = data_converter(KeyRing())
CLIENT = cast(Client, OfflineClient(CONVERTER))


def history_of(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json("wizard-session-recorded", path.read_text())


def terminated(history: WorkflowHistory, events: int) -> WorkflowHistory:
    """As if Temporal had ended the session after so many events."""
    kept = list(history.events[:events])
    end = HistoryEvent(
        event_id=kept[-1].event_id + 1,
        event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
        event_time=kept[-1].event_time,
    )
    end.workflow_execution_terminated_event_attributes.reason = "by a test"
    return WorkflowHistory(history.workflow_id, [*kept, end])


async def read(history: WorkflowHistory) -> RecordedRun:
    reader = HistoryReader(CONVERTER)
    for event in history.events:
        await reader.take(event)
    run = reader.result()
    assert run is not None
    return run


def without_time(action: Action) -> Action:
    """A task that Temporal did not complete has no time of its own, and a publication that turns
    out to have succeeded is written with the time of its last step."""
    return action.model_copy(update={"at": None})


def revisions_of(replayed: ReplayedRun) -> list[int]:
    assert replayed.failure is None
    assert replayed.state is not None
    revisions = [action.revision for action in replayed.actions]
    first = revisions[0] if revisions else replayed.state.revision + 1
    assert revisions == list(range(first, replayed.state.revision + 1))
    return revisions


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_replay_has_what_the_session_has_written(path: Path) -> None:
    history = history_of(path)

    replayed = await replay_run(CLIENT, history)

    written = (await read(history)).projected
    revisions = revisions_of(replayed)
    by_revision = {action.revision: without_time(action) for action in replayed.actions}
    for action in written.actions:
        assert by_revision[action.revision] == without_time(action)
    assert replayed.projected is not None
    assert replayed.projected.view.revision == max([written.view.revision, *revisions])


@pytest.mark.parametrize("path", RECORDED_BY_NEWEST_LIMITS, ids=lambda path: path.stem)
async def test_a_terminated_session_has_each_change_up_to_its_end(path: Path) -> None:
    history = history_of(path)
    complete = await replay_run(CLIENT, history)

    cut = terminated(history, 2 * len(history.events) // 3)

    replayed = await replay_run(CLIENT, cut)

    revisions = revisions_of(replayed)
    expected = [without_time(action) for action in complete.actions[: len(revisions)]]
    assert [without_time(action) for action in replayed.actions] == expected
    recorded = (await read(cut)).projected
    assert recorded.view.revision <= revisions[-1]


async def signalled(history: WorkflowHistory, bio: str) -> WorkflowHistory:
    """A save that no worker has taken when Temporal ends the session."""
    view = (await read(history)).projected.view
    save = StageData(
        stage=Stage.ORGANIZER_SETUP,
        data={"bio": bio},
        actor=Actor(user_id=view.user_id, organization_id=view.organization_id),
        message_id="late",
    )
    events = list(history.events)
    event = HistoryEvent(
        event_id=events[-1].event_id + 1,
        event_type=EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        event_time=events[-1].event_time,
    )
    event.workflow_execution_signaled_event_attributes.signal_name = ids.SIGNAL_STAGE_DATA
    event.workflow_execution_signaled_event_attributes.input.payloads.extend(
        await CONVERTER.encode([save])
    )
    return WorkflowHistory(history.workflow_id, [*events, event])


@pytest.mark.parametrize("has_task", [True, False])
async def test_a_signal_that_no_worker_has_taken_is_applied(*, has_task: bool) -> None:
    """Temporal schedules a task for it, unless one is scheduled already."""
    history = await signalled(history_of(HISTORIES / "in-progress.json"), "late")
    if has_task:
        task = HistoryEvent(
            event_id=history.events[-1].event_id + 1,
            event_type=EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
            event_time=history.events[-1].event_time,
        )
        task.workflow_task_scheduled_event_attributes.SetInParent()
        history = WorkflowHistory(history.workflow_id, [*history.events, task])

    replayed = await replay_run(CLIENT, terminated(history, len(history.events)))

    revisions_of(replayed)
    assert replayed.state is not None
    assert replayed.state.section(Stage.ORGANIZER_SETUP)["bio"] == "late"
    assert replayed.actions[-1].idempotency_key == "late"


async def test_a_replay_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(*_arguments: object, **_options: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Replayer, "replay_workflow", hangs)
    monkeypatch.setattr(replay, "REPLAY_TIMEOUT", 0.01)

    replayed = await replay_run(CLIENT, history_of(HISTORIES / "in-progress.json"))

    assert isinstance(replayed.failure, TimeoutError)
    assert replayed.projected is None
