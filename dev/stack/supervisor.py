"""Starts components as their needs are met, watches them, and stops them in reverse order."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dev.stack.state import POLL_SECONDS, ROOT, ComponentFailed, StackError, StateDir

PROBE_TIMEOUT_SECONDS = 2.0
START_SECONDS = 90.0
STOP_SECONDS = 15.0
LEFTOVER_SECONDS = 20.0
WATCH_SECONDS = 0.2

TAIL_LINES = 20
TAIL_BYTES = 16_384

OnReady = Callable[[str, float], None]
"""Called with the name of a component and the seconds that it took to become ready."""


@dataclass(frozen=True, kw_only=True)
class Component:
    """How a process is started, checked and stopped."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    needs: tuple[str, ...] = ()
    ready: Callable[[], bool] | None = None
    """Whether it responds. None: it runs once, and is ready when it has ended with exit code 0."""

    stop_signal: signal.Signals = signal.SIGTERM


class Supervisor:
    """The processes of one stack, all of them children of this process."""

    def __init__(self, components: Sequence[Component], state: StateDir, on_ready: OnReady) -> None:
        self._waiting = list(components)
        self._processes: list[_Process] = []
        self._state = state
        self._on_ready = on_ready
        self._lock = state.processes_lock()
        self._watchdog: subprocess.Popen[bytes] | None = None

    def start(self) -> dict[str, int]:
        """Bring everything up, in parallel where needs allow; the process ids by name.

        Raises:
            ComponentFailed: one of them ended, or was not ready in time.
            StackError: processes of an earlier stack do not end.
        """
        if not self._lock.acquire(timeout=LEFTOVER_SECONDS):
            raise StackError("processes of an earlier stack are still running: stop them first")
        group = self._start_watchdog()
        while self._waiting or not all(process.is_ready for process in self._processes):
            self._start_components(group)
            self._probe_components()
            self.check()
            time.sleep(POLL_SECONDS)
        return {process.component.name: process.pid for process in self._processes if process.stays}

    def watch(self) -> None:
        """Checks the components until an exception ends it.

        Raises:
            ComponentFailed: a component has ended.
            KeyboardInterrupt: a signal asks the stack to stop.
        """
        while True:
            self.check()
            time.sleep(WATCH_SECONDS)

    def check(self) -> None:
        """
        Raises:
            ComponentFailed: a component has ended, or is not ready in time.
        """
        for process in self._processes:
            process.check()
        if self._watchdog and self._watchdog.poll() is not None:
            raise ComponentFailed("the watchdog has ended")

    def stop(self) -> None:
        """End everything, the last started first."""
        for process in reversed(self._processes):
            process.stop()
        self._lock.release()
        if self._watchdog and self._watchdog.stdin:
            self._watchdog.stdin.close()
            self._watchdog.wait()

    def _start_watchdog(self) -> int:
        self._watchdog = subprocess.Popen(
            [sys.executable, "-m", "dev.stack.watchdog", str(self._lock.path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            process_group=0,
        )
        self._lock.write_pid(self._watchdog.pid)
        return self._watchdog.pid

    def _start_components(self, group: int) -> None:
        ready = {process.component.name for process in self._processes if process.is_ready}
        for component in [waiting for waiting in self._waiting if ready.issuperset(waiting.needs)]:
            self._waiting.remove(component)
            self._processes.append(_Process(component, self._state, group, self._lock.descriptor))

    def _probe_components(self) -> None:
        for process in self._processes:
            if not process.is_ready and process.probe():
                self._on_ready(process.component.name, process.age)


class _Process:
    """A component that was started."""

    def __init__(self, component: Component, state: StateDir, group: int, lock: int) -> None:
        self.component = component
        self.is_ready = False
        self._log = state.log(component.name)
        self._started = time.monotonic()
        self._popen = self._spawn(group, lock)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def age(self) -> float:
        return time.monotonic() - self._started

    @property
    def stays(self) -> bool:
        return self.component.ready is not None

    def probe(self) -> bool:
        if self.component.ready is None:
            self.is_ready = self._popen.poll() == 0
        else:
            self.is_ready = self.component.ready()
        return self.is_ready

    def check(self) -> None:
        code = self._popen.poll()
        if code is not None and (self.stays or code != 0):
            raise self._failure(f"{self.component.name} {_how_it_ended(code)}")
        if not self.is_ready and self.age > START_SECONDS:
            raise self._failure(f"{self.component.name} is not ready after {START_SECONDS:.0f} s")

    def stop(self) -> None:
        if self._popen.poll() is not None:
            return
        self._popen.send_signal(self.component.stop_signal)
        try:
            self._popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _spawn(self, group: int, lock: int) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as log:
            try:
                return subprocess.Popen(
                    self.component.command,
                    cwd=ROOT,
                    env=self.component.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    process_group=group,
                    pass_fds=[lock],
                )
            except OSError as error:
                raise ComponentFailed(f"{self.component.name} cannot start: {error}") from None

    def _failure(self, what: str) -> ComponentFailed:
        return ComponentFailed(f"{what}; the end of {self._log}:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        with self._log.open("rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:]) or "  (empty)"


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


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
    """Whether a command ends with exit code 0, and in time."""
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=PROBE_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
