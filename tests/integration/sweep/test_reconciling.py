"""Rows and workflows that differ are reconciled by the newer of the two."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from temporalio import workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from dev.session_histories import events_by_type, histories_of, wait_until_idle
from domain import ids
from tests.support.api import client_for
from tests.support.session_rows import SessionRows, complete_session_rows, session_rows_of
from tests.support.session_workflow import session_handle
from tests.support.stage_data import free_event
from tests.support.sweeping import NO_HOUR, begun, execute, sweep, sweep_until, with_row
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

REOPENED = """
UPDATE wizard_sessions
SET status = 'in_progress', revision = 0, created_at = now() - interval '3 days'
WHERE session_id = $1
"""
LOST = "DELETE FROM wizard_sessions WHERE session_id = $1"
WITHOUT_A_SAVE = """
UPDATE wizard_sessions SET revision = revision - 1, organizer_data = '{}' WHERE session_id = $1
"""
WITHOUT_A_STAGE = """
UPDATE wizard_sessions SET revision = 0, current_stage = 'organizerSetup', organizer_data = '{}'
WHERE session_id = $1
"""


async def settled_rows(system: System, session_id: str) -> SessionRows:
    """The session's rows, once neither the session nor the API has a pending write."""
    await wait_until_idle(system.temporal.client, session_id)
    async with client_for(system.address, None) as http:

        async def api_has_written() -> bool:
            return "\nwizard_write_behind_sessions 0.0\n" in (await http.get("/metrics")).text

        await eventually(api_has_written, what="an empty queue of the live projection")
    return await complete_session_rows(system.database, system.temporal.client, session_id)


async def closed_row(system: System, session_id: str) -> SessionRows:
    async def is_closed() -> SessionRows | None:
        rows = await session_rows_of(system.database, session_id)
        return rows if rows.status == "abandoned" else None

    return await sweep_until(system, is_closed, what="the end of the row")


async def last_action(http: httpx.AsyncClient, session_id: str) -> tuple[str, str | None, str]:
    newest = (await Wizard(http, session_id).get("/actions")).json()["items"][0]
    return newest["name"], newest["actor_id"], newest["detail"]


async def test_a_row_of_a_terminated_workflow_closes_with_its_data(
    system: System, ada: httpx.AsyncClient
) -> None:
    """Data that the row lacks is read from the terminated workflow."""
    session_id = await with_row(system, await begun(system, ago=timedelta(days=1)))
    await Wizard(ada, session_id).complete("organizerSetup", free_event()["organizerSetup"])
    await settled_rows(system, session_id)
    await session_handle(system.temporal.client, session_id).terminate(reason="by an operator")
    await execute(system, WITHOUT_A_STAGE, session_id)

    rows = await closed_row(system, session_id)

    assert rows.revision == 3
    assert rows.stages["organizerSetup"] == free_event()["organizerSetup"]
    assert rows.revisions == [1, 2, 3]
    ended = ("session_lost", None, "terminated: by an operator")
    assert await last_action(ada, session_id) == ended
    again = await sweep(system)
    assert (again.rows.closed, again.rows.lost) == (0, 0)
    assert (await Wizard(ada, session_id).save("organizerSetup", {})).status_code == 409


async def test_a_row_without_history_closes_unchanged(
    system: System, ada: httpx.AsyncClient
) -> None:
    session_id = await with_row(system, await begun(system, ago=timedelta(days=1)))
    await Wizard(ada, session_id).save("organizerSetup", {"bio": "Bio"})
    await settled_rows(system, session_id)
    await delete_workflow(system, session_id)

    rows = await closed_row(system, session_id)

    assert (rows.revision, rows.stages["organizerSetup"]) == (2, {"bio": "Bio"})
    assert await last_action(ada, session_id) == ("session_lost", None, "not_found")


async def delete_workflow(system: System, session_id: str) -> None:
    client = system.temporal.client
    workflow_id = ids.session_workflow_id(session_id)
    await client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id),
        )
    )

    async def is_gone() -> bool:
        try:
            await session_handle(client, session_id).describe()
        except RPCError as error:
            return error.status is RPCStatusCode.NOT_FOUND
        return False

    await eventually(is_gone, what="the deletion")


