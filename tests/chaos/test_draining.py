"""SIGTERM: a process finishes its work, accepts no new work, and exits with 0."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from dev.session_histories import events_by_type, histories_of
from tests.support.api import client_for, token
from tests.support.postgres import Database, as_owner
from tests.support.processes import Process, Processes
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start


@asynccontextmanager
async def request_in_flight(
    address: str, wizard: Wizard, body: bytes
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A save in progress, whose body the API waits for: it has sent the interim response 100
    (RFC 9110)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    head = (
        f"PATCH {wizard.path('/stages/organizerSetup')} HTTP/1.1\r\n"
        "Host: api\r\n"
        f"Authorization: Bearer {token('ada')}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Content-Type: application/json\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    try:
        writer.write(head.encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 100")
        await reader.readline()
        yield reader, writer
    finally:
        writer.close()


async def refuses_connections(address: str) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def exit_code_of(process: Process) -> int:
    await eventually(process.has_ended, what="the end of the process")
    code = process.exit_code
    assert code is not None
    return code


async def test_a_stopping_api_answers_and_accepts_nothing_new(
    database: Database, processes: Processes
) -> None:
    await processes.worker()
    api, address = await processes.api()
    async with client_for(address, token("ada")) as http:
        wizard = await start(http)
    body = json.dumps({"name": "Ada"}).encode()

    async with request_in_flight(address, wizard, body) as (reader, writer):
        api.send_sigterm()
        await eventually(lambda: refuses_connections(address), what="refused connections")
        assert api.exit_code is None
        writer.write(body)
        answer = await reader.read()

    head, _, content = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), answer
    assert b"connection: close" in head.lower()
    assert json.loads(content)["revision"] == 1
    assert await exit_code_of(api) == 0, api.log()


async def test_a_stopping_api_writes_the_pending_read_model(
    database: Database, processes: Processes
) -> None:
    """There is no worker: only the API writes the read model."""
    api, address = await processes.api()
    async with as_owner(database) as admin:
        async with client_for(address, token("ada")) as http, admin.transaction():
            await admin.execute("LOCK TABLE wizard_sessions IN SHARE MODE")  # allows reads
            wizard = await start(http)
            api.send_sigterm()
            await eventually(lambda: refuses_connections(address), what="refused connections")
        assert await exit_code_of(api) == 0, api.log()
        rows = await admin.fetchval(
            "SELECT count(*) FROM wizard_sessions WHERE session_id = $1::text::uuid",
            wizard.session_id,
        )
    assert rows == 1


async def test_a_stopping_worker_finishes_its_activity(
    temporal: WorkflowEnvironment,
    database: Database,
    processes: Processes,
    ada: httpx.AsyncClient,
) -> None:
    worker = await processes.worker()
    wizard = await start(ada)
    async with as_owner(database) as admin, admin.transaction():
        await admin.execute("LOCK TABLE wizard_sessions IN SHARE MODE")

        async def is_writing() -> bool:
            # Within a transaction, the view would stay as it was at the first look.
            await admin.execute("SELECT pg_stat_clear_snapshot()")
            return bool(
                await admin.fetchval(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND usename = 'wizard_worker' AND wait_event_type = 'Lock'"
                )
            )

        await wizard.complete("organizerSetup", {"name": "Ada"})
        await eventually(is_writing, what="an activity that waits for the lock")
        worker.send_sigterm()

        async def is_draining() -> bool:
            return "worker is stopping" in worker.log()

        await eventually(is_draining, what="a worker that drains")
        assert worker.exit_code is None

    assert await exit_code_of(worker) == 0, worker.log()
    assert "Traceback" not in worker.log()
    counted = events_by_type(*await histories_of(temporal.client, wizard.session_id))
    started = counted[EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED]
    assert started == counted[EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED] > 0
