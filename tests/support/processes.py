"""The worker and the API as separate processes, which a test may kill."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
from temporalio.client import Client

from tests.support.api import AUDIENCE, ID_SECRET, ISSUER, SECRET, client_for
from tests.support.forks import Fork
from tests.support.ports import free_port
from tests.support.postgres import Database
from tests.support.temporal import end_open_workflows
from tests.support.waiting import eventually

_ROOT: Final = Path(__file__).parents[2]
_START_TIMEOUT: Final = 60.0
_STOP_TIMEOUT: Final = 20.0


class Process:
    """``log`` is the file of its output."""

    def __init__(self, running: "subprocess.Popen[bytes] | Fork", log: Path) -> None:
        self._running = running
        self._log = log

    @classmethod
    def of_command(
        cls,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        program: str = sys.executable,
        directory: Path = _ROOT,
        inherited: Mapping[str, str] = os.environ,
    ) -> "Process":
        with log.open("wb") as output:
            running = subprocess.Popen(
                [program, *command],
                cwd=directory,
                env={**inherited, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        return cls(running, log)

    @property
    def exit_code(self) -> int | None:
        return self._running.poll()

    def kill(self) -> None:
        """Ends it like a crash: with SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it like a deployment: with SIGTERM."""
        self._end(signal.SIGTERM)

    def send_sigterm(self) -> None:
        """Sends SIGTERM, and does not wait for the end."""
        self._running.send_signal(signal.SIGTERM)

    async def has_ended(self) -> bool:
        return self.exit_code is not None

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    async def killed_itself(self) -> bool:
        return self.exit_code == -signal.SIGKILL

    def require_running(self) -> None:
        if self.exit_code is not None:
            raise AssertionError(f"the process ended with {self.exit_code}:\n{self.log()}")

    def _end(self, with_signal: signal.Signals) -> None:
        if self._running.poll() is None:
            self._running.send_signal(with_signal)
        try:
            self._running.wait(_STOP_TIMEOUT)
        finally:
            with suppress(ProcessLookupError):
                self._running.kill()


SHARED_SECRET: Final = {"JWT_ISSUER": ISSUER, "JWT_AUDIENCE": AUDIENCE, "JWT_SECRET": SECRET}
"""Tokens as ``tests.support.api.token`` makes them."""


class Processes:
    """Starts processes that use a test's own servers, and ends those that still run."""

    def __init__(
        self,
        database: Database,
        temporal: Client,
        directory: Path,
        tokens: Mapping[str, str] = SHARED_SECRET,
    ) -> None:
        """``tokens``: the settings by which the API verifies them."""
        self._directory = directory
        self._started: list[Process] = []
        self._environment = {
            "DATABASE_URL": database.worker_dsn,
            "DATABASE_API_URL": database.api_dsn,
            "TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
            **tokens,
            "ID_SECRET": ID_SECRET,
            "RATE_LIMIT": "",
            "COPILOT_RATE_LIMIT": "",
            "COPILOT_WARM_UP": "false",
            "RATE_LIMIT_PER_ADDRESS": "",
        }

    async def worker(self, *, entry: str = "worker", **environment: str) -> Process:
        """Returns when the worker polls for tasks."""
        ready = self._directory / f"ready-{len(self._started)}"
        process = self._start(entry, {**environment, "WORKER_READY_FILE": str(ready)})

        async def is_ready() -> bool:
            process.require_running()
            return ready.exists()

        await eventually(is_ready, within=_START_TIMEOUT, what="a ready worker")
        return process

    async def crashing_worker(self, *faults: Mapping[str, object]) -> Process:
        """A worker with faults, as described in ``tests/support/crashing_worker.py``."""
        return await self.worker(entry="tests.support.crashing_worker", FAULTS=json.dumps(faults))

    async def api(self, **environment: str) -> tuple[Process, str]:
        """The process and its address, once it is ready."""
        port = environment.get("API_PORT") or str(free_port())
        address = f"http://127.0.0.1:{port}"
        process = self._start("api", {**environment, "API_PORT": port})

        async def answers() -> bool:
            process.require_running()
            try:
                return (await http.get("/readyz")).is_success
            except httpx.TransportError:
                return False

        async with client_for(address, None) as http:
            await eventually(answers, within=_START_TIMEOUT, what="a ready API process")
        return process, address

    def start(self, entry: str, *, without: Collection[str] = (), **environment: str) -> Process:
        """Returns at once, even if the process fails; the API gets a port of its own. ``without``
        has variables that it does not get."""
        return self._start(entry, {"API_PORT": str(free_port()), **environment}, without)

    async def end_all(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(process.kill) for process in self._started))

    def _start(
        self, module: str, environment: Mapping[str, str], without: Collection[str] = ()
    ) -> Process:
        log = self._directory / f"process-{len(self._started)}.log"
        variables = {**os.environ, **self._environment, **environment}
        kept = {name: value for name, value in variables.items() if name not in without}
        fork = Fork(module, kept, log)
        process = Process(fork, log)
        self._started.append(process)
        return process


@asynccontextmanager
async def running_processes(
    database: Database,
    temporal: Client,
    directory: Path,
    tokens: Mapping[str, str] = SHARED_SECRET,
) -> AsyncIterator[Processes]:
    """No process at first; at the end, all processes and open workflows are ended."""
    processes = Processes(database, temporal, directory, tokens)
    yield processes
    await processes.end_all()
    await end_open_workflows(temporal)
