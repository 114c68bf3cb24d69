"""The tables of docs/operations.md, "Configurations that are refused", with real processes."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from db.issuers import require_issuers
from db.pool import create_pool
from tests.support.api import ISSUER, client_for, token
from tests.support.payload_keys import key
from tests.support.ports import free_port
from tests.support.postgres import Database, PostgresServer, migrated_database
from tests.support.processes import Process, Processes, running_processes
from tests.support.waiting import eventually

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "operations.md"
HEADING: Final = "### Configurations that are refused"

MODULES: Final = {
    "API": "api",
    "worker": "worker",
    "migrate": "migrate",
    "codec server": "codec_server",
}
INVALID, REFUSED = 2, 1
"""Exit codes."""

MUCH_TOO_LONG: Final = 120.0

PERMISSION: Final = "wizard:operate"


class Row(NamedTuple):
    process: str
    configuration: str
    answer: str

    @property
    def quoted(self) -> list[str]:
        return re.findall(r"`([^`]*)`", self.configuration)

    @property
    def line(self) -> str:
        (line,) = re.findall(r"`([^`]*)`", self.answer)
        return str(line)


def tables() -> Iterator[list[Row]]:
    section = DOCUMENT.read_text().partition(HEADING)[2].partition("\n### ")[0]
    for table in re.findall(r"\| --- \| --- \| --- \|\n((?:\|.*\n)+)", section):
        yield [Row(*map(str.strip, line.strip("|").split(" | "))) for line in table.splitlines()]


INVALID_ROWS, ROLE_ROWS, RUNNING_ROWS = tables()


def environment_of(row: Row, database: Database) -> dict[str, str]:
    """A complete configuration, but for what the row changes."""
    environment = {
        "DATABASE_MIGRATION_URL": database.admin_dsn,
        "PAYLOAD_KEYS": key("k1"),
        "OPERATOR_PERMISSION": PERMISSION,
        "CODEC_PORT": str(free_port()),
    }
    if " with the role " in row.configuration:
        name, role = row.quoted
        return {**environment, name: database.server.dsn(database.name, role)}
    return {**environment, **dict(pair.split("=", 1) for pair in row.quoted if "=" in pair)}


def named(rows: list[Row]) -> list[str]:
    return [f"{row.process}: {row.configuration}".replace("`", "") for row in rows]


@pytest.fixture(scope="module")
async def processes(
    temporal: WorkflowEnvironment, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Processes]:
    directory = tmp_path_factory.mktemp("processes")
    async with running_processes(database, temporal.client, directory) as processes:
        yield processes


@pytest.fixture(scope="module")
async def database(postgres: PostgresServer) -> AsyncIterator[Database]:
    async with migrated_database(postgres) as database:
        yield database


@pytest.fixture(scope="module")
async def ended(processes: Processes, database: Database) -> dict[Row, Process]:
    """All of them at once: none waits for anything."""
    await remember_issuer(database)
    started = {row: started_as(row, processes, database) for row in INVALID_ROWS + ROLE_ROWS}
    for row, process in started.items():
        await eventually(process.has_ended, within=MUCH_TOO_LONG, what=f"the end of {row}")
    return started


async def remember_issuer(database: Database) -> None:
    """As the first API process of a deployment does."""
    pool = await create_pool(database.api_dsn, application_name="tests")
    await require_issuers(pool, (ISSUER,))
    await pool.close()


def started_as(row: Row, processes: Processes, database: Database) -> Process:
    without = row.quoted if row.configuration.startswith("without ") else []
    environment = environment_of(row, database)
    return processes.start(MODULES[row.process], without=without, **environment)


@pytest.mark.parametrize("row", INVALID_ROWS, ids=named(INVALID_ROWS))
async def test_an_invalid_configuration_ends_the_process_with_its_line(
    ended: dict[Row, Process], row: Row
) -> None:
    (line,) = ended[row].log().splitlines()

    assert line.startswith(row.line)
    assert ended[row].exit_code == INVALID


@pytest.mark.parametrize("row", ROLE_ROWS, ids=named(ROLE_ROWS))
async def test_a_refused_connection_ends_the_process_with_its_line(
    ended: dict[Row, Process], row: Row
) -> None:
    log = ended[row].log()
    (line,) = [line for line in log.splitlines() if row.line in line]

    assert "manual intervention required" in line
    assert "Traceback" not in log
    assert ended[row].exit_code == REFUSED


@asynccontextmanager
async def codec_server(processes: Processes, database: Database) -> AsyncIterator[str]:
    row = Row("codec server", "", "")
    environment = environment_of(row, database)
    process = processes.start(MODULES[row.process], **environment)
    address = f"http://127.0.0.1:{environment['CODEC_PORT']}"

    async def answers() -> bool:
        process.require_running()
        try:
            return (await http.get("/healthz")).is_success
        except httpx.TransportError:
            return False

    async with client_for(address, None) as http:
        await eventually(answers, within=MUCH_TOO_LONG, what="a codec server")
    yield address


OLD_PAYLOAD: Final = {
    "metadata": {"encoding": "YmluYXJ5L2VuY3J5cHRlZA==", "encryption-key-id": "b2xk"},
    "data": "AAAA",
}
"""``binary/encrypted``, with the key ``old``."""

REQUESTS: Final[dict[str, dict[str, Any]]] = {
    "the token of an issuer that is not in `JWT_ISSUER`": {"iss": "https://other.example"},
    "the token of another audience": {"aud": "another"},
    "a payload of a key that is not in `PAYLOAD_KEYS`": {},
}
"""The claims of the token by the configuration of the row."""


async def test_a_mistake_that_shows_in_use_is_answered(
    processes: Processes, database: Database
) -> None:
    answers = {}
    async with codec_server(processes, database) as address:
        for configuration, claims in REQUESTS.items():
            bearer = token("olga", permissions=[PERMISSION], **claims)
            async with client_for(address, bearer) as http:
                answer = await http.post("/decode", json={"payloads": [OLD_PAYLOAD]})
            answers[configuration] = f"{answer.status_code}, `{answer.json()['detail']}`"

    assert answers == {row.configuration: row.answer for row in RUNNING_ROWS}
