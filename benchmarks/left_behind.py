"""What a session leaves in Temporal and in Postgres."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from benchmarks.waiting import until
from domain import ids
from tests.support.session_histories import BILLED, billed_actions, events_by_type, histories_of

QUIET: Final = 3.0
"""Seconds; a session writes to the read model once nothing was changed for two."""

_STRIPE_EVENTS: Final = f"WorkflowType = '{ids.WIZARD_STRIPE_EVENT}'"

_ROWS: Final = """
SELECT 'wizard_sessions', count(*), coalesce(sum(pg_column_size(each.*)), 0)::bigint
FROM wizard_sessions AS each WHERE session_id = $1
UNION ALL
SELECT 'wizard_actions', count(*), coalesce(sum(pg_column_size(each.*)), 0)::bigint
FROM wizard_actions AS each WHERE session_id = $1
UNION ALL
SELECT 'events', count(*), coalesce(sum(pg_column_size(each.*)), 0)::bigint
FROM events AS each WHERE session_id = $1
"""


async def in_temporal(client: Client, histories: Sequence[WorkflowHistory]) -> dict[str, Any]:
    """``actions`` are those that Temporal Cloud bills; ``billed`` says for which events."""
    runs = [await _described(client, each) for each in histories]
    counted = events_by_type(*histories)
    return {
        "runs": len(runs),
        "events": sum(counted.values()),
        "history_bytes": sum(run.history_size_bytes for run in runs),
        "state_transitions": sum(run.state_transition_count for run in runs),
        "actions": billed_actions(*histories),
        "billed": _billed(counted),
    }


async def settled(client: Client, session_id: str) -> dict[str, Any]:
    """What an open session has left behind once it does nothing more by itself."""
    found: dict[str, Any] = {}

    async def nothing_new() -> bool:
        nonlocal found
        before, found = found, await in_temporal(client, await histories_of(client, session_id))
        return before == found

    await until(nothing_new, pause=QUIET)
    return found


def _billed(counted: "Counter[EventType.ValueType]") -> dict[str, int]:
    names = {kind: EventType.Name(kind).removeprefix("EVENT_TYPE_").lower() for kind in BILLED}
    return {names[kind]: counted[kind] for kind in sorted(BILLED) if counted[kind]}


async def _described(client: Client, history: WorkflowHistory) -> Any:
    """The server's own account of a run."""
    started = history.events[0].workflow_execution_started_event_attributes
    handle = client.get_workflow_handle(
        history.workflow_id, run_id=started.original_execution_run_id
    )
    described = await handle.describe()
    return described.raw_description.workflow_execution_info


async def stripe_event_histories(client: Client, ids_before: set[str]) -> list[WorkflowHistory]:
    """Of the workflows that were not there before."""
    new = await stripe_event_workflows(client) - ids_before
    return [await client.get_workflow_handle(each).fetch_history() for each in sorted(new)]


async def stripe_event_workflows(client: Client) -> set[str]:
    return {each.id async for each in client.list_workflows(_STRIPE_EVENTS)}


async def in_postgres(database: asyncpg.Connection, session_id: str) -> dict[str, dict[str, int]]:
    """Rows, and their bytes without indexes, by table."""
    rows = await database.fetch(_ROWS, session_id)
    return {table: {"rows": count, "bytes": size} for table, count, size in rows}
