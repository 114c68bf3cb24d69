"""A component of the stack: how its process is started, probed and stopped."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dev.stack.state import ROOT, ComponentFailed

PROBE_TIMEOUT_SECONDS: Final = 2.0
STOP_SECONDS: Final = 15.0

TAIL_LINES: Final = 20
TAIL_BYTES: Final = 16_384


def nothing() -> None:
    """The default of callbacks."""


@dataclass(frozen=True, kw_only=True)
class Component:
    """How a process is started, checked and stopped."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    needs: tuple[str, ...] = ()
    ready: Callable[[], bool] | None = None
    """Whether it responds. With None it runs once, and is ready when it ends with exit code 0."""

    before_start: Callable[[], None] = nothing
    """Called before each start."""

    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def stays(self) -> bool:
        """Whether it keeps running, instead of running once."""
        return self.ready is not None


class Process:
    """The running process of a component."""

    def __init__(self, component: Component, popen: subprocess.Popen[bytes]) -> None:
        self._component = component
        self._popen = popen
        self._started = time.monotonic()

    @classmethod
    def start(cls, component: Component, log: Path, *, group: int, lock: int) -> "Process":
        """Starts the component in the process group. It inherits the lock's descriptor, and appends
        its output to the log.

        Raises:
            ComponentFailed: the program cannot be started.
        """
        component.before_start()
        with log.open("ab") as output:
            try:
                popen = subprocess.Popen(
                    component.command,
                    cwd=ROOT,
                    env=component.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    process_group=group,
                    pass_fds=[lock],
                )
            except OSError as error:
                raise ComponentFailed(f"{component.name} cannot start: {error}") from None
        return cls(component, popen)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def age(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def is_ready(self) -> bool:
        if self._component.ready is None:
            return self._popen.poll() == 0
        return self._component.ready()

    def reason_of_end(self) -> str | None:
        """How the process ended, if it should not have; None otherwise."""
        code = self._popen.poll()
        if code is None or (code == 0 and not self._component.stays):
            return None
        if code < 0:
            return f"was terminated by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"

    def stop(self) -> None:
        if self._popen.poll() is not None:
            return
        self._popen.send_signal(self._component.stop_signal)
        try:
            self._popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()


def log_tail(log: Path) -> str:
    """The last lines of a log, indented."""
    with log.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:]) or "  (empty)"


def http_status(url: str) -> int | None:
    """The status of a GET, or None if there is no response. Ignores proxy settings."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PROBE_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command ends in time, with exit code 0."""
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=PROBE_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
