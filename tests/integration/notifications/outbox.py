"""The rows of the outbox, and their outcomes."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from activities.notifications import Pauses
from db.pool import create_pool
from db.projection import DurableProjection
from domain import ids
from domain.actors import Actor
from domain.session.actions import Action, ActionName
from domain.session.projection import Projected
from domain.session.state import start_session, view_of
from tests.support.postgres import Database, as_owner
from tests.support.system import System
from tests.support.waiting import eventually

SHORT = Pauses(first=timedelta(milliseconds=20), longest=timedelta(milliseconds=100))
"""Short, so that tests do not wait for the usual timeout of a receiver."""

_ROWS = """
SELECT id, session_id::text, user_id, organization_id, kind, payload, attempts, last_error,
    redrive_at, delivered_at, given_up_at
FROM outbox ORDER BY created_at, id
"""


@dataclass(frozen=True)
class OutboxRow:
    id: str
    session_id: str
    user_id: str
    organization_id: str | None
    kind: str
    payload: str
    attempts: int
    last_error: str | None
    redrive_at: datetime
    delivered_at: datetime | None
    given_up_at: datetime | None

    @property
    def content(self) -> Any:
        return json.loads(self.payload)


async def rows_of(database: Database) -> list[OutboxRow]:
    async with as_owner(database) as connection:
        return [OutboxRow(**dict(row)) for row in await connection.fetch(_ROWS)]


async def execute(database: Database, statement: str) -> None:
    """Executes a statement as the owner of the tables."""
    async with as_owner(database) as connection:
        await connection.execute(statement)


async def make_due(database: Database) -> None:
    """Makes all messages old enough for a redrive."""
    await execute(database, "UPDATE outbox SET redrive_at = redrive_at - interval '2 hours'")


async def delivered(database: Database, number: int) -> list[OutboxRow]:
    """Waits until exactly ``number`` messages are in the outbox, and all are delivered."""

    async def all_of_them() -> list[OutboxRow] | None:
        rows = await rows_of(database)
        return rows if len([row for row in rows if row.delivered_at]) >= number else None

    rows = await eventually(all_of_them, what=f"{number} delivered notifications")
    assert len(rows) == number
    assert {(row.last_error, row.given_up_at) for row in rows} == {(None, None)}
    return rows


async def given_up(database: Database) -> OutboxRow:
    async def stamped() -> OutboxRow | None:
        (row,) = await rows_of(database)
        return row if row.given_up_at else None

    return await eventually(stamped, what="a notification that is given up")


def an_expired_session() -> Projected:
    """The last projection of an expired session."""
    state = start_session(str(uuid4()), Actor(user_id="ada"), created_at=datetime.now(UTC))
    at = state.created_at + timedelta(days=7)
    expired = Action(revision=1, name=ActionName.EXPIRE, actor_id=None, at=at)
    view = view_of(state.model_copy(update={"revision": 1}), at)
    return Projected(view=view, actions=(expired,))


async def put(database: Database, *projected: Projected) -> None:
    """Writes projections like a worker that dies after the commit, before it starts a delivery."""
    pool = await create_pool(database.worker_dsn, application_name="tests")
    try:
        for projection in projected:
            await DurableProjection(pool, announces=True).write([projection])
    finally:
        await pool.close()


async def redrive(system: System) -> int:
    """Runs the redrive as the schedule does; returns the number of started deliveries."""
    started: int = await system.temporal.client.execute_workflow(
        ids.WIZARD_OUTBOX_REDRIVE,
        id=f"{ids.SCHEDULE_OUTBOX}-{uuid4()}",
        task_queue=ids.TASK_QUEUE,
        result_type=int,
    )
    return started


def delivery_of(system: System, message_id: str) -> WorkflowHandle[Any, Any]:
    return system.temporal.client.get_workflow_handle(ids.delivery_workflow_id(message_id))


async def ended(system: System, message_id: str) -> WorkflowExecutionStatus | None:
    async def closed() -> WorkflowExecutionStatus | None:
        described = await delivery_of(system, message_id).describe()
        return described.status if described.close_time else None

    return await eventually(closed, what="the end of the delivery")
