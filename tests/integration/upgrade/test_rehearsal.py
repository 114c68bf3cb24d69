"""Upgrading to the next release while sessions are open, as described in docs/operations.md."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from dev.session_histories import histories_of, wait_until_idle
from domain import ids
from tests.integration.upgrade.next_release import NEXT, RELEASE, NextWizardSession
from tests.support.activity_faults import Fault
from tests.support.postgres import Database
from tests.support.processes import running_processes
from tests.support.session_rows import complete_session_rows, session_rows_of
from tests.support.session_workflow import session_handle
from tests.support.stage_data import free_event
from tests.support.system import System, running_api, running_worker
from tests.support.temporal import own_namespace
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, fill_in, publish, start
from tests.support.worker_versions import build_of, is_drained, make_current, task_queues_of
from workers import sessions


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    async with (
        own_namespace(temporal) as environment,
        running_api(environment, database) as system,
    ):
        yield system


async def idle_session(system: System, http: httpx.AsyncClient, name: str) -> Wizard:
    """An idle session, which waits for a message."""
    wizard = await start(http)
    saved = await wizard.complete("organizerSetup", {"name": name}, idempotency_key="name")
    assert saved.status_code == 200, saved.text
    await wait_until_idle(system.temporal.client, wizard.session_id)
    return wizard


@pytest.fixture
def next_release(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes workers that are built from now on run the next release's code."""
    return lambda: monkeypatch.setattr(sessions, "WizardSession", NextWizardSession)


async def runs_next_code(system: System, wizard: Wizard) -> bool:
    described = await session_handle(system.temporal.client, wizard.session_id).describe()
    return (await described.memo()).get(RELEASE) == NEXT


async def wait_for_next_release(system: System, wizard: Wizard) -> None:
    """Returns when the session runs on v2."""

    async def is_there() -> bool:
        is_pinned = await build_of(system.temporal.client, wizard.session_id) == "v2"
        return is_pinned and await runs_next_code(system, wizard)

    await eventually(is_there, what="a session that continues on the next release")


async def test_a_new_release_takes_over_from_the_old_one(
    api: System, ada: httpx.AsyncClient, next_release: Callable[[], None]
) -> None:
    client = api.temporal.client
    publication_blocked = asyncio.Event()

    def block_publication() -> None:
        publication_blocked.set()
        if not may_publish.is_set():
            raise RuntimeError("Postgres takes its time")

    may_publish = asyncio.Event()
    publishing = await start(ada)
    workflow_id = ids.session_workflow_id(publishing.session_id)
    hold = Fault(workflow_id, "publish_event", "before", block_publication)

    async with AsyncExitStack() as old_workers, AsyncExitStack() as new_workers:
        await old_workers.enter_async_context(
            running_worker(api, build_id="v1", interceptors=[hold])
        )
        await make_current(client, "v1")
        idle, busy = [await idle_session(api, ada, name) for name in ("Idle", "Busy")]
        before = await busy.view(consistent="true")
        await fill_in(publishing, free_event())
        assert (await publishing.post("/publish", prefer="wait=0")).status_code == 202
        await publication_blocked.wait()

        next_release()
        await new_workers.enter_async_context(running_worker(api, build_id="v2"))
        await make_current(client, "v2")

        # New sessions run the new code; the others stay on their build.
        fresh = await idle_session(api, ada, "Fresh")
        assert await build_of(client, fresh.session_id) == "v2"
        assert await runs_next_code(api, fresh)
        for wizard in (idle, busy, publishing):
            assert await build_of(client, wizard.session_id) == "v1"
            assert not await runs_next_code(api, wizard)

        # A publication that runs on the old code ends on the old code.
        may_publish.set()
        published = await session_handle(client, publishing.session_id).result()
        assert published["status"] == "completed"
        assert await build_of(client, publishing.session_id) == "v1"
        assert len(await histories_of(client, publishing.session_id)) == 1

        # The old code applies a change, and the session continues as new on the new code.
        assert (await busy.save("organizerSetup", {"bio": "Bio"})).status_code == 200
        await wait_for_next_release(api, busy)
        repeated = await busy.complete("organizerSetup", {"name": "Busy"}, idempotency_key="name")
        reused = await busy.complete("organizerSetup", {"name": "Other"}, idempotency_key="name")
        after = await busy.view(consistent="true")
        assert repeated.json()["revision"] == after["revision"] == before["revision"] + 1
        assert reused.json()["code"] == "idempotency_key_reused"
        assert after["stages"]["organizerSetup"]["data"] == {"name": "Busy", "bio": "Bio"}
        assert after["expires_at"] == before["expires_at"]
        assert after["created_at"] == before["created_at"]

        # An idle session moves after a message that changes nothing.
        await session_handle(client, idle.session_id).signal(ids.SIGNAL_REFRESH_READ_MODEL)
        await wait_for_next_release(api, idle)
        await eventually(lambda: is_drained(client, "v1"), what="v1 without any open session")

        # The old workers are no longer needed, not even to query closed sessions.
        await old_workers.aclose()
        assert (await publishing.view(consistent="true"))["status"] == "completed"
        assert (await session_rows_of(api.database, publishing.session_id)).status == "completed"
        for wizard in (idle, busy, fresh):
            await fill_in(wizard, free_event())
            await publish(wizard)
        for wizard in (idle, busy, fresh):
            records = await complete_session_rows(api.database, client, wizard.session_id)
            assert records.status == "completed"


async def test_the_workers_of_a_process_are_one_version(
    api: System, ada: httpx.AsyncClient, tmp_path: Path
) -> None:
    client = api.temporal.client
    async with running_processes(api.database, client, tmp_path) as processes:
        await processes.worker(WORKER_BUILD_ID="1.7.0", TEMPORAL_NAMESPACE=client.namespace)
        await make_current(client, "1.7.0")

        wizard = await idle_session(api, ada, "Ada")

        assert await build_of(client, wizard.session_id) == "1.7.0"

        async def are_all_known() -> bool:
            polled = await task_queues_of(client, "1.7.0")
            return polled == {
                ids.TASK_QUEUE,
                ids.STRIPE_TASK_QUEUE,
                ids.ORDERS_TASK_QUEUE,
                ids.ORDERS_STRIPE_TASK_QUEUE,
            }

        await eventually(are_all_known, what="a version with all task queues")
