"""The commands of a small stack, run as processes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dev.stack.file_lock import FileLock
from dev.stack.ports import is_free
from dev.stack.supervisor import START_SECONDS

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = START_SECONDS + 30
"""Longer than the stack's own deadline, whose error names the component that was not ready."""

PORTS_OF_A_STACK = 10
MAX_PROCESSES = 16


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.02)


def free_base() -> int:
    """The first of a range of free ports, below the ephemeral ports of the system. Each process of
    ``pytest -n`` has ranges of its own."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % MAX_PROCESSES
    first = 20_000 + process * PORTS_OF_A_STACK
    while True:
        base = random.randrange(first, 32_000, MAX_PROCESSES * PORTS_OF_A_STACK)
        if all(is_free(base + offset) for offset in range(PORTS_OF_A_STACK)):
            return base


def is_running(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or ") Z " not in state.read_text()


class Shell:
    """The commands of one stack, with its own state directory and ports."""

    def __init__(self, directory: Path, variant: str) -> None:
        self.directory = directory
        self.base = free_base()
        self._command = [sys.executable, "-m", "tests.e2e.small_stack"]
        self.settings = {
            "DEV_DIR": str(directory),
            "PORT_BASE": str(self.base),
            "SMALL_STACK": variant,
        }
        """Added to the environment of the commands."""

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._command, *arguments],
            cwd=ROOT,
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_SECONDS,
        )

    def up(self) -> None:
        """Starts the stack; an error has the output of the command."""
        done = self("up")
        assert done.returncode == 0, done.stdout + done.stderr

    def start_in_foreground(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*self._command, "run"],
            cwd=ROOT,
            env={**os.environ, **self.settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_until(self.description_file.exists, "stack.json")
        return process

    @property
    def description_file(self) -> Path:
        return self.directory / "stack.json"

    def description(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.description_file.read_text())
        return content

    def has_ended(self) -> bool:
        return FileLock(self.directory / "processes.lock").is_free()


def kill_component(shell: Shell, name: str) -> int:
    """Kills a component; returns the process id of its successor."""
    killed = shell.description()["pids"][name]
    os.kill(killed, signal.SIGKILL)
    wait_until(
        lambda: shell.description()["pids"].get(name, killed) != killed, f"the restart of {name}"
    )
    new: int = shell.description()["pids"][name]
    return new
