"""``kill -9`` of the worker while it erases a session: another worker finishes the erasure."""

import asyncio

import httpx
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain import ids
from tests.support.activity_faults import CRASH_MOMENTS, CrashPoint
from tests.support.erasures import rows_with, runs_of
from tests.support.postgres import Database
from tests.support.processes import Processes
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import settle
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

ATTEMPT_LIMIT = 10.0
"""Seconds after which Temporal retries a step of a dead worker."""

PATIENCE = 6 * ATTEMPT_LIMIT
"""Each erasure loses one attempt; the rest is reserve for a busy machine."""

TYPED = {"name": "Ada Lovelace", "email": "ada.lovelace@example.com"}

STEPS = ("end_session", "erase_records", "delete_history")
CRASH_POINTS = [CrashPoint(step, moment) for step in STEPS for moment in CRASH_MOMENTS]


async def test_an_erasure_survives_a_crash_at_any_step(
    temporal: WorkflowEnvironment,
    database: Database,
    processes: Processes,
    ada: httpx.AsyncClient,
) -> None:
    """One test for all crash points, because each waits for the same timeout."""
    steady = await processes.worker()
    wizards = await asyncio.gather(
        *(session_with_data(database, temporal.client, ada) for _ in CRASH_POINTS)
    )
    await settle(temporal.client, *(wizard.session_id for wizard in wizards))
    steady.stop()
    requests = []
    for point, wizard in zip(CRASH_POINTS, wizards, strict=True):
        worker = await processes.crashing_worker(
            *point.faults_of(ids.erasure_workflow_id(wizard.session_id))
        )
        requests.append(asyncio.create_task(ada.delete(wizard.path())))
        await eventually(worker.killed_itself, what=f"the crash at {point}")

    await processes.worker()

    assert {(await request).status_code for request in requests} <= {202, 204}
    for point, wizard in zip(CRASH_POINTS, wizards, strict=True):
        await erased_by_the_first_request(temporal.client, wizard.session_id)
        assert await runs_of(temporal.client, wizard.session_id) == [], point
        assert await rows_with(database, wizard.session_id) == {"erasures": 1}, point
    for text in TYPED.values():
        assert await rows_with(database, text) == {}


async def session_with_data(database: Database, client: Client, http: httpx.AsyncClient) -> Wizard:
    """A session with rows and a history."""
    wizard = await start(http)
    response = await wizard.complete("organizerSetup", TYPED)
    assert response.status_code == 200, response.text
    await complete_session_rows(database, client, wizard.session_id)
    return wizard


async def erased_by_the_first_request(client: Client, session_id: str) -> None:
    """Waits until the interrupted erasure is complete, without a second request."""
    erasure = client.get_workflow_handle(ids.erasure_workflow_id(session_id))
    async with asyncio.timeout(PATIENCE):
        await erasure.result()
