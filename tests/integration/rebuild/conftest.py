"""A gateway with a namespace of its own: a rebuild takes all sessions that there are."""

from collections.abc import AsyncIterator

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.gateway import client_for, token
from tests.support.namespaces import own_namespace
from tests.support.postgres import Database
from tests.support.system import System, gateway_alone


@pytest.fixture
async def gateway(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """Without a worker."""
    async with (
        own_namespace(temporal) as environment,
        gateway_alone(environment, database) as system,
    ):
        yield system


@pytest.fixture
async def ada(gateway: System) -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(gateway.address, token("ada")) as http:
        yield http
