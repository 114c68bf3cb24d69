"""Reads the data that sessions wrote to the read model from their histories.

It starts no workflow task and needs no worker.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from activities.events import PublishEvent, ReserveEvent
from domain import ids
from domain.json_values import JsonObject
from domain.publishing.event import Event
from domain.session.actions import Action
from domain.session.messages import SessionStart
from domain.session.projection import Projected
from domain.session.state import start_session, view_of
from domain.session.view import SessionView

_EVERY_RUN: Final = f'WorkflowType = "{ids.WIZARD_SESSION}"'
"""Open runs, and closed ones within the namespace's retention period."""


@dataclass(frozen=True)
class Run:
    """One execution of a session's workflow; a session that continues as new has several."""

    workflow_id: str
    run_id: str


@dataclass(frozen=True)
class PublishedEvent:
    """``event`` is as reserved, with its slug; ``ticket_tiers`` and ``at`` are as published;
    ``projected`` was written in the same transaction."""

    event: Event
    at: datetime
    ticket_tiers: list[JsonObject]
    projected: Projected


@dataclass(frozen=True)
class RecordedRun:
    """``projected`` has the newest view of the run, and all of its actions."""

    projected: Projected
    published: PublishedEvent | None
    publishing: Projected | None = None
    """The session as the newest publication writes it, whether it succeeded or not."""
    continues: str | None = None
    """The id of the run before; None for the first one."""


async def count_runs(client: Client) -> int:
    return (await client.count_workflows(_EVERY_RUN)).count


async def list_runs(client: Client) -> AsyncIterator[Run]:
    async for execution in client.list_workflows(_EVERY_RUN):
        yield Run(execution.id, execution.run_id)


async def read_run(client: Client, run: Run) -> RecordedRun | None:
    """Reads one run. None if its history is deleted, by retention or by an erasure.

    Raises:
        PayloadUnreadable, ValueError: a payload cannot be read.
    """
    handle = client.get_workflow_handle(run.workflow_id, run_id=run.run_id)
    reader = HistoryReader(client.data_converter)
    try:
        async for event in handle.fetch_history_events():
            await reader.take(event)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return reader.result()


class HistoryReader:
    """Takes the events of one run in order. If several views have the same revision, or several
    actions the same position, the first one counts, as in the read model."""

    def __init__(self, converter: DataConverter) -> None:
        self._converter = converter
        self._at_start: Projected | None = None
        self._view: SessionView | None = None
        self._actions: dict[tuple[int, int], Action] = {}
        self._scheduled: dict[int, str] = {}
        self._reserved: Event | None = None
        self._publish: PublishEvent | None = None
        self._published: PublishedEvent | None = None
        self._continues: str | None = None

    def result(self) -> RecordedRun | None:
        if self._view is None:
            projected = self._at_start
        else:
            actions = tuple(self._actions[position] for position in sorted(self._actions))
            projected = Projected(view=self._view, actions=actions)
        if projected is None:
            return None
        publishing = self._publish.projected if self._publish else None
        return RecordedRun(projected, self._published, publishing, self._continues)

    async def take(self, event: HistoryEvent) -> None:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            started = event.workflow_execution_started_event_attributes
            start = await self._decoded(started.input.payloads, SessionStart)
            self._at_start = _at_start(start, event.event_time.ToDatetime(UTC))
            self._continues = started.continued_execution_run_id or None
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            scheduled = event.activity_task_scheduled_event_attributes
            self._scheduled[event.event_id] = scheduled.activity_type.name
            await self._take_arguments(scheduled.activity_type.name, scheduled.input.payloads)
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            completed = event.activity_task_completed_event_attributes
            name = self._scheduled[completed.scheduled_event_id]
            await self._take_result(name, completed.result.payloads)

    async def _take_arguments(self, name: str, arguments: Sequence[Payload]) -> None:
        if name == ids.ACTIVITY_PROJECT_SESSION:
            self._note(await self._decoded(arguments, Projected))
        elif name == ids.ACTIVITY_RESERVE_EVENT:
            self._note_begun((await self._decoded(arguments, ReserveEvent)).begun)
        elif name == ids.ACTIVITY_PUBLISH_EVENT:
            publish: PublishEvent = await self._decoded(arguments, PublishEvent)
            self._publish = publish
            self._note_begun(publish.begun)

    async def _take_result(self, name: str, result: Sequence[Payload]) -> None:
        """A publication counts once its activity has completed, or the compensation that found the
        event published."""
        if name == ids.ACTIVITY_RESERVE_EVENT:
            self._reserved = await self._decoded(result, Event)
        elif name == ids.ACTIVITY_PUBLISH_EVENT:
            self._note_published()
        elif name == ids.ACTIVITY_RELEASE_EVENT:
            was_released = await self._decoded(result, bool)
            if not was_released:
                self._note_published()

    def _note_published(self) -> None:
        publish, reserved = self._publish, self._reserved
        if publish is not None and reserved is not None:
            self._note(publish.projected)
            self._published = PublishedEvent(
                reserved, publish.at, publish.ticket_tiers, publish.projected
            )

    def _note_begun(self, begun: Projected | None) -> None:
        """Of a step of a publication; None if an earlier release began it."""
        if begun is not None:
            self._note(begun)

    def _note(self, projected: Projected) -> None:
        if self._view is None or self._view.revision < projected.view.revision:
            self._view = projected.view
        for action in projected.actions:
            self._actions.setdefault(action.position, action)

    async def _decoded(self, payloads: Sequence[Payload], kind: Any) -> Any:
        (decoded,) = await self._converter.decode(payloads, [kind])
        return decoded


def _at_start(start: SessionStart, at: datetime) -> Projected:
    """The projection of a run whose first workflow task has not run yet."""
    if start.carried is not None:
        state, actions = start.carried.state, tuple(start.carried.unprojected)
    else:
        created_at = start.created_at or at
        state, actions = (
            start_session(
                start.session_id,
                start.owner,
                created_at=created_at,
                ttl_seconds=start.ttl_seconds,
            ),
            (),
        )
    return Projected(view=view_of(state, at), actions=actions)
