"""The supervisor, which starts components in order of their dependencies, restarts those that die,
and stops them in reverse order."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Protocol

from dev.stack.component import Component, Process, log_tail, nothing
from dev.stack.file_lock import POLL_SECONDS
from dev.stack.state import (
    ROOT,
    ComponentFailed,
    Restarts,
    StackError,
    StateDir,
)

START_SECONDS: Final = 240.0
"""In which a component has to become ready, also on a busy machine. One that ends is reported at
once."""

LEFTOVER_SECONDS: Final = 20.0
WATCH_SECONDS: Final = 0.2

FIRST_DELAY_SECONDS: Final = 0.5
"""The delay before the first restart; it doubles with each further death within the window."""

DEATH_WINDOW_SECONDS: Final = 60.0
DEATHS_ALLOWED: Final = 5
"""Deaths within the window that are too many: the last one stops the stack."""


class Listener(Protocol):
    """Is called when the state of a component changes."""

    def ready(self, name: str, seconds: float) -> None:
        """The component became ready after ``seconds``."""

    def died(self, name: str, reason: str, delay: float) -> None:
        """The component died, and is restarted after ``delay`` seconds."""


class Supervisor:
    """The processes of one stack, which are children of this process."""

    def __init__(
        self, components: Sequence[Component], state: StateDir, listener: Listener
    ) -> None:
        self._members = [_Member(component) for component in components]
        self._state = state
        self._listener = listener
        self._on_change: Callable[[], None] = nothing
        self._lock = state.processes_lock()
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._group = 0

    def start(self) -> None:
        """Starts all components, in parallel if their dependencies allow it.

        Raises:
            ComponentFailed: a component ended, or was not ready in time.
            StackError: processes of an earlier stack do not end.
        """
        if not self._lock.acquire(timeout=LEFTOVER_SECONDS):
            raise StackError(
                "processes of an earlier stack are still running: stop them with make down"
            )
        self._group = self._start_watchdog()
        for member in self._members:
            self._state.log(member.component.name).unlink(missing_ok=True)
        while not all(member.is_ready for member in self._members):
            self.check()
            time.sleep(POLL_SECONDS)

    def subscribe(self, on_change: Callable[[], None]) -> None:
        """Calls ``on_change`` now, and whenever a component has died or is ready again."""
        self._on_change = on_change
        on_change()

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of components that are ready and keep running, by name."""
        return {
            member.component.name: member.process.pid
            for member in self._members
            if member.process and member.is_ready and member.component.stays
        }

    @property
    def restarts(self) -> dict[str, Restarts]:
        """Restarts by name, of components that have died."""
        return {
            member.component.name: Restarts(
                count=len(member.deaths), last_reason=member.last_reason
            )
            for member in self._members
            if member.deaths
        }

    def watch(self) -> None:
        """Keeps the components running. Returns only by an exception.

        Raises:
            ComponentFailed: a component died too often, or is not ready in time.
            KeyboardInterrupt: a signal asks the stack to stop.
        """
        while True:
            self.check()
            time.sleep(WATCH_SECONDS)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Keeps the components running in another thread while the block runs.

        Raises:
            ComponentFailed: as :meth:`watch`, at the end of the block.
        """
        ended = threading.Event()
        failures: list[StackError] = []

        def check_until_ended() -> None:
            try:
                while not ended.wait(WATCH_SECONDS):
                    self.check()
            except StackError as failure:
                failures.append(failure)

        thread = threading.Thread(target=check_until_ended, name="watch the stack")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
        if failures:
            raise failures[0]

    def check(self) -> None:
        """Starts components that are due, and records which have become ready or have ended.

        Raises:
            ComponentFailed: a component died too often, or before it was ever ready, or was not
                ready in time.
        """
        for member in self._members:
            if member.process is None:
                self._start_if_due(member)
            else:
                self._probe(member, member.process)
        if self._watchdog and self._watchdog.poll() is not None:
            raise ComponentFailed("the watchdog has ended")

    def stop(self) -> None:
        """Stops all components, in reverse order of their start."""
        for member in reversed(self._members):
            if member.process:
                member.process.stop()
        self._lock.release()
        if self._watchdog and self._watchdog.stdin:
            self._watchdog.stdin.close()
            self._watchdog.wait()

    def _start_watchdog(self) -> int:
        """Starts the watchdog. Returns the process group that the components join."""
        self._watchdog = subprocess.Popen(
            [sys.executable, "-m", "dev.stack.watchdog", str(self._lock.path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            process_group=0,
        )
        self._lock.write_pid(self._watchdog.pid)
        return self._watchdog.pid

    def _start_if_due(self, member: "_Member") -> None:
        ready = {started.component.name for started in self._members if started.is_ready}
        if time.monotonic() >= member.due and ready.issuperset(member.component.needs):
            log = self._state.log(member.component.name)
            member.process = Process.start(
                member.component, log, group=self._group, lock=self._lock.descriptor
            )

    def _probe(self, member: "_Member", process: Process) -> None:
        name = member.component.name
        reason = process.reason_of_end()
        if reason is not None:
            self._restart(member, reason)
        elif not member.is_ready and process.is_ready():
            member.is_ready = member.was_ready = True
            self._listener.ready(name, process.age)
            self._on_change()
        elif not member.is_ready and process.age > START_SECONDS:
            raise self._failure(name, f"is not ready after {START_SECONDS:.0f} s")

    def _restart(self, member: "_Member", reason: str) -> None:
        """
        Raises:
            ComponentFailed: the component died too often, or before it was ever ready.
        """
        name = member.component.name
        if not member.was_ready:
            raise self._failure(name, reason)
        recent = member.note_death(reason)
        if recent >= DEATHS_ALLOWED:
            often = f"{reason}: {recent} times within {DEATH_WINDOW_SECONDS:.0f} s"
            raise self._failure(name, often)
        delay = FIRST_DELAY_SECONDS * 2 ** (recent - 1)
        member.due = time.monotonic() + delay
        self._listener.died(name, reason, delay)
        self._on_change()

    def _failure(self, name: str, what: str) -> ComponentFailed:
        log = self._state.log(name)
        return ComponentFailed(f"{name} {what}; the end of {log}:\n{log_tail(log)}")


class _Member:
    """A component of the stack, with its process and its deaths."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self.process: Process | None = None
        self.is_ready = False
        self.was_ready = False
        self.due = 0.0
        """The time of the next start, by the monotonic clock."""

        self.deaths: list[float] = []
        self.last_reason = ""

    def note_death(self, reason: str) -> int:
        """Records a death. Returns the number of deaths within the window."""
        now = time.monotonic()
        self.process, self.is_ready, self.last_reason = None, False, reason
        self.deaths.append(now)
        return sum(death > now - DEATH_WINDOW_SECONDS for death in self.deaths)
