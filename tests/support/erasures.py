"""Erasing a session, and finding its remaining data."""

from typing import Any

import httpx
from temporalio.client import Client

from domain import ids
from tests.support.postgres import Database, as_owner
from tests.support.waiting import eventually

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def erase(http: httpx.AsyncClient, session_id: str) -> int:
    """Repeats the request until the session is erased, as a client does."""

    async def is_erased() -> int:
        answer = await http.delete(f"/v1/sessions/{session_id}")
        assert answer.status_code in {202, 204}, answer.text
        return answer.status_code if answer.status_code == 204 else 0

    return await eventually(is_erased, within=60, what="the erasure")


async def runs_of(client: Client, session_id: str) -> list[str]:
    query = f'WorkflowId = "{ids.session_workflow_id(session_id)}"'
    return [workflow.run_id or "" async for workflow in client.list_workflows(query)]


async def stub_of(database: Database, session_id: str) -> dict[str, Any]:
    async with as_owner(database) as connection:
        rows = await connection.fetch("SELECT * FROM erasures WHERE session_id = $1", session_id)
    return dict(rows[0]) if rows else {}


async def rows_with(database: Database, text: str) -> dict[str, int]:
    """Numbers of rows that contain the text in any column, by table; other tables are left out."""
    async with as_owner(database) as connection:
        tables = [row["tablename"] for row in await connection.fetch(_TABLES)]
        counted = {
            table: await connection.fetchval(
                f'SELECT count(*) FROM "{table}" AS r WHERE position($1 IN r::text) > 0', text
            )
            for table in tables
        }
    return {table: count for table, count in counted.items() if count}
