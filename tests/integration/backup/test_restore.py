"""A dump and restore as described in docs/operations.md gives the same database."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from db.errors import DatabaseUnavailable
from db.migrate import migrate
from db.pool import create_pool, wait_until_ready
from db.projection import DurableProjection, LiveProjection
from db.publications import Publications
from db.reads import SessionReads
from db.roles import API
from tests.integration.db.read_model_factories import (
    ADA_AT_ACME,
    EVE_AT_OTHER,
    MOMENT,
    action,
    event,
    projection_of,
    session_view,
)
from tests.support.containers import ROOT, services
from tests.support.postgres import Database, PostgresServer

MANUAL: Final = ROOT / "docs" / "operations.md"
BLOCK: Final = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

PASSWORDS: Final = dict.fromkeys(services()["postgres"].names, "x")


@pytest.fixture
def new_server() -> Iterator[PostgresServer]:
    """A new server with the roles and the empty databases of a new deployment."""
    server = PostgresServer()
    try:
        server.start()
        roles = ROOT / "ops" / "postgres" / "roles.sql"
        psql = [str(server.programs / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(roles)]
        subprocess.run([*psql, server.admin_dsn], env={**os.environ, **PASSWORDS}, check=True)
        yield server
    finally:
        server.drop()


def commands(heading: str) -> str:
    section = MANUAL.read_text().partition(f"\n### {heading}\n")[2]
    block = BLOCK.search(section.partition("\n##")[0])
    assert block is not None, f"{heading} has no commands"
    return block[1]


def run(script: str, directory: Path, server: PostgresServer, **variables: str) -> None:
    path = f"{server.programs}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=directory,
        env={"PATH": path, **variables},
        check=True,
        capture_output=True,
    )


async def content(dsn: str) -> dict[str, list[Any]]:
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' ORDER BY relname"
        )
        return {
            name: await connection.fetch(f"SELECT t::text FROM {name} AS t ORDER BY 1")
            for (name,) in tables
        }
    finally:
        await connection.close()


async def fill(database: Database) -> str:
    """Writes a session with its audit trail and published event; returns the session's id."""
    pool = await create_pool(database.worker_dsn, application_name="test")
    try:
        projected = projection_of(
            session_view(ADA_AT_ACME), tuple(action(revision) for revision in (1, 2, 3))
        )
        await DurableProjection(pool).write([projected])
        draft = event(ADA_AT_ACME)
        publications = Publications(pool)
        await publications.reserve(draft)
    finally:
        await pool.close()
    return projected.view.session_id


async def test_a_restore_brings_back_rows_and_privileges(
    database: Database, new_server: PostgresServer, tmp_path: Path
) -> None:
    session_id = await fill(database)
    restored = new_server.dsn("wizard", "postgres")

    run(commands("Backup"), tmp_path, new_server, FROM=database.admin_dsn)
    run(commands("Restore"), tmp_path, new_server, TO=restored)

    before, after = await content(database.admin_dsn), await content(restored)
    assert len(before["wizard_actions"]) == 3
    assert len(before["events"]) == 1
    assert after == before
    assert await migrate(restored) == []
    dsn = new_server.dsn("wizard", "wizard_api")
    api = await create_pool(dsn, application_name="test", max_size=1)
    try:
        await wait_until_ready(api, API, dsn)
        assert (await SessionReads(api).get(ADA_AT_ACME, session_id)) is not None
        assert (await SessionReads(api).get(EVE_AT_OTHER, session_id)) is None
        assert await api.fetchval("SELECT count(*) FROM wizard_sessions") == 0  # no tenant
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await api.execute("DELETE FROM wizard_sessions")
        newer = session_view(
            ADA_AT_ACME, session_id=session_id, revision=4, created_at=MOMENT, updated_at=MOMENT
        )
        await LiveProjection(api).write([projection_of(newer, ())])
        updated = await SessionReads(api).get(ADA_AT_ACME, session_id)
        assert updated is not None
        assert updated.revision == 4
    finally:
        await api.close()
    with pytest.raises(DatabaseUnavailable, match="permission denied for database"):
        await create_pool(new_server.dsn("wizard", "temporal"), application_name="test")
