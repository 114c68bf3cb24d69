"""The sweep over workflows: signals a session to write its row again if the row is behind, and
writes the row of a session that Temporal ended before it had one."""

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowHandle,
)
from temporalio.common import SearchAttributeKey

from activities.calls import NoAnswer, NotFound, bounded_call, require_running_worker
from activities.lost_sessions import LostSessions
from domain import ids
from domain.session.view import SessionView
from temporal.failures import LOST_STATUSES

if TYPE_CHECKING:
    from db.open_sessions import Milestones, OpenSessions

WORKFLOWS_PER_PAGE: Final = 100

_RUNNING_OR_LOST: Final = (
    f'WorkflowType = "{ids.WIZARD_SESSION}" AND ExecutionStatus '
    'IN ("Running", "Terminated", "Failed", "TimedOut", "Canceled")'
)

_STATUS: Final = SearchAttributeKey.for_keyword(ids.SEARCH_STATUS)
_STAGE: Final = SearchAttributeKey.for_keyword(ids.SEARCH_STAGE)
_PROGRESS: Final = SearchAttributeKey.for_int(ids.SEARCH_PROGRESS)
_EXPIRES_AT: Final = SearchAttributeKey.for_datetime(ids.SEARCH_EXPIRES_AT)

_PRECISION: Final = timedelta(seconds=1)
"""Some visibility stores have times with less precision than Postgres."""

Outcome = Literal["refreshed", "lost", "skipped"]


class WorkflowsSwept(BaseModel):
    """The progress of the sweep, and counts of its outcomes.

    ``hour`` (0 to 23, UTC) selects the sessions that are queried.
    """

    model_config = ConfigDict(frozen=True)

    hour: int
    page_token: str | None = None
    more: bool = True
    refreshed: int = 0
    lost: int = 0
    skipped: int = 0

    def counting(self, outcome: Outcome | None) -> "WorkflowsSwept":
        if outcome is None:
            return self
        return self.model_copy(update={outcome: getattr(self, outcome) + 1})

    def at_page(self, token: bytes | None) -> "WorkflowsSwept":
        page_token = b64encode(token).decode() if token else None
        return self.model_copy(update={"page_token": page_token, "more": token is not None})


class SweepWorkflowsActivities:
    def __init__(self, rows: "OpenSessions", lost: LostSessions, client: Client) -> None:
        self._rows = rows
        self._lost = lost
        self._client = client

    @activity.defn
    async def sweep_workflows(self, swept: WorkflowsSwept) -> WorkflowsSwept:
        """Sweeps one page. A retry skips sessions whose rows are up to date by then."""
        token = b64decode(swept.page_token) if swept.page_token else None
        listed = self._client.list_workflows(
            _RUNNING_OR_LOST, page_size=WORKFLOWS_PER_PAGE, next_page_token=token
        )
        await listed.fetch_next_page()
        page = listed.current_page or ()
        rows = await self._rows.milestones([ids.session_id_of(execution.id) for execution in page])
        for execution in page:
            session_id = ids.session_id_of(execution.id)
            outcome = await self._sweep(session_id, execution, rows.get(session_id), swept.hour)
            swept = swept.counting(outcome)
            activity.heartbeat(session_id)
            require_running_worker()
        return swept.at_page(listed.next_page_token)

    async def _sweep(
        self, session_id: str, execution: WorkflowExecution, row: "Milestones | None", hour: int
    ) -> Outcome | None:
        try:
            if execution.status is WorkflowExecutionStatus.RUNNING:
                return await self._refresh(session_id, execution, row, hour)
            if row is None:  # an open row of a lost session is closed by the sweep over rows
                return await self._write_lost(session_id)
        except NotFound:  # closed in the meantime
            return None
        except NoAnswer as reason:
            activity.logger.warning(
                "session skipped by the sweep",
                extra={"session_id": session_id, "reason": str(reason)},
            )
            return "skipped"
        return None

    async def _refresh(
        self, session_id: str, execution: WorkflowExecution, row: "Milestones | None", hour: int
    ) -> Outcome | None:
        handle = self._client.get_workflow_handle(execution.id)
        matches = row is not None and _match(execution, row)
        if matches and not is_due_for_query(session_id, hour):
            return None
        if row is not None and row.revision >= await _revision(handle):
            return None
        async with bounded_call():
            await handle.signal(ids.SIGNAL_REFRESH_READ_MODEL)
        return "refreshed"

    async def _write_lost(self, session_id: str) -> Outcome | None:
        """A run that an operator has reset is listed as terminated, and a newer one is open."""
        async with bounded_call():
            newest = await self._client.get_workflow_handle(
                ids.session_workflow_id(session_id)
            ).describe()
        if newest.status not in LOST_STATUSES:
            return None
        was_written = await self._lost.close(session_id, newest.run_id, heartbeat=[session_id])
        return "lost" if was_written else None


def is_due_for_query(session_id: str, hour: int) -> bool:
    """Each session is queried in one hour of the day.

    The list of workflows has no revision, and a save may change none of its attributes. Only a
    query shows that the row is behind, and querying all sessions every hour is too expensive.
    """
    return UUID(session_id).int % 24 == hour


def _match(execution: WorkflowExecution, row: "Milestones") -> bool:
    listed = execution.typed_search_attributes
    expires_at = listed.get(_EXPIRES_AT)
    return (
        listed.get(_STATUS) == row.status.value
        and listed.get(_STAGE) == row.current_stage.value
        and listed.get(_PROGRESS) == row.completion_percentage
        and expires_at is not None
        and abs(expires_at - row.expires_at) < _PRECISION
    )


async def _revision(handle: WorkflowHandle[Any, Any]) -> int:
    async with bounded_call():
        view: SessionView = await handle.query(ids.QUERY_SESSION, result_type=SessionView)
    return view.revision
