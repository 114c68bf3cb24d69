"""What Postgres announces of a session, to whom, and what the API may compare."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.erasures import Erasures
from db.listen import CHANNEL, LiveReads
from db.pool import Pool
from db.projection import DurableProjection, LiveProjection
from domain.session.erasure import erasure
from tests.integration.db.read_model_factories import (
    ADA,
    ADA_AT_ACME,
    BOB,
    projection_of,
    session_view,
)
from tests.support.postgres import Database
from tests.support.waiting import until


@pytest.fixture
async def announced(database: Database) -> AsyncIterator[list[str]]:
    """The payloads that the API's role receives."""
    payloads: list[str] = []
    connection = await asyncpg.connect(database.api_dsn)
    await connection.add_listener(CHANNEL, lambda *message: payloads.append(str(message[3])))
    yield payloads
    await connection.close()


async def test_an_announcement_has_the_id_and_the_revision_only(
    api: Pool, worker: Pool, announced: list[str]
) -> None:
    view = session_view(ADA_AT_ACME)
    newer = view.model_copy(update={"revision": view.revision + 1})

    await LiveProjection(api).write([projection_of(view, ())])
    await DurableProjection(worker).write([projection_of(newer, ())])

    await until(lambda: len(announced) == 2)
    assert announced == [
        f"{view.session_id} {view.revision}",
        f"{view.session_id} {newer.revision}",
    ]


async def test_a_late_write_is_not_announced(api: Pool, announced: list[str]) -> None:
    view, other = session_view(), session_view()
    for written in (view, view.model_copy(update={"revision": 1}), view, other):
        await LiveProjection(api).write([projection_of(written, ())])

    await until(lambda: len(announced) == 2)
    assert announced[1].startswith(other.session_id)


async def test_an_erasure_is_announced(api: Pool, worker: Pool, announced: list[str]) -> None:
    view = session_view()
    await LiveProjection(api).write([projection_of(view, ())])

    await Erasures(worker).erase(erasure(view.session_id, ADA.tenant, ADA.user_id))

    await until(lambda: len(announced) == 2)
    assert announced[1] == f"{view.session_id} {view.revision}"


async def test_revisions_are_all_that_the_api_reads_of_others(api: Pool) -> None:
    views = [session_view(owner) for owner in (ADA, BOB, ADA_AT_ACME)]
    await LiveProjection(api).write([projection_of(view, ()) for view in views])
    unknown = session_view().session_id

    revisions = await LiveReads(api).revisions(
        [unknown, *(view.session_id for view in views[:2])], None
    )

    assert revisions == {view.session_id: view.revision for view in views[:2]}
    columns = await api.fetchval(
        "SELECT pg_get_function_result('wizard_revisions(uuid[])'::regprocedure)"
    )
    assert columns == "TABLE(session_id uuid, revision bigint)"
