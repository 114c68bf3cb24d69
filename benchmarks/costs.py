"""The cost of a session: events and actions in Temporal, rows in Postgres."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from benchmarks.measuring import wait_until
from benchmarks.stack import BenchStack
from dev.session_histories import BILLED_EVENTS, billed_actions, events_by_type, histories_of
from domain import ids

QUIET: Final = 3.0
"""Seconds; a session writes to the read model when nothing has changed for two."""

_STRIPE_EVENTS: Final = f"WorkflowType = '{ids.WIZARD_STRIPE_EVENT}'"

WEBHOOKS_QUIET: Final = 2.0
"""Seconds without a new Stripe webhook."""

_WEBHOOKS: Final = "SELECT count(*), count(processed_at) FROM stripe_events"

_ROWS: Final = """
SELECT 'wizard_sessions', count(*), coalesce(sum(pg_column_size(stored.*)), 0)::bigint
FROM wizard_sessions AS stored WHERE session_id = $1
UNION ALL
SELECT 'wizard_actions', count(*), coalesce(sum(pg_column_size(stored.*)), 0)::bigint
FROM wizard_actions AS stored WHERE session_id = $1
UNION ALL
SELECT 'events', count(*), coalesce(sum(pg_column_size(stored.*)), 0)::bigint
FROM events AS stored WHERE session_id = $1
"""


async def temporal_cost(client: Client, histories: Sequence[WorkflowHistory]) -> dict[str, Any]:
    """``actions`` are those that Temporal Cloud bills; ``billed`` has their events by type."""
    runs = [await _execution_info(client, history) for history in histories]
    counts = events_by_type(*histories)
    return {
        "runs": len(runs),
        "events": sum(counts.values()),
        "history_bytes": sum(run.history_size_bytes for run in runs),
        "state_transitions": sum(run.state_transition_count for run in runs),
        "actions": billed_actions(*histories),
        "billed": _billed(counts),
    }


async def temporal_cost_at_rest(client: Client, session_id: str) -> dict[str, Any]:
    """The cost of an open session, once it is the same for ``QUIET`` seconds."""
    cost: dict[str, Any] = {}

    async def is_unchanged() -> bool:
        nonlocal cost
        before, cost = cost, await temporal_cost(client, await histories_of(client, session_id))
        return before == cost

    await wait_until(is_unchanged, interval=QUIET)
    return cost


async def stripe_event_histories(client: Client, ids_before: set[str]) -> list[WorkflowHistory]:
    """The histories of workflows that have started since ``ids_before`` were listed."""
    new_ids = await stripe_event_workflows(client) - ids_before
    return [
        await client.get_workflow_handle(workflow_id).fetch_history()
        for workflow_id in sorted(new_ids)
    ]


async def stripe_event_workflows(client: Client) -> set[str]:
    """The ids of all Stripe event workflows."""
    return {workflow.id async for workflow in client.list_workflows(_STRIPE_EVENTS)}


async def wait_for_webhooks(bench: BenchStack) -> None:
    """Returns when all webhooks are processed, and none has arrived for ``WEBHOOKS_QUIET``."""
    database = await asyncpg.connect(bench.stack.database_admin_url)
    counts = None

    async def are_processed() -> bool:
        nonlocal counts
        before, counts = counts, await database.fetchrow(_WEBHOOKS)
        return counts == before and counts is not None and counts[0] == counts[1]

    await wait_until(are_processed, interval=WEBHOOKS_QUIET)
    await database.close()


async def postgres_cost(database: asyncpg.Connection, session_id: str) -> dict[str, dict[str, int]]:
    """Rows, and their bytes without indexes, by table."""
    rows = await database.fetch(_ROWS, session_id)
    return {table: {"rows": count, "bytes": size} for table, count, size in rows}


def _billed(counts: "Counter[EventType.ValueType]") -> dict[str, int]:
    """Billed events by type name, such as ``activity_task_scheduled``."""
    return {
        EventType.Name(event_type).removeprefix("EVENT_TYPE_").lower(): counts[event_type]
        for event_type in sorted(BILLED_EVENTS)
        if counts[event_type]
    }


async def _execution_info(client: Client, history: WorkflowHistory) -> Any:
    """The server's WorkflowExecutionInfo of one run."""
    started = history.events[0].workflow_execution_started_event_attributes
    handle = client.get_workflow_handle(
        history.workflow_id, run_id=started.original_execution_run_id
    )
    description = await handle.describe()
    return description.raw_description.workflow_execution_info
