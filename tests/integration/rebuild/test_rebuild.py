"""``python -m rebuild`` restores the read model from Temporal."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client

from db.erasures import Erasures
from db.pool import create_pool
from dev.session_histories import wait_until_idle
from domain import ids
from domain.actors import tenant
from domain.session.erasure import erasure
from domain.session.run_rules import CHANGES_PER_RUN
from rebuild.command import Rebuild, RebuildResult
from tests.integration.rebuild.read_model import lose, rows_of
from tests.support.activity_faults import Fault, Moment, fail_for_good
from tests.support.paid_sessions import start_seller
from tests.support.payload_keys import key
from tests.support.postgres import Database
from tests.support.session_rows import complete_session_rows
from tests.support.stage_data import free_event
from tests.support.stand_in import StandIn
from tests.support.system import System, running_worker
from tests.support.temporal import listed
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, publish, start, start_filled

ROOT = Path(__file__).parents[3]


async def rebuilt(client: Client, database: Database) -> RebuildResult:
    pool = await create_pool(database.worker_dsn, application_name="tests")
    try:
        return await Rebuild(client, pool).run()
    finally:
        await pool.close()


async def command(system: System) -> tuple[int | None, str, str]:
    """Runs the command; returns exit code, stdout and stderr."""
    client = system.temporal.client
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rebuild"),
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": system.database.worker_dsn,
            "TEMPORAL_ADDRESS": client.service_client.config.target_host,
            "TEMPORAL_NAMESPACE": client.namespace,
            "PAYLOAD_KEYS": key("k1"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def erased(system: System, wizard: Wizard) -> None:
    """Erases the session in Postgres only; its history still exists."""
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    try:
        await Erasures(pool).erase(erasure(wizard.session_id, tenant("ada", None), "ada"))
    finally:
        await pool.close()


def without(rows: dict[str, list[dict[str, Any]]], wizard: Wizard) -> dict[str, Any]:
    return {
        table: [row for row in found if row.get("session_id") != wizard.session_id]
        for table, found in rows.items()
    }


async def sessions_of_every_kind(http: httpx.AsyncClient, stand_in: StandIn) -> list[Wizard]:
    """Two are published, one of them with paid tickets and a numbered slug."""
    published, planned = [await start_filled(http) for _ in range(2)]
    sold = (await start_seller(http, stand_in)).wizard
    for wizard in (published, sold):
        await publish(wizard)
    at = (await planned.view())["expires_at"]
    assert (await planned.post("/publish", {"publish_at": at})).status_code in {200, 202}
    abandoned, continued, untouched = [await start(http) for _ in range(3)]
    await abandoned.save("organizerSetup", {"name": "Ada"})
    await abandoned.post("/abandon")
    for number in range(CHANGES_PER_RUN + 2):
        await continued.save("organizerSetup", {"name": f"Ada {number}"})
    assert (await continued.complete("organizerSetup")).status_code == 200
    return [published, sold, planned, abandoned, continued, untouched]


def workflow_id_of(wizard: Wizard) -> str:
    return ids.session_workflow_id(wizard.session_id)


@asynccontextmanager
async def publishing_fails(
    system: System, stand_in: StandIn, failing: list[tuple[Wizard, Moment]]
) -> AsyncIterator[None]:
    """The last step fails for good, before or after its effect."""
    faults = [
        Fault(workflow_id_of(wizard), "publish_event", moment, fail_for_good)
        for wizard, moment in failing
    ]
    async with running_worker(system, stripe_url=stand_in.url, interceptors=faults):
        yield


async def test_a_rebuild_restores_every_row_during_saves(
    api: System, ada: httpx.AsyncClient, stand_in: StandIn
) -> None:
    client, database = api.temporal.client, api.database
    undone, unknown, erased_wizard, busy = [await start(ada) for _ in range(4)]
    async with publishing_fails(api, stand_in, [(undone, "before"), (unknown, "after")]):
        wizards = await sessions_of_every_kind(ada, stand_in)
        for wizard in (undone, unknown):
            await fill_in(wizard, free_event())
            await wizard.post("/publish")
        await busy.complete("organizerSetup", {"name": "Ada"})
        for wizard in (*wizards, undone, unknown, erased_wizard, busy):
            await wait_until_idle(client, wizard.session_id)
        await erased(api, erased_wizard)
        before = await rows_of(database)
        assert len(before["events"]) == 3
        assert len(before["stripe_accounts"]) == 1
        assert len(before["wizard_sessions"]) == len(wizards) + 3

        await lose(database)
        rebuilding = asyncio.create_task(command(api))
        saves = 0
        while not rebuilding.done():
            saves += 1
            await busy.save("organizerSetup", {"name": f"Ada {saves}"})
        code, out, err = await rebuilding

        assert code == 0, err
        assert "were restored" in out
        assert "Sessions" in err
        assert without(await rows_of(database), busy) == without(before, busy)
        await busy.post("/abandon")
        await wait_until_idle(client, busy.session_id)
        records = await complete_session_rows(database, client, busy.session_id)
        assert records.names.count("save_stage") == 1 + saves

        after = await rows_of(database)
        assert not (await rebuilt(client, database)).failed
        assert await rows_of(database) == after


async def test_a_rebuild_reports_sessions_that_cannot_be_read(
    api: System, ada: httpx.AsyncClient
) -> None:
    client, database = api.temporal.client, api.database
    wizard = await start(ada)

    async def is_written() -> bool:
        return bool((await rows_of(database))["wizard_sessions"])

    await eventually(is_written, what="the row that the API writes")
    before = await rows_of(database)
    broken = ids.session_workflow_id("broken")
    await client.start_workflow(
        ids.WIZARD_SESSION, {"name": "Ada Lovelace"}, id=broken, task_queue=ids.TASK_QUEUE
    )

    await listed(client, f'WorkflowType = "{ids.WIZARD_SESSION}"', 2)
    await lose(database)
    code, out, err = await command(api)

    assert code == 1
    assert broken in out
    assert "Ada Lovelace" not in out + err
    assert await rows_of(database) == before
    assert (await wizard.view())["revision"] == 0
