"""Peers as processes, and saves of their sessions."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from benchmarks.http import Connection
from benchmarks.measuring import Operation, Subject
from benchmarks.stack import FIRST_PORTS, OwnStack
from benchmarks.starting import started
from benchmarks.subjects import BARE_SAVE
from dev.stack.state import ROOT
from dev.stack.supervisor import http_status

FIRST_PORT: Final = FIRST_PORTS + 80

VENV: Final = ROOT / ".venv-bench"
"""`make bench` installs requirements/bench.txt there."""

OTHERS_PYTHON: Final = VENV / "bin" / "python"


@dataclass(frozen=True)
class Peer:
    """How one is named and started; ``database`` is its own, None for one that needs none."""

    name: str
    database: str | None
    python: Path
    arguments: Sequence[str]

    @property
    def is_installed(self) -> bool:
        return self.python.exists()


BARE_SAVES: Final = Peer(BARE_SAVE, None, Path(sys.executable), ("benchmarks.peers.bare_save",))
SQL_FUNCTION: Final = Peer(
    "SQL function", "peer_sql", Path(sys.executable), ("benchmarks.peers.sql_function",)
)
DBOS_WORKFLOW: Final = Peer(
    "DBOS, session as workflow",
    "peer_dbos_workflow",
    OTHERS_PYTHON,
    ("benchmarks.peers.dbos_sessions", "workflow"),
)
DBOS_STEP: Final = Peer(
    "DBOS, step per save",
    "peer_dbos_step",
    OTHERS_PYTHON,
    ("benchmarks.peers.dbos_sessions", "step"),
)


@dataclass(frozen=True)
class Running:
    peer: Peer
    pid: int
    address: str

    async def saves(self, clients: int) -> Subject:
        operations = [await self._client() for _ in range(clients)]
        return Subject(self.peer.name, operations)

    async def _client(self) -> Operation:
        """Saves to one session, over a connection of its own."""
        http = await Connection.open(self.address)
        path = f"/sessions/{uuid4()}"
        headers = {"Content-Type": "application/json"}
        await http.request("POST", path, headers=headers, expect=HTTPStatus.CREATED)
        count = 0

        async def save() -> None:
            nonlocal count
            count += 1
            body = b'{"title": "Spring Show %d"}' % count
            await http.request("PATCH", f"{path}/stages/eventSetup", headers=headers, body=body)

        return save


@contextmanager
def running_peers(own: OwnStack) -> Iterator[list[Running]]:
    """Those that are installed. The one of bare saves needs the floor's worker."""
    all_of_them = (BARE_SAVES, SQL_FUNCTION, DBOS_WORKFLOW, DBOS_STEP)
    installed = [each for each in all_of_them if each.is_installed]
    with ExitStack() as started:
        yield [
            started.enter_context(_running(own, each, FIRST_PORT + number))
            for number, each in enumerate(installed)
        ]


@contextmanager
def _running(own: OwnStack, peer: Peer, port: int) -> Iterator[Running]:
    """
    Raises:
        RuntimeError: it does not answer in time.
    """
    module, *way = peer.arguments
    database = [] if peer.database is None else [asyncio.run(_empty(own, peer.database))]
    command = [str(peer.python), "-m", module, *database, str(port), *way]
    address = f"http://127.0.0.1:{port}"
    with started(command, own.environment(), lambda: http_status(address) is not None) as process:
        yield Running(peer, process.pid, address)


async def _empty(own: OwnStack, name: str) -> str:
    """Makes a database. Its address."""
    admin_url = own.stack.database_admin_url
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.execute(f"CREATE DATABASE {name}")
    finally:
        await admin.close()
    return urlsplit(admin_url)._replace(path=f"/{name}").geturl()
