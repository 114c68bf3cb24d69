"""PgBouncer in front of a test's database, with the configuration of ``ops/postgres``."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.support.ports import free_port
from tests.support.postgres import ROLES, Database
from tests.support.server_program import ServerProgram

CONFIGURATION: Final = Path(__file__).parents[2] / "ops" / "postgres" / "pgbouncer.ini"

SERVER_CONNECTIONS: Final = 3
"""For each role: fewer than the clients of any test."""

EXHAUSTED: Final = {"default_pool_size": "1", "query_wait_timeout": "1"}
"""One transaction is enough to make all others of its role wait in vain."""

_PASSWORD: Final = "a-password-of-the-pooler"
_KEEPS_STATEMENTS: Final = (1, 21)
_NO_PRIVILEGES: Final = "nobody"


class PgBouncer:
    """Keeps its port when it is stopped and started."""

    def __init__(self, program: str, database: Database, directory: Path) -> None:
        self._database = database
        self._directory = directory
        self._port = free_port()
        self._program = ServerProgram(
            [program, str(directory / "pgbouncer.ini")],
            stop_signal="SIGKILL",
            user=_NO_PRIVILEGES if os.geteuid() == 0 else "",  # it refuses to run as root
            log=directory / "log",
            is_ready=self._accepts_connections,
        )

    def configure(self, logins: tuple[str, ...], settings: Mapping[str, str]) -> None:
        """Writes the files of its configuration, with the arguments of :func:`pgbouncer`."""
        users = self._directory / "userlist.txt"
        users.write_text("".join(f'"{name}" "{_PASSWORD}"\n' for name in (*ROLES, *logins)))
        configuration = ConfigParser(interpolation=None)
        configuration.read_string(CONFIGURATION.read_text())
        server = f"host=127.0.0.1 port={self._database.server.port}"
        configuration["databases"] = {"wizard": f"{server} dbname={self._database.name}"}
        if logins:
            configuration["databases"]["wizard"] += f" user={ROLES[0]}"
        configuration["pgbouncer"].update(
            {
                "listen_addr": "127.0.0.1",
                "listen_port": str(self._port),
                "auth_file": str(users),
                "default_pool_size": str(SERVER_CONNECTIONS),
                **settings,
            }
        )
        with (self._directory / "pgbouncer.ini").open("w") as file:
            configuration.write(file)

    def dsn(self, login: str) -> str:
        return f"postgresql://{login}:{_PASSWORD}@127.0.0.1:{self._port}/wizard"

    @property
    def api_dsn(self) -> str:
        return self.dsn("wizard_api")

    @property
    def worker_dsn(self) -> str:
        return self.dsn("wizard_worker")

    def start(self) -> None:
        """Returns when it accepts connections."""
        self._program.start()

    def kill(self) -> None:
        """Disconnects every client, and returns when it is gone."""
        self._program.stop()

    def _accepts_connections(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True


def require_prepared_statements() -> None:
    """Skips the test if PgBouncer is too old to keep them in transaction mode."""
    said = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=True)
    major, minor = map(int, said.stdout.split()[1].split(".")[:2])
    if (major, minor) < _KEEPS_STATEMENTS:
        pytest.skip(f"PgBouncer {major}.{minor} has no max_prepared_statements")


def _program() -> str:
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    return program


@contextmanager
def pgbouncer(
    database: Database, settings: Mapping[str, str] | None = None, *, logins: tuple[str, ...] = ()
) -> Iterator[PgBouncer]:
    """Runs PgBouncer in front of the database. Skips the test if the program is not installed.

    Args:
        settings: replace those of the committed configuration.
        logins: names besides those of our roles. All of them become the API's role.
    """
    program = _program()
    with tempfile.TemporaryDirectory(prefix="wizard-tests-pgbouncer-") as directory:
        path = Path(directory)
        path.chmod(0o755)  # as root, PgBouncer runs as another user
        pooler = PgBouncer(program, database, path)
        pooler.configure(logins, settings or {})
        pooler.start()
        try:
            yield pooler
        finally:
            pooler.kill()
