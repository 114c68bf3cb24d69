"""The API with a namespace of its own, as a rebuild takes all sessions that there are; with keys,
as what it reads is encrypted."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import client_for, token
from tests.support.namespaces import own_namespace
from tests.support.postgres import Database
from tests.support.stand_in import StandIn, standing_in
from tests.support.system import System, api_alone
from tests.unit.encryption.samples import ring


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """Without a worker."""
    async with (
        own_namespace(temporal, ring("k1")) as environment,
        api_alone(environment, database) as system,
    ):
        yield system


@pytest.fixture
async def ada(api: System) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(api.address, token("ada")) as http:
        yield http


@pytest.fixture
async def stand_in(tmp_path: Path) -> AsyncIterator[StandIn]:
    async with standing_in(tmp_path) as stand_in:
        yield stand_in
