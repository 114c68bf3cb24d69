"""The whole system in one process: real Postgres, real Temporal, a worker, the API, real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from temporalio.testing import WorkflowEnvironment

from tests.support.api import serving, settings_for
from tests.support.postgres import Database
from tests.support.temporal import end_open_workflows
from tests.support.workers import worker_for


@dataclass(frozen=True)
class System:
    temporal: WorkflowEnvironment
    database: Database
    address: str


@asynccontextmanager
async def api_alone(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[System]:
    """Without a worker."""
    async with serving(settings_for(database), temporal.client) as address:
        yield System(temporal, database, address)
    await end_open_workflows(temporal.client)


@asynccontextmanager
async def with_worker(api: System) -> AsyncIterator[System]:
    async with worker_for(api):
        yield api
