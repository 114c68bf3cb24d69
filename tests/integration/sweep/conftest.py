"""A system whose worker abandons sessions that are idle for two days, in a namespace of its own: a
sweep recovers every session that Temporal ended, also those of other tests."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.payload_keys import ring
from tests.support.postgres import Database
from tests.support.sweeping import ABANDON_AFTER
from tests.support.system import System, running_api, running_worker
from tests.support.temporal import NO_KEYS, own_namespace


@pytest.fixture(params=["plain"])
async def api(
    temporal: WorkflowEnvironment, database: Database, request: pytest.FixtureRequest
) -> AsyncIterator[System]:
    """A system without a worker; with payload encryption for the parameter ``encrypted``."""
    keys = ring("k1") if request.param == "encrypted" else NO_KEYS
    async with (
        own_namespace(temporal, keys) as environment,
        running_api(environment, database) as system,
    ):
        yield system


@pytest.fixture
async def system(api: System) -> AsyncIterator[System]:
    async with running_worker(api, abandon_after=ABANDON_AFTER):
        yield api
