"""Each documented query counts every session once, in however many runs the session has been."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from dev.session_histories import histories_of
from domain import ids
from domain.session.run_rules import CHANGES_PER_RUN
from domain.session.view import Status
from temporal.search_attributes import values_of
from tests.support.activity_faults import Fault, fail_for_good
from tests.support.api import SignIn, signing_in
from tests.support.documented_queries import (
    Attributes,
    documented_queries,
    is_true_of,
    queries_in,
    with_time,
)
from tests.support.paid_sessions import connect
from tests.support.postgres import Database
from tests.support.session_workflow import end_burst, query_session, session_handle
from tests.support.stage_data import STAGES, free_event
from tests.support.stand_in import StandIn
from tests.support.system import System, running_api, running_worker
from tests.support.temporal import own_namespace
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, publish, start
from tests.support.worker_versions import make_current

BUILD: Final = "1.7.0"
"""As in the documentation."""

RUNS: Final = 2
A_DAY: Final = timedelta(days=1)

FINDS_NO_SESSION: Final = ("StripeEvent", "DeliverNotification", "EraseSession", "Problems")
"""Parts of queries about other workflows, and about failing workflow tasks."""


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    async with (
        own_namespace(temporal) as environment,
        running_api(environment, database) as system,
    ):
        yield system


def test_queries_are_found_in_code_blocks_and_inline_code() -> None:
    text = """
A view has `WizardStage="a"`, the column `WizardStage`, and `a=1`.

```sh
temporal workflow list --query 'WizardStage="b"'
```
"""
    assert list(queries_in(text)) == ['WizardStage="b"', 'WizardStage="a"']


def test_documented_queries_are_found_in_readme_and_guide() -> None:
    assert {"README.md", "docs/operations.md"} <= set(documented_queries().values())


async def test_documented_queries_count_each_session_once(
    api: System, sign_in: SignIn, stand_in: StandIn
) -> None:
    client = api.temporal.client
    failing, stuck = [await start(sign_in("ada", "acme")) for _ in range(2)]
    faults = [
        Fault(ids.session_workflow_id(wizard.session_id), "reserve_event", "before", strike)
        for wizard, strike in ((failing, fail_for_good), (stuck, fail_for_now))
    ]
    options: Any = {"interceptors": faults, "build_id": BUILD}
    async with (
        running_worker(api, stripe_url=stand_in.url, **options),
        running_api(api.temporal, api.database, session_ttl=20 * 3600) as hurried_api,
        signing_in(hurried_api.address) as sign_in_there,
    ):
        await make_current(client, BUILD)
        wizards = await asyncio.gather(
            edited(sign_in("ada")),
            edited(sign_in("ada", "acme"), completed=2),
            edited(sign_in_there("ada", "acme"), completed=3),
            abandoned(sign_in("ada", "acme")),
            published(sign_in("ada", "acme")),
            terminated(client, sign_in("ada", "acme")),
            planned(sign_in("ada", "acme")),
            onboarding(sign_in("ada", "sellers")),
            publication_failed(failing),
            publication_running(stuck),
        )
        sessions = [await attributes_of(client, wizard) for wizard in wizards]
        await eventually(lambda: are_listed(client, sessions), what="sessions as they are now")
        queries = [with_time(query, datetime.now(UTC) + A_DAY) for query in documented_queries()]
        counted = {query: (await client.count_workflows(query)).count for query in queries}

    expected = {query: sum(is_true_of(query, session) for session in sessions) for query in queries}
    assert counted == expected
    unseen = [query for query, count in expected.items() if not count]
    assert [query for query in unseen if not any(part in query for part in FINDS_NO_SESSION)] == []


def fail_for_now() -> None:
    raise ApplicationError("simulated")


async def edited(http: httpx.AsyncClient, *, completed: int = 0) -> Wizard:
    """In its second run, with as many completed stages as in the first one."""
    wizard = await start(http)
    await filled(wizard, completed)
    return await continued(wizard)


async def filled(wizard: Wizard, completed: int = len(STAGES)) -> Wizard:
    event = free_event(title=f"Show {wizard.session_id}")
    for stage in STAGES[:completed]:
        response = await wizard.complete(stage, event[stage])
        assert response.status_code == 200, response.text
    return wizard


async def continued(wizard: Wizard) -> Wizard:
    for number in range((RUNS - 1) * CHANGES_PER_RUN):
        response = await wizard.save("organizerSetup", {"bio": f"Bio {number}"})
        assert response.status_code == 200, response.text
    return wizard


async def abandoned(http: httpx.AsyncClient) -> Wizard:
    wizard = await edited(http)
    await wizard.post("/abandon")
    return wizard


async def terminated(client: Client, http: httpx.AsyncClient) -> Wizard:
    wizard = await edited(http)
    await wizard.save("organizerSetup", {"bio": "A run that has begun can be queried later"})
    await session_handle(client, wizard.session_id).terminate()
    return wizard


async def published(http: httpx.AsyncClient) -> Wizard:
    wizard = await filled(await continued(await start(http)))
    await publish(wizard)
    return wizard


async def planned(http: httpx.AsyncClient) -> Wizard:
    wizard = await filled(await start(http))
    await wizard.post("/publish", {"publish_at": (datetime.now(UTC) + 2 * A_DAY).isoformat()})
    return await continued(wizard)


async def onboarding(http: httpx.AsyncClient) -> Wizard:
    wizard = await start(http)
    await connect(wizard)
    return await continued(wizard)


async def publication_failed(wizard: Wizard) -> Wizard:
    await filled(wizard)
    await wizard.post("/publish")
    return await continued(wizard)


async def publication_running(wizard: Wizard) -> Wizard:
    await filled(await continued(wizard))
    await wizard.post("/publish", prefer="wait=0")
    return wizard


async def attributes_of(client: Client, wizard: Wizard) -> Attributes:
    """As the session itself has them, and soon Temporal's list."""
    assert len(await histories_of(client, wizard.session_id)) == RUNS
    view = await query_session(client, wizard.session_id)
    described = await session_handle(client, wizard.session_id).describe()
    at_rest = "Running" if view.status is Status.IN_PROGRESS else "Completed"
    if described.status is WorkflowExecutionStatus.RUNNING:
        await end_burst(client, wizard.session_id)
    is_terminated = described.status is WorkflowExecutionStatus.TERMINATED
    return {
        "WorkflowId": ids.session_workflow_id(wizard.session_id),
        "WorkflowType": ids.WIZARD_SESSION,
        "ExecutionStatus": "Terminated" if is_terminated else at_rest,
        "TemporalWorkerDeploymentVersion": f"{ids.WORKER_DEPLOYMENT}:{BUILD}",
        **{key.name: value for key, value in values_of(view).items()},
    }


async def are_listed(client: Client, sessions: list[Attributes]) -> bool:
    """Whether Temporal's list has the newest run of each session with its attributes."""
    for session in sessions:
        conditions = " AND ".join(
            f'{name}="{value}"' for name, value in session.items() if isinstance(value, str)
        )
        if (await client.count_workflows(conditions)).count != 1:
            return False
    return True
