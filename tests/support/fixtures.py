"""The fixtures that most folders need. A folder may override a fixture."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from temporal.workflow_runner import ContextFreeRunner
from tests.support.api import SignIn, signing_in
from tests.support.postgres import Database
from tests.support.processes import Processes, running_processes
from tests.support.stand_in import StandIn, stand_in_process
from tests.support.system import System, running_api, running_worker
from tests.support.waiting import ManualClock
from tests.support.wizard import Wizard, start


@pytest.fixture(scope="session", autouse=True)
def workflows_validated_once() -> Iterator[None]:
    """To validate its workflows, a worker imports each of them into a sandbox, which takes half of
    the time of its start. Here, only the first worker of a workflow does so."""
    validate = SandboxedWorkflowRunner.prepare_workflow
    validated: set[type] = set()

    def validate_once(runner: ContextFreeRunner, workflow: Any) -> None:
        if workflow.cls not in validated:
            validate(runner, workflow)
            validated.add(workflow.cls)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ContextFreeRunner, "prepare_workflow", validate_once)
        yield


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """A system without a worker."""
    async with running_api(temporal, database) as system:
        yield system


@pytest.fixture
async def system(api: System) -> AsyncIterator[System]:
    """``api`` with a worker, without Stripe."""
    async with running_worker(api):
        yield api


@pytest.fixture
async def selling_system(api: System, stand_in: StandIn) -> AsyncIterator[System]:
    """``api`` with a worker that reaches the Stripe stand-in."""
    async with running_worker(api, stripe_url=stand_in.url):
        yield api


@pytest.fixture(scope="session")
async def running_stand_in(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StandIn]:
    async with stand_in_process(tmp_path_factory.mktemp("stand-in")) as stand_in:
        yield stand_in


@pytest.fixture
async def stand_in(running_stand_in: StandIn) -> StandIn:
    """The Stripe stand-in without any object or webhook endpoint."""
    for endpoint in await running_stand_in.get("/webhooks"):
        await running_stand_in.control.delete(f"/webhooks/{endpoint['id']}")
    await running_stand_in.post("/reset")
    return running_stand_in


@pytest.fixture
def user() -> str:
    """Ada's user id."""
    return "ada"


@pytest.fixture
async def sign_in(api: System) -> AsyncIterator[SignIn]:
    async with signing_in(api.address) as sign_in:
        yield sign_in


@pytest.fixture
def ada(sign_in: SignIn, user: str) -> httpx.AsyncClient:
    """Ada's client of the API. It needs no worker, so a test may start its own."""
    return sign_in(user)


@pytest.fixture
async def wizard(system: System, ada: httpx.AsyncClient) -> Wizard:
    """A session that Ada has just started."""
    return await start(ada)


@pytest.fixture
async def processes(
    temporal: WorkflowEnvironment, database: Database, tmp_path: Path
) -> AsyncIterator[Processes]:
    """Starts worker and API as separate processes; none runs yet."""
    async with running_processes(database, temporal.client, tmp_path) as processes:
        yield processes


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()
