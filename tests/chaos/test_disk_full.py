"""A Postgres whose disk is full: what needs only Temporal continues, and nothing is lost."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.assistant import Chat, said
from tests.support.postgres import Database, PostgresServer, add_template, migrated_database
from tests.support.problem_documents import assert_problem
from tests.support.session_rows import complete_session_rows
from tests.support.small_disk import MEBIBYTE, CannotMount, SmallDisk, small_disk
from tests.support.stage_data import free_event
from tests.support.waiting import eventually, until
from tests.support.wal import fill_disk_of_log
from tests.support.wizard import Wizard, fill_in, publish, start_filled

DISK_BYTES: Final = 256 * MEBIBYTE
"""Three times what an empty server with two databases takes."""

CHANGES: Final = 30


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with tempfile.TemporaryDirectory(prefix="wizard-tests-disk-") as directory:
        Path(directory).chmod(0o755)  # as root, the server runs as another user
        try:
            with small_disk(Path(directory), DISK_BYTES) as disk:
                yield disk
        except CannotMount as reason:
            pytest.skip(f"no file system of its own: {reason}")


@pytest.fixture
async def database(disk: SmallDisk) -> AsyncIterator[Database]:
    """On a server whose disk can be filled."""
    server = PostgresServer(disk.path)
    try:
        server.start()
        await add_template(server)
        async with migrated_database(server) as database:
            yield database
            disk.free()
    finally:
        server.drop()


@pytest.fixture
async def wizard(system: object, ada: httpx.AsyncClient) -> Wizard:
    """A session that can be published."""
    return await start_filled(ada)


async def test_saves_continue_while_the_data_cannot_grow(
    temporal: WorkflowEnvironment, database: Database, disk: SmallDisk, wizard: Wizard
) -> None:
    disk.fill()
    refused = await eventually(lambda: refusal_of_a_write(wizard), what="a refused write")
    await save_often(wizard)
    reading = await wizard.http.get("/v1/sessions")
    disk.free()

    assert_problem(refused, 503, "unavailable")
    assert refused.headers["Retry-After"]
    assert reading.status_code == 200
    await assert_all_is_kept(temporal, database, wizard)


async def test_saves_continue_after_postgres_has_ended(
    temporal: WorkflowEnvironment, database: Database, disk: SmallDisk, wizard: Wizard
) -> None:
    """Without space for its log, Postgres ends, or waits for space in its recovery. It is started
    again when there is space."""
    await fill_disk_of_log(database.admin_dsn, disk)
    await until(lambda: not database.server.accepts_connections())
    await save_often(wizard)
    disk.free()
    database.server.stop()
    database.server.start()

    await assert_all_is_kept(temporal, database, wizard)


async def refusal_of_a_write(wizard: Wizard) -> httpx.Response | None:
    """Of the message to the assistant, which is stored before the run begins; each is a thread of
    its own."""
    response = await Chat(wizard.http, wizard.session_id, messages=[said("x" * 8_000)]).post()
    return None if response.is_success else response


async def save_often(wizard: Wizard) -> None:
    for number in range(CHANGES):
        saved = await wizard.save("organizerSetup", {"bio": f"Version {number}"})
        assert saved.status_code == 200, saved.text


async def assert_all_is_kept(
    temporal: WorkflowEnvironment, database: Database, wizard: Wizard
) -> None:
    await fill_in(wizard, {"reviewPublish": free_event()["reviewPublish"]})
    await publish(wizard)
    rows = await complete_session_rows(database, temporal.client, wizard.session_id)
    assert rows.names.count("publish_event") == 1
    assert rows.stages["organizerSetup"]["bio"] == f"Version {CHANGES - 1}"
