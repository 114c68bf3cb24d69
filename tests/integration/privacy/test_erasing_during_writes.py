"""Erasing sessions while two API processes and a worker write them to the read model."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from temporalio.testing import WorkflowEnvironment

from db.pool import create_pool
from db.projection import DurableProjection, LiveProjection
from domain.session.actions import Action
from domain.session.projection import Projected
from domain.session.view import SessionView
from tests.support.api import client_for, serving, settings_for, token
from tests.support.erasures import erase, rows_with, runs_of
from tests.support.postgres import Database
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

ROUNDS = 6

Projection = LiveProjection | DurableProjection


@dataclass
class ConcurrentWriters:
    """Concurrent writers of one session's rows; the first of ``wizards`` erases the session."""

    wizards: Sequence[Wizard]
    projections: Sequence[Projection]
    written: int = 0
    is_over: bool = False

    async def write(self, erased_after: int) -> None:
        """Writes until the session is erased, and a few times after that."""
        old = await self._first_rows()
        async with asyncio.TaskGroup() as writers:
            for wizard in self.wizards:
                writers.create_task(self._save(wizard))
            for projection in self.projections:
                writers.create_task(self._project(projection, old))
            await self._has_written(erased_after)
            assert await erase(self.wizards[0].http, old.view.session_id) == 204
            await self._has_written(self.written + 4)
            self.is_over = True

    async def _first_rows(self) -> Projected:
        saved = await self.wizards[0].save("organizerSetup", {"name": "Ada Lovelace"})
        view = SessionView.model_validate(saved.json())
        action = Action(
            revision=1, name="save_stage", actor_id="ada", at=view.updated_at, sections={}
        )
        return Projected(view=view, actions=(action,))

    async def _save(self, wizard: Wizard) -> None:
        number = 0
        while not self.is_over:
            number += 1
            saved = await wizard.save("organizerSetup", {"bio": f"Ada Lovelace {number}"})
            if saved.status_code in {404, 409}:
                return
            assert saved.status_code == 200, saved.text

    async def _project(self, projection: Projection, old: Projected) -> None:
        """Writes new and outdated revisions in turn."""
        revision = old.view.revision
        while not self.is_over:
            revision += self.written % 2
            action = old.actions[0].model_copy(update={"revision": revision + 1000})
            view = old.view.model_copy(update={"revision": revision})
            await projection.write([Projected(view=view, actions=(action,))])
            self.written += 1

    async def _has_written(self, wanted: int) -> None:
        async def are_written() -> bool:
            return self.written >= wanted

        await eventually(are_written, what=f"{wanted} writes")


@asynccontextmanager
async def projections_of(database: Database) -> AsyncIterator[Sequence[Projection]]:
    live = await create_pool(database.api_dsn, application_name="tests")
    durable = await create_pool(database.worker_dsn, application_name="tests")
    try:
        yield LiveProjection(live), DurableProjection(durable)
    finally:
        await live.close()
        await durable.close()


async def test_an_erasure_during_writes_leaves_only_the_stub(
    temporal: WorkflowEnvironment, database: Database
) -> None:
    async with (
        serving(settings_for(database), temporal.client) as first_address,
        serving(settings_for(database), temporal.client) as second_address,
        running_worker(System(temporal, database, first_address)),
        client_for(first_address, token("ada")) as http,
        client_for(second_address, token("ada")) as second_http,
        projections_of(database) as projections,
    ):
        erased = [await start(http) for _ in range(ROUNDS)]
        await asyncio.gather(
            *(
                ConcurrentWriters(
                    [wizard, Wizard(second_http, wizard.session_id)], projections
                ).write(10 * number)
                for number, wizard in enumerate(erased)
            )
        )

    # API processes and worker have stopped, so no write is pending.
    for wizard in erased:
        assert await rows_with(database, wizard.session_id) == {"erasures": 1}
        assert await runs_of(temporal.client, wizard.session_id) == []
    assert await rows_with(database, "Ada Lovelace") == {}
