"""The system whose sessions are recorded."""

from collections.abc import AsyncIterator

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.replay.recording import Recording
from tests.support.api import client_for, token
from tests.support.payments import selling
from tests.support.postgres import Database
from tests.support.stand_in import StandIn, standing_in
from tests.support.system import System, api_alone
from tests.support.workers import worker_for


@pytest.fixture(scope="session")
async def recording(
    temporal: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Recording]:
    """Kept only where every kind that was asked for could be recorded."""
    recording = Recording(temporal.client)
    yield recording
    if len(recording.kinds) == request.session.testscollected:
        recording.keep(all_kinds=not request.config.option.keyword)


@pytest.fixture(scope="session")
async def stand_in(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StandIn]:
    async with standing_in(tmp_path_factory.mktemp("stand-in")) as stand_in:
        yield stand_in


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """Without a worker."""
    async with api_alone(temporal, database) as system:
        yield system


@pytest.fixture
async def system(api: System) -> AsyncIterator[System]:
    """Without Stripe."""
    async with worker_for(api):
        yield api


@pytest.fixture
async def market(api: System, stand_in: StandIn) -> AsyncIterator[System]:
    """With Stripe, at which nothing has happened yet."""
    await stand_in.post("/reset")
    async with selling(api, stand_in):
        yield api


@pytest.fixture
async def ada(api: System) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(api.address, token("ada")) as http:
        yield http
