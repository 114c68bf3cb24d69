"""Opens the system in which schedules are played: API and workers in this process."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from tests.explore.striking import Director
from tests.support.api import SignIn, signing_in
from tests.support.postgres import Database, PostgresServer, add_template, migrated_database
from tests.support.stand_in import StandIn, stand_in_process
from tests.support.system import System, running_api, running_worker
from tests.support.temporal import temporal_server

_STARTS: Final = 5


@dataclass(frozen=True)
class Theatre:
    """The system, and the director that strikes its workflows. ``rows`` has a connection of the
    owner, who sees everything."""

    system: System
    stand_in: StandIn
    director: Director
    sign_in: SignIn
    rows: "asyncpg.Pool[asyncpg.Record]"

    @property
    def temporal(self) -> WorkflowEnvironment:
        return self.system.temporal

    @property
    def client(self) -> Client:
        return self.system.temporal.client

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        return list(await self.rows.fetch(statement, *arguments))


@asynccontextmanager
async def theatre_in_process(
    temporal: WorkflowEnvironment, database: Database, stand_in: StandIn
) -> AsyncIterator[Theatre]:
    director = Director()
    with director.evicting():
        async with (
            running_api(temporal, database, holds_per_address=0) as system,
            running_worker(system, stripe_url=stand_in.url, interceptors=[director]),
            signing_in(system.address) as sign_in,
            asyncpg.create_pool(database.admin_dsn, min_size=1, max_size=4) as rows,
        ):
            yield Theatre(system, stand_in, director, sign_in, rows)


@dataclass(frozen=True)
class Servers:
    """What a theatre runs on."""

    temporal: WorkflowEnvironment
    database: Database
    stand_in: StandIn


@asynccontextmanager
async def running_servers() -> AsyncIterator[Servers]:
    postgres = PostgresServer()
    with tempfile.TemporaryDirectory(prefix="wizard-explore-") as directory:
        try:
            postgres.start()
            await add_template(postgres)
            async with AsyncExitStack() as stack:
                yield Servers(
                    temporal=await _started_temporal(stack),
                    stand_in=await stack.enter_async_context(stand_in_process(Path(directory))),
                    database=await stack.enter_async_context(migrated_database(postgres)),
                )
        finally:
            postgres.drop()


async def _started_temporal(stack: AsyncExitStack) -> WorkflowEnvironment:
    """The SDK waits five seconds for the server, which is short on a busy machine."""
    for _ in range(_STARTS - 1):
        with suppress(RuntimeError):
            return await stack.enter_async_context(temporal_server())
    return await stack.enter_async_context(temporal_server())
