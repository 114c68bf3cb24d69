"""Temporary stacks for benchmarks, and additional processes."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from temporalio.client import Client

from benchmarks.measuring import Pids
from dev.identity.issuer import Issuer
from dev.stack.state import ROOT, Stack, StateDir
from temporal.client import COMPRESSION
from temporal.encryption.converter import data_converter
from temporal.encryption.keys import KeyRing

FIRST_PORTS: Final = 18500
PORTS_OF_A_STACK: Final = 10

READY_TIMEOUT: Final = 60.0
"""Seconds."""

_READY_INTERVAL: Final = 0.05
"""Seconds between two checks."""

_UNLIMITED: Final = "60000000/minute"

_SETTINGS: Final = {
    "LOG_LEVEL": "WARNING",
    # Limits that are never reached, so that counting requests and sessions has its usual cost.
    "RATE_LIMIT": _UNLIMITED,
    "RATE_LIMIT_PER_ADDRESS": _UNLIMITED,
    "RATE_LIMIT_ORDERS": _UNLIMITED,
    "RATE_LIMIT_WEBHOOKS": _UNLIMITED,
    "COPILOT_RATE_LIMIT": _UNLIMITED,
    "HOLDS_PER_ADDRESS": "1000000",
    "MAX_OPEN_SESSIONS": "1000000",
}


@dataclass(frozen=True)
class BenchStack:
    """A running stack."""

    stack: Stack
    state: StateDir

    def token(self, user: str, org: str | None = None) -> str:
        return Issuer.last_opened(self.state.identity).token(user=user, org=org)

    @property
    def pids(self) -> Pids:
        """The processes that serve a request, and this process as ``client``."""
        names = ("api", "worker", "temporal", "postgres")
        return {"client": [os.getpid()], **{name: [self.stack.pids[name]] for name in names}}

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
        """The environment of the stack's worker."""
        return psutil.Process(self.stack.pids["worker"]).environ()


@contextmanager
def state_directory() -> Iterator[str]:
    """A new, empty directory for the state of a temporary stack, deleted at the end."""
    directory = tempfile.mkdtemp(prefix="event-wizard-bench-")
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def bench_stack(
    number: int = 0, *, program: str = "dev", directory: str = "", **settings: str
) -> Iterator[BenchStack]:
    """A temporary stack; stacks that run at the same time need different numbers.

    Args:
        program: the module that runs the stack, with the commands of ``dev``.
        directory: for its state, which the caller deletes; a temporary one unless set.

    Raises:
        RuntimeError: the stack did not start; its output is on standard error.
    """
    ports = {"PORT_BASE": str(FIRST_PORTS + number * PORTS_OF_A_STACK)}
    with nullcontext(directory) if directory else state_directory() as state_root:
        environment = {**ports, **os.environ, **_SETTINGS, **settings, "DEV_DIR": state_root}
        try:
            _command(program, "up", environment)
            state = StateDir.of(environment)
            stack = state.read_stack()
            if stack is None:
                raise RuntimeError("The stack did not start.")
            yield BenchStack(stack, state)
        finally:
            _command(program, "down", environment)


@contextmanager
def another_worker(bench: BenchStack, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A second worker for the stack."""
    ready = bench.state.root / f"worker-{time.monotonic_ns()}.ready"
    command = [sys.executable, "worker.py"]
    environment = {**bench.environment(), "WORKER_READY_FILE": str(ready), **settings}
    with running_process(command, environment, ready.exists) as process:
        yield process


@contextmanager
def baseline_worker(bench: BenchStack) -> Iterator[subprocess.Popen[bytes]]:
    ready = bench.state.root / "baseline-worker.ready"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.baseline.worker", str(ready)]
    with running_process(command, bench.environment(), ready.exists) as process:
        yield process


@contextmanager
def running_process(
    command: Sequence[str], environment: Mapping[str, str], is_ready: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ready, until the end of the block.

    Raises:
        RuntimeError: it has ended, or is not ready after ``READY_TIMEOUT``.
    """
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=sys.stderr)
    try:
        deadline = time.monotonic() + READY_TIMEOUT
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"not ready: {' '.join(command)}")
            time.sleep(_READY_INTERVAL)
        yield process
    finally:
        process.terminate()
        process.wait()


def _command(program: str, command: str, environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", program, command],
        env=environment,
        cwd=ROOT,
        stdout=sys.stderr,
        check=False,
    )
