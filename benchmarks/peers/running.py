"""Peers as processes, and their saves as subjects."""

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

from benchmarks.connection import Connection
from benchmarks.measuring import Operation, Subject
from benchmarks.stack import FIRST_PORTS, BenchStack, running_process
from benchmarks.subjects import BARE_SAVE
from dev.stack.component import http_status
from dev.stack.state import ROOT

FIRST_PORT: Final = FIRST_PORTS + 80

OWN_PYTHON: Final = Path(sys.executable)

BENCH_PYTHON: Final = ROOT / ".venv-bench" / "bin" / "python"
"""`make bench` installs requirements/bench.txt into that environment."""


@dataclass(frozen=True)
class Peer:
    name: str

    database: str | None
    """Name of the peer's database; None if it needs none."""

    python: Path

    arguments: Sequence[str]
    """The module and, after the database and the port, its other arguments."""

    @property
    def is_installed(self) -> bool:
        return self.python.exists()


BARE_SAVES: Final = Peer(BARE_SAVE, None, OWN_PYTHON, ("benchmarks.peers.bare_save",))
SQL_FUNCTION: Final = Peer(
    "SQL function", "peer_sql", OWN_PYTHON, ("benchmarks.peers.sql_function",)
)
DBOS_WORKFLOW: Final = Peer(
    "DBOS, session as workflow",
    "peer_dbos_workflow",
    BENCH_PYTHON,
    ("benchmarks.peers.dbos_sessions", "workflow"),
)
DBOS_STEP: Final = Peer(
    "DBOS, step per save",
    "peer_dbos_step",
    BENCH_PYTHON,
    ("benchmarks.peers.dbos_sessions", "step"),
)


@dataclass(frozen=True)
class RunningPeer:
    peer: Peer
    pid: int
    address: str

    async def saves(self, clients: int) -> Subject:
        return Subject(self.peer.name, [await self._saving() for _ in range(clients)])

    async def _saving(self) -> Operation:
        """An operation that saves to a new session, over a separate connection."""
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
def running_peers(bench: BenchStack) -> Iterator[list[RunningPeer]]:
    """Runs the installed peers. The first one is BARE_SAVES, which needs the worker of the
    baseline."""
    peers = (BARE_SAVES, SQL_FUNCTION, DBOS_WORKFLOW, DBOS_STEP)
    installed = [peer for peer in peers if peer.is_installed]
    with ExitStack() as exit_stack:
        yield [
            exit_stack.enter_context(_running(bench, peer, FIRST_PORT + number))
            for number, peer in enumerate(installed)
        ]


@contextmanager
def _running(bench: BenchStack, peer: Peer, port: int) -> Iterator[RunningPeer]:
    """A peer that is ready, until the end of the block.

    Raises:
        RuntimeError: it does not respond in time.
    """
    module, *options = peer.arguments
    database = (
        [] if peer.database is None else [asyncio.run(_create_database(bench, peer.database))]
    )
    command = [str(peer.python), "-m", module, *database, str(port), *options]
    address = f"http://127.0.0.1:{port}"
    with running_process(
        command, bench.environment(), lambda: http_status(address) is not None
    ) as process:
        yield RunningPeer(peer, process.pid, address)


async def _create_database(bench: BenchStack, name: str) -> str:
    """The URL of the new database, which replaces an older one of that name."""
    admin_url = bench.stack.database_admin_url
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.execute(f"CREATE DATABASE {name}")
    finally:
        await admin.close()
    return urlsplit(admin_url)._replace(path=f"/{name}").geturl()
