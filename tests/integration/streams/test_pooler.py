"""Streams of an API behind a pooler, which loses announcements: with and without an address of
Postgres itself."""

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.api import signing_in
from tests.support.pooler import pooled
from tests.support.postgres import Database
from tests.support.stage_data import free_event
from tests.support.streams import opened
from tests.support.system import running_api, running_worker
from tests.support.wizard import fill_in, start

AT_ONCE = 0.7
"""Seconds. The hub polls once a second."""

HEALED_WITHIN = 3.0


@pytest.mark.parametrize("listens", [True, False], ids=["direct address", "polling"])
async def test_a_stream_behind_a_pooler_has_every_change(
    temporal: WorkflowEnvironment, database: Database, listens: bool
) -> None:
    direct = {"database_listen_url": database.api_dsn} if listens else {}
    async with (
        pooled(database) as dsn,
        running_api(temporal, database, database_api_url=dsn, **direct) as api,
        running_worker(api),
        signing_in(api.address) as sign_in,
    ):
        wizard = await start(sign_in("ada"))
        async with opened(wizard.http, wizard.session_id) as stream:
            await stream.next("session")
            for revision in (1, 2, 3):
                await wizard.save("eventSetup", {"title": f"Spring Show {revision}"})
                within = AT_ONCE if listens else HEALED_WITHIN
                view = await stream.until_revision(revision, within=within)
                assert view["revision"] == revision
        await fill_in(wizard, free_event())
        assert (await wizard.post("/publish")).status_code == 200
