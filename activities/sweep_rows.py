"""The sweep over the rows that are open: what is idle is abandoned, what has no workflow closed."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict
from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)

from activities.session_calls import NoAnswer, NotFound, patiently, stop_where_the_worker_stops
from domain import ids
from domain.session.messages import AbandonIdle
from domain.session.projection import Projected, expired_without_workflow
from domain.session.view import SessionView

if TYPE_CHECKING:
    from db.open_sessions import OpenRow, OpenSessions
    from db.projection import DurableProjection

ROWS_PER_PAGE: Final = 100
"""With each of them waited for in vain, a page still ends before its time is over."""

SETTLED_AFTER: Final = 600.0
"""Seconds. A session that was made just now is left alone: its row, its workflow and the list of
workflows may not have caught up with each other yet."""

Outcome = Literal["abandoned", "closed", "skipped"]


class RowsSwept(BaseModel):
    """How far the sweep has come, ``after`` this deadline and session, and what it did."""

    model_config = ConfigDict(frozen=True)

    after: tuple[datetime, str] | None = None
    more: bool = True
    abandoned: int = 0
    closed: int = 0
    skipped: int = 0

    def with_row(self, row: "OpenRow", outcome: Outcome | None) -> "RowsSwept":
        changed: dict[str, object] = {"after": (row.expires_at, row.session_id)}
        if outcome is not None:
            changed[outcome] = getattr(self, outcome) + 1
        return self.model_copy(update=changed)


class SweepRowsActivities:
    """``abandon_after`` is in seconds without a change; 0 never abandons."""

    def __init__(
        self,
        rows: "OpenSessions",
        projection: "DurableProjection",
        client: Client,
        *,
        abandon_after: int,
    ) -> None:
        self._rows = rows
        self._projection = projection
        self._client = client
        self._abandon_after = abandon_after

    @activity.defn(name=ids.ACTIVITY_SWEEP_ROWS)
    async def sweep_rows(self, swept: RowsSwept) -> RowsSwept:
        """One page. An attempt after one that was lost goes on from its last sign of life."""
        signs = activity.info().heartbeat_details
        if signs:
            swept = RowsSwept.model_validate(signs[0])
        page = await self._rows.page(
            swept.after,
            idle_for_seconds=self._abandon_after,
            created_before_seconds=SETTLED_AFTER,
            limit=ROWS_PER_PAGE,
        )
        running = await self._running(page)
        for row in page:
            outcome = await self._sweep(row, runs=row.session_id in running)
            swept = swept.with_row(row, outcome)
            activity.heartbeat(swept)
            stop_where_the_worker_stops()
        return swept.model_copy(update={"more": len(page) == ROWS_PER_PAGE})

    async def _running(self, page: "list[OpenRow]") -> set[str]:
        """One request for the page. The list may be behind: who is not on it is asked for."""
        if not page:
            return set()
        names = ", ".join(f'"{ids.session_workflow_id(row.session_id)}"' for row in page)
        listed = self._client.list_workflows(
            f'WorkflowId IN ({names}) AND ExecutionStatus = "Running"', page_size=len(page)
        )
        return {ids.session_id_of(each.id) async for each in listed}

    async def _sweep(self, row: "OpenRow", *, runs: bool) -> Outcome | None:
        try:
            if not runs and await self._close(row.session_id):
                return "closed"
            if row.idle and await self._abandon(row):
                return "abandoned"
        except NotFound:  # closed or deleted in the meantime: the next sweep finds it so
            return None
        except NoAnswer as reason:
            activity.logger.warning(
                "session left out of the sweep",
                extra={"session_id": row.session_id, "reason": str(reason)},
            )
            return "skipped"
        return None

    async def _abandon(self, row: "OpenRow") -> bool:
        """False where the session refuses, as it was changed since the page was read."""
        try:
            async with patiently():
                await self._handle(row.session_id).execute_update(
                    ids.UPDATE_ABANDON_IDLE,
                    AbandonIdle(revision=row.revision),
                    id=ids.idle_update_id(row.revision),
                )
        except WorkflowUpdateFailedError:
            return False
        return True

    async def _close(self, session_id: str) -> bool:
        """Brings the row to the session's end; false where there is none to bring."""
        last = await self._last_state(session_id)
        if last is None:
            return False
        await self._projection.write([last])
        return True

    async def _last_state(self, session_id: str) -> Projected | None:
        """None where there is nothing to bring the row to."""
        handle = self._handle(session_id)
        status = await _status(handle)
        if status is WorkflowExecutionStatus.RUNNING:
            return None
        if status is WorkflowExecutionStatus.COMPLETED:
            async with patiently():
                return Projected(view=await handle.result())
        view = await self._newest_view(handle, session_id)
        if view is None:
            return None
        if not view.is_active:  # it was ended from outside when it was as good as over
            return Projected(view=view)
        reason = f"workflow_{status.name.lower() if status else 'not_found'}"
        return expired_without_workflow(view, at=datetime.now(UTC), reason=reason)

    async def _newest_view(
        self, handle: WorkflowHandle[Any, SessionView], session_id: str
    ) -> SessionView | None:
        """A workflow that was ended from outside still tells how it stood, as long as Temporal has
        its history. None where the row was closed or erased in the meantime."""
        stored = await self._rows.get(session_id)
        if stored is None or not stored.is_active:
            return None
        with suppress(NotFound, NoAnswer):
            async with patiently():
                told: SessionView = await handle.query(ids.QUERY_SESSION, result_type=SessionView)
            return max(stored, told, key=lambda each: each.revision)
        return stored

    def _handle(self, session_id: str) -> WorkflowHandle[Any, SessionView]:
        return self._client.get_workflow_handle(
            ids.session_workflow_id(session_id), result_type=SessionView
        )


async def _status(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionStatus | None:
    """None where Temporal knows nothing of it."""
    try:
        async with patiently():
            return (await handle.describe()).status
    except NotFound:
        return None
