"""Stacks of the benchmark's own, with every part of production, gone when it is over."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from temporalio.client import Client

from benchmarks.processes import Pids
from benchmarks.starting import started
from dev.identity.issuer import Issuer
from dev.stack.state import ROOT, Stack, StateDir
from temporal.client import COMPRESSION
from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing

FIRST_PORTS: Final = 18500
PORTS_OF_A_STACK: Final = 10

_UNLIMITED: Final = "60000000/minute"

_SETTINGS: Final = {
    "LOG_LEVEL": "WARNING",
    # They are counted all the same.
    "RATE_LIMIT": _UNLIMITED,
    "RATE_LIMIT_PER_ADDRESS": _UNLIMITED,
    "MAX_OPEN_SESSIONS": "1000000",
}


@dataclass(frozen=True)
class OwnStack:
    """A stack that is up."""

    stack: Stack
    state: StateDir

    def token(self, user: str) -> str:
        return Issuer.last_opened(self.state.identity).token(user=user)

    @property
    def pids(self) -> Pids:
        """Of the processes that have a part in a request, and of this one, which sends it."""
        parts = ("api", "worker", "temporal", "postgres")
        return {"client": [os.getpid()], **{name: [self.stack.pids[name]] for name in parts}}

    @property
    def temporal_db(self) -> Path:
        return self.state.temporal / "temporal.db"

    async def temporal(self) -> Client:
        return await Client.connect(
            self.stack.temporal_address,
            data_converter=data_converter(KeyRing()),
            grpc_compression=COMPRESSION,
        )

    def environment(self) -> dict[str, str]:
        """That of the stack's worker."""
        return psutil.Process(self.stack.pids["worker"]).environ()


@contextmanager
def own_stack(number: int = 0, **settings: str) -> Iterator[OwnStack]:
    """``number`` tells stacks apart that are up at the same time.

    Raises:
        RuntimeError: it did not start; what it said stands on standard error.
    """
    directory = tempfile.mkdtemp(prefix="event-wizard-bench-")
    ports = {"PORT_BASE": str(FIRST_PORTS + number * PORTS_OF_A_STACK)}
    environment = {**ports, **os.environ, **_SETTINGS, **settings, "DEV_DIR": directory}
    try:
        _dev("up", environment)
        state = StateDir.of(environment)
        stack = state.read_stack()
        if stack is None:
            raise RuntimeError("The stack did not start.")
        yield OwnStack(stack, state)
    finally:
        _dev("down", environment)
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def another_worker(own: OwnStack, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Beside the stack's own one."""
    ready = own.state.root / f"worker-{time.monotonic_ns()}.ready"
    command = [sys.executable, "worker.py"]
    environment = {**own.environment(), "WORKER_READY_FILE": str(ready), **settings}
    with started(command, environment, ready.exists) as process:
        yield process


@contextmanager
def floor_worker(own: OwnStack) -> Iterator[subprocess.Popen[bytes]]:
    ready = own.state.root / "floor.ready"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.floor_worker", str(ready)]
    with started(command, own.environment(), ready.exists) as process:
        yield process


def _dev(command: str, environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "dev", command],
        env=environment,
        cwd=ROOT,
        stdout=sys.stderr,
        check=False,
    )
