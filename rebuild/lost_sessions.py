"""Recovers a session that Temporal ended, from the histories of its runs.

Earlier runs have handed over what they had not written, so only the newest one is replayed; of the
others it is enough to read what they have written.
"""

from typing import Final

import structlog
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from domain import ids
from domain.session.actions import Action
from domain.session.projection import Projected, RecoveredSession
from rebuild.histories import HistoryReader, RecordedRun, Run, read_run
from rebuild.replay import replay_run

MAX_REASON_LENGTH: Final = 200

_log = structlog.get_logger(__name__)


class SessionHistories:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def recover(self, session_id: str, run_id: str) -> RecoveredSession | None:
        """None if the history of the run is deleted.

        Args:
            run_id: The newest run, which Temporal ended.

        Raises:
            PayloadUnreadable, ValueError: a payload cannot be read.
            RPCError: Temporal is unavailable.
        """
        workflow_id = ids.session_workflow_id(session_id)
        history = await self._history(workflow_id, run_id)
        if history is None:
            return None
        newest = await self._read(history)
        if newest is None:
            return None
        replayed = await replay_run(self._client, history)
        if replayed.failure is not None:
            kind = type(replayed.failure).__name__
            _log.warning(
                "history not replayed",
                session_id=session_id,
                reason=kind,
            )
        found = [newest.projected, *([replayed.projected] if replayed.projected else [])]
        found += await self._earlier(workflow_id, newest)
        return RecoveredSession(
            projected=_merged(found),
            is_newest=replayed.failure is None,
            ended_as=_ended_as(history.events[-1]),
            publishing=newest.publishing,
        )

    async def _history(self, workflow_id: str, run_id: str) -> WorkflowHistory | None:
        try:
            handle = self._client.get_workflow_handle(workflow_id, run_id=run_id)
            return await handle.fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _read(self, history: WorkflowHistory) -> RecordedRun | None:
        reader = HistoryReader(self._client.data_converter)
        for event in history.events:
            await reader.take(event)
        return reader.result()

    async def _earlier(self, workflow_id: str, newest: RecordedRun) -> list[Projected]:
        """As far back as the namespace's retention reaches."""
        found: list[Projected] = []
        run: RecordedRun | None = newest
        while run is not None and run.continues is not None:
            run = await read_run(self._client, Run(workflow_id, run.continues))
            if run is not None:
                found.append(run.projected)
        return found


def _merged(found: list[Projected]) -> Projected:
    actions: dict[tuple[int, int], Action] = {}
    for projected in found:
        for action in projected.actions:
            actions.setdefault(action.position, action)
    return Projected(
        view=max((projected.view for projected in found), key=lambda view: view.revision),
        actions=tuple(actions[position] for position in sorted(actions)),
    )


def _ended_as(last: HistoryEvent) -> str:
    """A failure is named by its type: its message may quote what people typed."""
    match last.WhichOneof("attributes"):
        case "workflow_execution_terminated_event_attributes":
            reason = last.workflow_execution_terminated_event_attributes.reason
            return f"terminated: {reason[:MAX_REASON_LENGTH]}" if reason else "terminated"
        case "workflow_execution_failed_event_attributes":
            failure = last.workflow_execution_failed_event_attributes.failure
            kind = failure.application_failure_info.type
            return f"failed: {kind[:MAX_REASON_LENGTH]}" if kind else "failed"
        case "workflow_execution_timed_out_event_attributes":
            return "timed_out"
        case "workflow_execution_canceled_event_attributes":
            return "canceled"
        case _:
            return "ended"
