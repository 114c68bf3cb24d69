"""Arenas of the races."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.races.arena import Arena, open_arena
from tests.support.postgres import PostgresServer, migrated_database
from tests.support.stand_in import StandIn


@pytest.fixture(scope="module")
async def arena(temporal: WorkflowEnvironment, postgres: PostgresServer) -> AsyncIterator[Arena]:
    """Without Stripe."""
    async with migrated_database(postgres) as database, open_arena(temporal, database) as arena:
        yield arena


@pytest.fixture(scope="module")
async def selling_arena(
    temporal: WorkflowEnvironment, postgres: PostgresServer, running_stand_in: StandIn
) -> AsyncIterator[Arena]:
    async with (
        migrated_database(postgres) as database,
        open_arena(temporal, database, stripe_url=running_stand_in.url) as arena,
    ):
        yield arena
