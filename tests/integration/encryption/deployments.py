"""API processes and workers with different keys, one after the other, at the same servers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Interceptor

from domain import ids
from temporal.client import connect
from tests.support.api import client_for, serving, settings_for, token
from tests.support.payload_keys import ring
from tests.support.postgres import Database
from tests.support.system import System, running_worker
from tests.support.wizard import Wizard


@dataclass(frozen=True)
class Deployments:
    """``keyless`` is a Temporal client without keys; ``directory`` has Temporal's database."""

    onlooker: Client
    database: Database
    directory: Path

    @asynccontextmanager
    async def api(self, *key_ids: str) -> AsyncIterator[System]:
        client = await connect(ring(*key_ids))
        async with serving(settings_for(self.database), client) as address:
            yield System(WorkflowEnvironment.from_client(client), self.database, address)

    @asynccontextmanager
    async def worker(
        self, *key_ids: str, interceptors: Sequence[Interceptor] = ()
    ) -> AsyncIterator[None]:
        client = await connect(ring(*key_ids))
        system = System(WorkflowEnvironment.from_client(client), self.database, "")
        async with running_worker(system, interceptors=interceptors):
            yield

    @asynccontextmanager
    async def whole(
        self, *key_ids: str, interceptors: Sequence[Interceptor] = ()
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Ada's client of an API process that has a worker."""
        async with (
            self.api(*key_ids) as system,
            self.worker(*key_ids, interceptors=interceptors),
            client_for(system.address, token("ada")) as http,
        ):
            yield http

    async def history(self, wizard: Wizard) -> list[HistoryEvent]:
        handle = self.onlooker.get_workflow_handle(ids.session_workflow_id(wizard.session_id))
        return [event async for event in handle.fetch_history_events()]

    def bytes_of_the_database(self) -> bytes:
        """The bytes of the database files, write-ahead log included."""
        return b"".join(file.read_bytes() for file in sorted(self.directory.iterdir()))


def with_client(wizard: Wizard, http: httpx.AsyncClient) -> Wizard:
    """The same session with another client."""
    return replace(wizard, http=http)