async def test_a_new_session_is_not_reconciled(system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    await settled_rows(system, wizard.session_id)
    await session_handle(system.temporal.client, wizard.session_id).terminate(
        reason="by an operator"
    )
    older = await with_row(system, await begun(system, ago=timedelta(days=1)))
    await session_handle(system.temporal.client, older).terminate(reason="by an operator")

    await closed_row(system, older)

    assert (await session_rows_of(system.database, wizard.session_id)).status == "in_progress"


async def test_an_open_row_of_a_closed_session_is_closed(
    system: System, ada: httpx.AsyncClient
) -> None:
    wizard = await start(ada)
    assert (await wizard.post("/abandon")).status_code == 200
    await session_handle(system.temporal.client, wizard.session_id).result()
    await execute(system, REOPENED, wizard.session_id)

    async def is_closed() -> bool:
        return (await session_rows_of(system.database, wizard.session_id)).status == "abandoned"

    await sweep_until(system, is_closed, what="the end of the row")
    records = await session_rows_of(system.database, wizard.session_id)
    assert (records.revision, records.names) == (1, ["abandon"])


@pytest.mark.parametrize("damage", [LOST, WITHOUT_A_STAGE], ids=["lost", "behind"])
async def test_a_row_that_is_lost_or_behind_is_written_again(
    system: System, ada: httpx.AsyncClient, damage: str
) -> None:
    wizard = await start(ada)
    await wizard.complete("organizerSetup", free_event()["organizerSetup"])
    before = await settled_rows(system, wizard.session_id)
    await execute(system, damage, wizard.session_id)

    async def is_back() -> bool:
        found = await session_rows_of(system.database, wizard.session_id)
        return (found.revision, found.stages) == (before.revision, before.stages)

    await sweep_until(system, is_back, what="the row")
    described = await session_handle(system.temporal.client, wizard.session_id).describe()
    assert described.status is WorkflowExecutionStatus.RUNNING


async def test_a_save_missing_from_the_row_is_restored_in_its_hour(
    system: System, ada: httpx.AsyncClient
) -> None:
    """Only the revision differs: an optional field does not change the progress."""
    wizard = await start(ada)
    await wizard.save("organizerSetup", {"bio": "Bio"})
    before = await settled_rows(system, wizard.session_id)
    await execute(system, WITHOUT_A_SAVE, wizard.session_id)
    hour = UUID(wizard.session_id).int % 24

    await sweep(system, hour=(hour + 1) % 24)
    assert (await session_rows_of(system.database, wizard.session_id)).revision == 0

    async def is_back() -> bool:
        rows = await session_rows_of(system.database, wizard.session_id)
        return (rows.revision, rows.stages) == (before.revision, before.stages)

    await sweep_until(system, is_back, hour=hour, what="the save")


async def test_a_consistent_session_gets_no_signal(system: System, ada: httpx.AsyncClient) -> None:
    wizard = await start(ada)
    await wizard.complete("organizerSetup", free_event()["organizerSetup"])
    await settled_rows(system, wizard.session_id)

    for hour in (NO_HOUR, UUID(wizard.session_id).int % 24):
        swept = await sweep(system, hour=hour)
        assert (swept.workflows.refreshed, swept.workflows.skipped) == (0, 0)
        assert (swept.rows.closed, swept.rows.abandoned, swept.rows.skipped) == (0, 0, 0)
        assert (swept.workflows.lost, swept.rows.lost) == (0, 0)

    counted = events_by_type(*await histories_of(system.temporal.client, wizard.session_id))
    assert not counted[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED]


async def test_a_refresh_survives_the_end_of_a_run(
    system: System, ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a release, when a message makes an idle session continue as new."""
    wizard = await start(ada)
    before = await settled_rows(system, wizard.session_id)
    described = await session_handle(system.temporal.client, wizard.session_id).describe()
    monkeypatch.setattr(
        workflow.Info,
        "is_continue_as_new_suggested",
        # Not for past tasks, which may be replayed.
        lambda info: (
            info.continued_run_id is None
            and info.get_current_history_length() > described.history_length
        ),
    )
    await execute(system, LOST, wizard.session_id)

    await session_handle(system.temporal.client, wizard.session_id).signal(
        ids.SIGNAL_REFRESH_READ_MODEL
    )

    async def is_back() -> bool:
        return (await session_rows_of(system.database, wizard.session_id)).stages == before.stages

    await eventually(is_back, what="the row")
    assert len(await histories_of(system.temporal.client, wizard.session_id)) == 2
