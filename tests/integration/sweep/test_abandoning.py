"""Only idle sessions are abandoned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import calls, sweep_rows, sweep_workflows
from activities.lost_sessions import LostSessions
from activities.sweep_rows import RowsSwept, SweepRowsActivities
from db.open_sessions import OpenSessions
from db.pool import create_pool
from db.projection import DurableProjection
from db.publications import Publications
from domain import ids
from domain.errors import Publishing, RevisionConflict
from domain.session.messages import AbandonIdle
from domain.session.projection import Projected
from rebuild.lost_sessions import SessionHistories
from tests.support.session_rows import complete_session_rows, session_rows_of
from tests.support.session_workflow import session_handle
from tests.support.sweeping import (
    ABANDON_AFTER,
    LONG_AGO,
    begun,
    execute,
    sweep,
    with_row,
)
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start_filled

MADE_OLD = """
UPDATE wizard_sessions
SET updated_at = now() - interval '3 days', created_at = now() - interval '3 days'
WHERE session_id = $1
"""
ROLLED_BACK = """
UPDATE wizard_sessions SET revision = 0, organizer_data = '{}', updated_at = created_at
WHERE session_id = $1
"""


async def has_status(system: System, session_id: str, status: str) -> bool:
    return (await session_rows_of(system.database, session_id)).status == status


async def becomes_abandoned(system: System, session_id: str) -> None:
    async def is_abandoned() -> bool:
        return await has_status(system, session_id, "abandoned")

    await eventually(is_abandoned, what=f"the end of {session_id}")


async def abandon_idle(system: System, session_id: str, revision: int) -> str:
    """The error code of the session's refusal."""
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await session_handle(system.temporal.client, session_id).execute_update(
            ids.UPDATE_ABANDON_IDLE, AbandonIdle(revision=revision)
        )
    cause = refused.value.cause
    assert isinstance(cause, ApplicationError)
    return str(cause.type)


async def test_an_idle_session_is_abandoned_and_a_younger_one_is_not(
    system: System, ada: httpx.AsyncClient
) -> None:
    idle = await with_row(system, await begun(system))
    recent = await with_row(system, await begun(system, ago=timedelta(days=1)))

    swept = await sweep(system)

    assert (swept.rows.abandoned, swept.rows.skipped) == (1, 0)
    await becomes_abandoned(system, idle)
    view = await session_handle(system.temporal.client, idle).result()
    assert view["status"] == "abandoned"
    assert await has_status(system, recent, "in_progress")
    trail = (await Wizard(ada, idle).get("/actions")).json()["items"]
    assert [(action["name"], action["actor_id"], action["detail"]) for action in trail] == [
        ("abandon", None, "idle")
    ]


async def test_sweeping_twice_abandons_once(system: System) -> None:
    idle = await with_row(system, await begun(system))

    first, second = await sweep(system), await sweep(system)
    await becomes_abandoned(system, idle)
    third = await sweep(system)

    assert first.rows.abandoned == 1
    assert second.rows.skipped == third.rows.abandoned == third.rows.closed == 0
    assert (await session_rows_of(system.database, idle)).names == ["abandon"]


async def test_a_session_with_an_outdated_row_stays_open(
    system: System, ada: httpx.AsyncClient
) -> None:
    session_id = await with_row(system, await begun(system))
    saved = await Wizard(ada, session_id).save("organizerSetup", {"bio": "Bio"})
    assert saved.status_code == 200
    await complete_session_rows(system.database, system.temporal.client, session_id)
    await execute(system, ROLLED_BACK, session_id)

    swept = await sweep(system)

    assert (swept.rows.abandoned, swept.rows.skipped) == (0, 0)
    assert (await Wizard(ada, session_id).view(consistent=True))["status"] == "in_progress"
    assert await abandon_idle(system, session_id, 0) == RevisionConflict.code


async def test_a_planned_publication_keeps_a_session_open(
    system: System, ada: httpx.AsyncClient
) -> None:
    wizard = await start_filled(ada)
    at = datetime.now(UTC) + timedelta(days=20)
    planned = await wizard.post("/publish", {"publish_at": at.isoformat()})
    assert planned.status_code == 202, planned.text
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    await execute(system, MADE_OLD, wizard.session_id)

    await sweep(system)

    assert (await wizard.view(consistent=True))["status"] == "in_progress"
    revision = planned.json()["revision"]
    assert await abandon_idle(system, wizard.session_id, revision) == Publishing.code


async def test_an_idle_period_of_zero_never_abandons(api: System) -> None:
    async with running_worker(api, abandon_after=0):
        idle = await with_row(api, await begun(api))

        swept = await sweep(api)

        assert swept.rows.abandoned == 0
        assert await has_status(api, idle, "in_progress")


async def test_all_pages_are_swept_past_a_session_that_does_not_answer(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_rows, "ROWS_PER_PAGE", 2)
    monkeypatch.setattr(sweep_workflows, "WORKFLOWS_PER_PAGE", 2)
    monkeypatch.setattr(calls, "CALL_TIMEOUT", 3.0)
    stuck = await begun(system, ago=LONG_AGO + timedelta(hours=1), task_queue="without-a-worker")
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    await DurableProjection(pool).write([Projected(view=stuck)])
    await pool.close()
    idle = [await with_row(system, await begun(system)) for _ in range(4)]

    swept = await sweep(system)

    assert (swept.rows.abandoned, swept.rows.skipped) == (4, 1)
    for session_id in idle:
        await becomes_abandoned(system, session_id)
    assert await has_status(system, stuck.session_id, "in_progress")


async def test_a_retried_sweep_resumes_at_its_heartbeat(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt dies at its second heartbeat."""
    client = system.temporal.client
    idle = [
        await with_row(system, await begun(system, ago=LONG_AGO - timedelta(hours=number)))
        for number in range(3)
    ]
    pool = await create_pool(system.database.worker_dsn, application_name="tests")
    rows, projection = OpenSessions(pool), DurableProjection(pool)
    histories = SessionHistories(client)
    sweeping = SweepRowsActivities(
        rows,
        projection,
        LostSessions(rows, projection, Publications(pool), histories, client),
        client,
        abandon_after=ABANDON_AFTER,
    )
    heartbeats: list[Any] = []

    def record(heartbeat: Any) -> None:
        heartbeats.append(heartbeat.model_dump(mode="json"))
        if len(heartbeats) == 2:
            raise RuntimeError("the worker is gone")

    first_attempt = ActivityEnvironment(client)
    first_attempt.on_heartbeat = record
    with pytest.raises(RuntimeError, match="the worker is gone"):
        await first_attempt.run(sweeping.sweep_rows, RowsSwept())
    second_attempt = ActivityEnvironment(client)
    second_attempt.info = replace(second_attempt.info, heartbeat_details=heartbeats[:1])
    second_attempt.on_heartbeat = heartbeats.append

    swept = await second_attempt.run(sweeping.sweep_rows, RowsSwept())

    await pool.close()
    assert swept.abandoned >= 2
    # The second session is handled again, unless its row is already closed.
    assert [heartbeat.after[1] for heartbeat in heartbeats[2:] if heartbeat.after] in (
        idle[1:],
        idle[2:],
    )
    for session_id in idle:
        await becomes_abandoned(system, session_id)
        assert (await session_rows_of(system.database, session_id)).names == ["abandon"]
