"""The sweep over open rows: abandons idle sessions, and closes rows without a workflow."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict
from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)

from activities.calls import NoAnswer, NotFound, bounded_call, require_running_worker
from activities.lost_sessions import LostSessions
from domain import ids
from domain.session.messages import AbandonIdle
from domain.session.projection import Projected
from domain.session.view import SessionView
from observability import worker_metrics

if TYPE_CHECKING:
    from db.open_sessions import OpenRow, OpenSessions
    from db.projection import DurableProjection

ROWS_PER_PAGE: Final = 100
"""Small enough that a page ends within the timeout of the activity even if every call times out."""

SETTLED_AFTER: Final = 600.0
"""Seconds. Younger sessions are skipped, because their row, their workflow and the list of
workflows may not be consistent yet."""

Outcome = Literal["abandoned", "closed", "lost", "skipped"]


class RowsSwept(BaseModel):
    """The progress of the sweep, and counts of its outcomes.

    ``after`` is the deadline and the id of the last session. ``lost`` counts the
    sessions that Temporal ended, ``closed`` those that ended by themselves.
    """

    model_config = ConfigDict(frozen=True)

    after: tuple[datetime, str] | None = None
    more: bool = True
    abandoned: int = 0
    closed: int = 0
    lost: int = 0
    skipped: int = 0

    def with_row(self, row: "OpenRow", outcome: Outcome | None) -> "RowsSwept":
        changed: dict[str, object] = {"after": (row.expires_at, row.session_id)}
        if outcome is not None:
            changed[outcome] = getattr(self, outcome) + 1
        return self.model_copy(update=changed)


class SweepRowsActivities:
    """``abandon_after`` is the time without a change, in seconds; 0 disables it."""

    def __init__(
        self,
        rows: "OpenSessions",
        projection: "DurableProjection",
        lost: LostSessions,
        client: Client,
        *,
        abandon_after: int,
    ) -> None:
        self._rows = rows
        self._projection = projection
        self._lost = lost
        self._client = client
        self._abandon_after = abandon_after

    @activity.defn
    async def sweep_rows(self, swept: RowsSwept) -> RowsSwept:
        """Sweeps one page. A retry continues from the last heartbeat."""
        heartbeat_details = activity.info().heartbeat_details
        if heartbeat_details:
            swept = RowsSwept.model_validate(heartbeat_details[0])
        for was_publishing in (False, True):
            worker_metrics.sessions_lost(0, was_publishing=was_publishing)
        page = await self._rows.page(
            swept.after,
            idle_for_seconds=self._abandon_after,
            created_before_seconds=SETTLED_AFTER,
            limit=ROWS_PER_PAGE,
        )
        running = await self._running(page)
        for row in page:
            outcome = await self._sweep(row, swept, runs=row.session_id in running)
            swept = swept.with_row(row, outcome)
            activity.heartbeat(swept)
            require_running_worker()
        return swept.model_copy(update={"more": len(page) == ROWS_PER_PAGE})

    async def _running(self, page: "list[OpenRow]") -> set[str]:
        """The ids of running sessions, by one request for the page. The list may be behind, so a
        session that is missing from it is described before its row is closed."""
        if not page:
            return set()
        names = ", ".join(f'"{ids.session_workflow_id(row.session_id)}"' for row in page)
        listed = self._client.list_workflows(
            f'WorkflowId IN ({names}) AND ExecutionStatus = "Running"', page_size=len(page)
        )
        return {ids.session_id_of(execution.id) async for execution in listed}

    async def _sweep(self, row: "OpenRow", swept: RowsSwept, *, runs: bool) -> Outcome | None:
        try:
            if not runs and (outcome := await self._close(row.session_id, swept)):
                return outcome
            if row.idle and await self._abandon(row):
                return "abandoned"
        except NotFound:  # closed or deleted in the meantime: left to the next sweep
            return None
        except NoAnswer as reason:
            activity.logger.warning(
                "session skipped by the sweep",
                extra={"session_id": row.session_id, "reason": str(reason)},
            )
            return "skipped"
        return None

    async def _abandon(self, row: "OpenRow") -> bool:
        """Asks the session to abandon itself. Returns false if it has changed since."""
        try:
            async with bounded_call():
                await self._handle(row.session_id).execute_update(
                    ids.UPDATE_ABANDON_IDLE,
                    AbandonIdle(revision=row.revision),
                    id=ids.idle_update_id(row.revision),
                )
        except WorkflowUpdateFailedError:
            return False
        return True

    async def _close(self, session_id: str, swept: RowsSwept) -> Outcome | None:
        """Writes the session's last state to its row; None if the session is open."""
        handle = self._handle(session_id)
        described = await _described(handle)
        status = described.status if described else None
        if status is WorkflowExecutionStatus.RUNNING:
            return None
        if status is WorkflowExecutionStatus.COMPLETED:
            async with bounded_call():
                last = Projected(view=await handle.result())
            await self._projection.write([last])
            return "closed"
        run_id = described.run_id if described else None
        was_open = await self._lost.close(session_id, run_id, heartbeat=[swept])
        return "lost" if was_open else None

    def _handle(self, session_id: str) -> WorkflowHandle[Any, SessionView]:
        return self._client.get_workflow_handle(
            ids.session_workflow_id(session_id), result_type=SessionView
        )


async def _described(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionDescription | None:
    """None if Temporal has no such workflow."""
    try:
        async with bounded_call():
            return await handle.describe()
    except NotFound:
        return None
