"""Compares what was acknowledged with the workflows and with the read model.

Each function returns a line for each change that is missing.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg

from benchmarks.api_client import ApiClient
from benchmarks.connection import UnexpectedStatus
from benchmarks.measuring import wait_until
from benchmarks.stack import BenchStack
from tests.load.acknowledged import SessionRecord, as_found, lost_from
from tests.load.traffic import owner_of

SETTLED_WITHIN: Final = 60.0
"""Seconds until the read model has everything: its longest burst, and a reserve."""

_ROWS: Final = """
SELECT session_id::text, revision, status, completed_stages, event_data ->> 'title' AS title
FROM wizard_sessions WHERE session_id = ANY($1::uuid[])
"""

_ORDERS: Final = "SELECT id::text FROM ticket_orders WHERE id = ANY($1::uuid[])"


async def lost_from_workflows(bench: BenchStack, records: Sequence[SessionRecord]) -> list[str]:
    """Ends with the first session that cannot be read: the others could not either."""
    lost: list[str] = []
    for organization in {record.organization for record in records}:
        owner = await owner_of(bench, organization)
        try:
            for record in records:
                if record.organization == organization:
                    lost += _lines(record, list(lost_from(record, await _found(owner, record))))
        except TimeoutError:
            return [*lost, "sessions cannot be read from their workflows"]
        finally:
            owner.close()
    return lost


async def _found(owner: ApiClient, record: SessionRecord) -> Mapping[str, Any]:
    """What the workflow has, as soon as it is less busy than in the overload.

    Raises:
        TimeoutError: it cannot be read.
    """
    view: Mapping[str, Any] = {}

    async def is_read() -> bool:
        nonlocal view
        with suppress(UnexpectedStatus):
            view = await owner.session(record.session_id).read_consistently()
        return bool(view)

    await wait_until(is_read, interval=1.0)
    return as_found(view)


async def lost_rows(database: asyncpg.Connection, records: Sequence[SessionRecord]) -> list[str]:
    """After ``SETTLED_WITHIN``."""
    lost: list[str] = []

    async def has_everything() -> bool:
        rows = await database.fetch(_ROWS, [record.session_id for record in records])
        found = {row["session_id"]: dict(row) for row in rows}
        lost[:] = [
            line
            for record in records
            for line in _lines(record, list(lost_from(record, found.get(record.session_id))))
        ]
        return not lost

    try:
        await wait_until(has_everything, interval=1.0, timeout=SETTLED_WITHIN)
    except TimeoutError:
        return lost
    return []


async def lost_orders(database: asyncpg.Connection, order_ids: Sequence[str]) -> list[str]:
    rows = await database.fetch(_ORDERS, order_ids)
    return [f"order {order_id}" for order_id in set(order_ids) - {row["id"] for row in rows}]


def _lines(record: SessionRecord, lost: Sequence[str]) -> list[str]:
    return [f"{record.session_id}: lacks {detail}" for detail in lost]
