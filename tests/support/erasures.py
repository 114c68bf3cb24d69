"""Erasing a session, and looking for what is left of it."""

from typing import Any

import httpx
from temporalio.client import Client

from domain import ids
from tests.support.postgres import Database, as_owner
from tests.support.waiting import eventually

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def erase(http: httpx.AsyncClient, session_id: str) -> int:
    """Asked again until it is done, as a client would."""

    async def done() -> int:
        answer = await http.delete(f"/v1/sessions/{session_id}")
        assert answer.status_code in {202, 204}, answer.text
        return answer.status_code if answer.status_code == 204 else 0

    return await eventually(done, within=60, what="the erasure")


async def runs_of(client: Client, session_id: str) -> list[str]:
    query = f'WorkflowId = "{ids.session_workflow_id(session_id)}"'
    return [workflow.run_id or "" async for workflow in client.list_workflows(query)]


async def stub_of(database: Database, session_id: str) -> dict[str, Any]:
    async with as_owner(database) as connection:
        rows = await connection.fetch("SELECT * FROM erasures WHERE session_id = $1", session_id)
    return dict(rows[0]) if rows else {}


async def rows_with(database: Database, text: str) -> dict[str, int]:
    """How many rows of which table have the text anywhere, whatever tables there are."""
    async with as_owner(database) as connection:
        tables = [row["tablename"] for row in await connection.fetch(_TABLES)]
        counted = {
            table: await connection.fetchval(
                f'SELECT count(*) FROM "{table}" AS r WHERE position($1 IN r::text) > 0', text
            )
            for table in tables
        }
    return {table: count for table, count in counted.items() if count}
