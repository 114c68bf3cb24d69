"""Old sessions, and sweeps over them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from activities.sweep_workflows import WorkflowsSwept
from domain import ids
from domain.actors import Actor
from domain.session.messages import SessionStart
from domain.session.state import start_session, view_of
from domain.session.view import SessionView
from temporal.search_attributes import at_start
from tests.support.postgres import as_owner
from tests.support.session_rows import session_rows_of
from tests.support.system import System
from tests.support.waiting import Found, eventually
from workflows.sweep import Swept

ADA: Final = Actor(user_id="ada")

ABANDON_AFTER: Final = 2 * 24 * 60 * 60
LONG_AGO: Final = timedelta(days=3)

NO_HOUR: Final = 24
"""An hour in which no session is queried."""


async def begun(
    system: System, *, ago: timedelta = LONG_AGO, task_queue: str = ids.TASK_QUEUE
) -> SessionView:
    """Starts a session as the API does, with an earlier creation time and no changes."""
    at = datetime.now(UTC) - ago
    session_id = str(uuid4())
    view = view_of(start_session(session_id, ADA, created_at=at), at)
    await system.temporal.client.start_workflow(
        ids.WIZARD_SESSION,
        SessionStart(session_id=session_id, owner=ADA, created_at=at),
        id=ids.session_workflow_id(session_id),
        task_queue=task_queue,
        search_attributes=at_start(view),
    )
    return view


async def with_row(system: System, view: SessionView) -> str:
    """The session's id, once the read model has its row."""

    async def has_row() -> bool:
        return (await session_rows_of(system.database, view.session_id)).status is not None

    await eventually(has_row, what="the row")
    return view.session_id


async def sweep(system: System, *, hour: int = NO_HOUR) -> Swept:
    swept: Swept = await system.temporal.client.execute_workflow(
        ids.WIZARD_SWEEP,
        Swept(workflows=WorkflowsSwept(hour=hour)),
        id=f"sweep-{uuid4()}",
        task_queue=ids.TASK_QUEUE,
        result_type=Swept,
    )
    return swept


async def sweep_until(
    system: System, look: Callable[[], Awaitable[Found | None]], *, what: str, hour: int = NO_HOUR
) -> Found:
    """Repeats the sweep, because Temporal's list of workflows lags behind."""

    async def swept() -> Found | None:
        await sweep(system, hour=hour)
        return await look()

    return await eventually(swept, what=what)


async def execute(system: System, statement: str, *arguments: Any) -> None:
    """Executes a statement as the owner of the tables."""
    async with as_owner(system.database) as connection:
        await connection.execute(statement, *arguments)
