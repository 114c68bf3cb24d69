"""The rows of the inbox, and their outcomes."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio.api.enums.v1 import EventType

from dev.session_histories import events_by_type, histories_of
from domain import ids
from tests.support.postgres import Database, as_owner
from tests.support.system import System
from tests.support.waiting import eventually

_ROWS = """
SELECT id, type, account_id, livemode, payload, processed_at, outcome, error
FROM stripe_events ORDER BY received_at, id
"""

_STORE = """
INSERT INTO stripe_events (id, type, account_id, livemode, payload, created_at)
VALUES ($1, $2, $3, false, $4, now())
"""


@dataclass(frozen=True)
class InboxRow:
    id: str
    type: str
    account_id: str | None
    livemode: bool
    payload: str
    processed_at: datetime | None
    outcome: str | None
    error: str | None

    @property
    def content(self) -> Any:
        return json.loads(self.payload)


async def rows_of(database: Database) -> list[InboxRow]:
    async with as_owner(database) as connection:
        return [InboxRow(**dict(row)) for row in await connection.fetch(_ROWS)]


async def row_of(database: Database, event_id: str) -> InboxRow:
    (row,) = [row for row in await rows_of(database) if row.id == event_id]
    return row


async def processed(database: Database, number: int) -> dict[str, InboxRow]:
    """The rows by event id, once exactly ``number`` events are stored and all are processed."""

    async def all_of_them() -> list[InboxRow] | None:
        rows = await rows_of(database)
        done = [row for row in rows if row.processed_at]
        return rows if len(done) >= number else None

    rows = await eventually(all_of_them, what=f"{number} processed events")
    assert len(rows) == number
    assert {(row.error, row.processed_at is None) for row in rows} == {(None, False)}
    return {row.id: row for row in rows}


async def failed(database: Database, event_id: str) -> InboxRow:
    async def has_error() -> InboxRow | None:
        row = await row_of(database, event_id)
        return row if row.error else None

    return await eventually(has_error, what="an error on the event")


async def store(database: Database, *events: dict[str, Any]) -> None:
    """Stores thin events without starting their workflows."""
    async with as_owner(database) as connection:
        await connection.executemany(
            _STORE,
            [
                (event["id"], event["type"], event["related_object"]["id"], json.dumps(event))
                for event in events
            ],
        )


async def make_old(database: Database, minutes: int = 5) -> None:
    """Makes all events ``minutes`` older."""
    async with as_owner(database) as connection:
        await connection.execute(
            "UPDATE stripe_events SET received_at = received_at - make_interval(mins => $1)",
            minutes,
        )


async def redrive(system: System, run: str = "now") -> int:
    """Runs the redrive as the schedule does; returns the number of started workflows."""
    started: int = await system.temporal.client.execute_workflow(
        ids.WIZARD_STRIPE_REDRIVE,
        id=f"{ids.SCHEDULE_STRIPE_REDRIVE}-{run}",
        task_queue=ids.TASK_QUEUE,
        result_type=int,
    )
    return started


async def signals_to(system: System, session_id: str) -> int:
    """The number of signals that the session has received."""
    counted = events_by_type(*await histories_of(system.temporal.client, session_id))
    return counted[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED]
