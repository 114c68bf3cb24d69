"""The test server keeps its data over a restart, and never outlives pytest."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import asyncpg

from tests.support.postgres import Database

START_AND_HANG = """
import sys
from pathlib import Path
from tests.support import postgres
postgres._MEMORY = Path(sys.argv[1])  # a killed process leaves its files
server = postgres.PostgresServer()
server.start()
print(server.port, flush=True)
sys.stdin.read()
"""


async def test_the_server_keeps_port_and_data_over_a_restart(database: Database) -> None:
    connection = await asyncpg.connect(database.admin_dsn)
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    database.server.stop()
    assert not accepts(database.server.port)

    database.server.start()

    connection = await asyncpg.connect(database.admin_dsn)
    assert await connection.fetchval("SELECT value FROM kept") == 7
    await connection.close()


def test_the_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", START_AND_HANG, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    port = int(starter.stdout.readline())
    assert accepts(port)

    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()

    deadline = time.monotonic() + 20
    while accepts(port):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
