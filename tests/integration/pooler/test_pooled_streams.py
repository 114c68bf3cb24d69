"""Streams of an API behind a pooler, which loses announcements: with and without an address of
Postgres itself."""

from typing import Final

import pytest
from temporalio.testing import WorkflowEnvironment

from api.live import hub
from tests.support.api import signing_in
from tests.support.pgbouncer import pgbouncer
from tests.support.postgres import Database
from tests.support.stage_data import free_event
from tests.support.streams import opened
from tests.support.system import running_api, running_worker
from tests.support.wizard import fill_in, publish, start

NEVER: Final = 3600.0
"""Seconds."""


@pytest.mark.parametrize("listens", [True, False], ids=["direct address", "polling"])
async def test_a_stream_behind_a_pooler_has_every_change(
    temporal: WorkflowEnvironment,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    *,
    listens: bool,
) -> None:
    direct = {"database_listen_url": database.api_dsn} if listens else {}
    if listens:  # only announcements can reach the stream
        for pause in ("COMPARE_SECONDS", "POLL_SECONDS"):
            monkeypatch.setattr(hub, pause, NEVER)
    with pgbouncer(database) as pooler:
        async with (
            running_api(temporal, database, database_api_url=pooler.api_dsn, **direct) as api,
            running_worker(api, database_url=pooler.worker_dsn),
            signing_in(api.address) as sign_in,
        ):
            wizard = await start(sign_in("ada"))
            async with opened(wizard.http, wizard.session_id) as stream:
                await stream.next("session")
                for revision in (1, 2, 3):
                    await wizard.save("eventSetup", {"title": f"Spring Show {revision}"})
                    view = await stream.until_revision(revision)
                    assert view["revision"] == revision
            await fill_in(wizard, free_event())
            await publish(wizard)
