"""The commands of the embedded stack. A command returns the exit code of the process."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from dev.stack.component import Component
from dev.stack.file_lock import POLL_SECONDS, FileLock
from dev.stack.front_door import signed_in_link
from dev.stack.ports import PAYLOAD_KEYS, allot
from dev.stack.report import Report
from dev.stack.services import Site, addresses
from dev.stack.state import (
    ROOT,
    Stack,
    StackError,
    StackNotRunning,
    StackRunning,
    StateDir,
)
from dev.stack.supervisor import Supervisor

STARTED_BY_ANOTHER_SECONDS = 270.0
STOP_SECONDS = 90.0
LEFTOVER_SECONDS = 20.0
LOCK_SECONDS = 1.0

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_NOT_RUNNING = 3
EXIT_INTERRUPTED = 128 + signal.SIGINT

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """The components to run, and the command line that runs them in another process."""

    components: Callable[[Site], list[Component]]
    command: Sequence[str]


class PlayFunction(Protocol):
    def __call__(self, stack: Stack, *, stays: bool) -> int:
        """Uses a running stack, and returns the exit code. ``stays``: the stack keeps running."""


class Commands:
    """The commands for the stack of one state directory."""

    def __init__(self, program: Program, state: StateDir, report: Report) -> None:
        self._program = program
        self._state = state
        self._report = report

    def for_directory(self, state: StateDir) -> "Commands":
        """The same commands for another state directory."""
        return Commands(self._program, state, self._report)

    def run(self) -> int:
        """Runs the stack in the foreground, until Ctrl-C, SIGTERM or ``down``."""
        with suppress(KeyboardInterrupt), self._running(invites=True) as (_, supervisor):
            supervisor.watch()
        return EXIT_OK

    def up(self) -> int:
        """Starts the stack in the background, and waits until it is ready."""
        running = self._wait_for_another()
        if running is not None:
            self._report.say("already running")
            self._report.addresses(running)
            self._report.front_door(signed_in_link(running))
            return EXIT_OK
        self._state.forget_stack()
        self._state.logs.mkdir(parents=True, exist_ok=True)
        output = self._state.log("stack")
        with output.open("wb") as log:
            process = subprocess.Popen(
                [*self._program.command, "run"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            return self._relay(process)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise

    def down(self) -> int:
        """Stops the stack, and processes that a crashed stack may have left."""
        supervisor, processes = self._state.supervisor_lock(), self._state.processes_lock()
        if supervisor.is_free() and processes.is_free():
            self._state.forget_stack()
            self._report.say("not running")
            return EXIT_OK
        if not supervisor.is_free():
            _signal(os.kill, supervisor.read_pid(), signal.SIGTERM)
            if not supervisor.is_free(within=STOP_SECONDS):
                _signal(os.kill, supervisor.read_pid(), signal.SIGKILL)
        if not processes.is_free(within=LOCK_SECONDS):
            _end_leftovers(processes)
        self._state.forget_stack()
        self._report.say("stopped")
        return EXIT_OK

    def status(self) -> int:
        """Prints the processes and addresses of the stack."""
        stack = self._state.read_stack()
        if stack is not None:
            self._report.processes(stack)
            self._report.addresses(stack)
            return EXIT_OK
        if not self._state.supervisor_lock().is_free():
            self._report.say("starting or stopping")
        elif not self._state.processes_lock().is_free():
            self._report.say("not running; processes of a crashed stack are still stopping")
        else:
            self._state.forget_stack()
            self._report.say("not running")
        return EXIT_NOT_RUNNING

    def url(self) -> int:
        """Prints the API's URL. Raises as :meth:`with_running`."""
        return self.with_running(lambda stack: self._report.value(stack.api_url))

    def with_running(self, act: Callable[[Stack], None]) -> int:
        """
        Raises:
            StackNotRunning: the stack is not running.
        """
        stack = self._state.read_stack()
        if stack is None:
            raise StackNotRunning("the stack is not running: start it with make up")
        act(stack)
        return EXIT_OK

    def reset(self) -> int:
        """Stops the stack, and deletes everything that it has stored."""
        self.down()
        with self._alone():
            self._state.drop()
        self._report.say(f"deleted the data in {self._state.root}")
        return EXIT_OK

    def token(
        self, *, user: str, org: str | None, email: str | None, permissions: Sequence[str], ttl: int
    ) -> int:
        """Prints a development token."""
        from dev.identity.issuer import Issuer  # noqa: PLC0415 - only this command signs

        issuer = Issuer.last_opened(self._state.identity)
        self._report.value(
            issuer.token(user=user, org=org, email=email, permissions=permissions, ttl=ttl)
        )
        return EXIT_OK

    def demo(self, play: PlayFunction, *, stay: bool) -> int:
        """Plays the demo. Starts the stack if it is not running, and then stops it at the end."""
        stack = self._state.read_stack()
        if stack is not None:
            return play(stack, stays=True)
        code: int = EXIT_INTERRUPTED
        with suppress(KeyboardInterrupt), self._running() as (stack, supervisor):
            with supervisor.watching():
                code = play(stack, stays=stay)
            if stay:
                self._report.say("The stack keeps running. Press Ctrl-C to stop it.")
                supervisor.watch()
        return code

    @contextmanager
    def _running(self, *, invites: bool = False) -> Iterator[tuple[Stack, Supervisor]]:
        """Starts the stack, and stops it however the block ends.

        ``invites``: prints the link that opens the front end.
        """
        for number in STOP_SIGNALS:
            signal.signal(number, signal.default_int_handler)
        with self._alone():
            self._state.forget_stack()
            self._state.logs.mkdir(parents=True, exist_ok=True)
            self._require_keys()
            site = self._choose_site()
            supervisor = Supervisor(self._program.components(site), self._state, self._report)
            self._report.say(f"starting the stack; logs: {self._state.logs}")
            try:
                supervisor.start()
                self._report.addresses(site.stack)
                if invites:
                    # Before the stack is described, because ``up`` stops reading then.
                    self._report.front_door(signed_in_link(site.stack))
                supervisor.subscribe(lambda: self._describe(site, supervisor))
                yield site.stack, supervisor
            finally:
                # A second Ctrl-C must not interrupt the shutdown.
                for number in STOP_SIGNALS:
                    signal.signal(number, signal.SIG_IGN)
                self._state.forget_stack()
                self._report.say("stopping the stack")
                supervisor.stop()

    def _describe(self, site: Site, supervisor: Supervisor) -> None:
        """Writes the running processes to ``stack.json``."""
        pids = {"supervisor": os.getpid(), **supervisor.pids}
        processes = {"pids": pids, "restarts": supervisor.restarts}
        self._state.write_stack(site.stack.model_copy(update=processes))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Holds the supervisor's lock, so that no other process runs the stack.

        Raises:
            StackRunning: another process runs the stack.
        """
        lock = self._state.supervisor_lock()
        if not lock.acquire(timeout=LOCK_SECONDS):
            raise StackRunning("the stack is already running: make status")
        try:
            lock.write_pid(os.getpid())
            yield
        finally:
            lock.release()

    def _require_keys(self) -> None:
        """
        Raises:
            KeysRefused: the stack's data is encrypted with keys that ``PAYLOAD_KEYS`` lacks.
        """
        setting = os.environ.get(PAYLOAD_KEYS, "")
        if setting or self._state.encrypted.exists():
            from dev.stack.payload_keys import require_keys  # noqa: PLC0415 - loads the SDK

            require_keys(self._state.encrypted, setting)

    def _choose_site(self) -> Site:
        ports = allot(os.environ)
        for note in ports.notes:
            self._report.say(note)
        return Site(ports=ports, stack=addresses(ports), state=self._state)

    def _wait_for_another(self) -> Stack | None:
        """The stack that another process runs or starts, if any."""
        deadline = time.monotonic() + STARTED_BY_ANOTHER_SECONDS
        while not self._state.supervisor_lock().is_free():
            stack = self._state.read_stack()
            if stack is not None:
                return stack
            if time.monotonic() > deadline:
                raise StackError(
                    "another process is still starting or stopping the stack: run make down"
                )
            time.sleep(POLL_SECONDS)
        return None

    def _relay(self, process: subprocess.Popen[bytes]) -> int:
        """Shows the output of a stack in the background until it is ready or has failed."""
        with self._state.log("stack").open() as output:
            while True:
                code, stack = process.poll(), self._state.read_stack()
                self._report.output(output.read())
                if stack is not None:
                    return EXIT_OK
                if code is not None:
                    return EXIT_FAILED
                time.sleep(POLL_SECONDS)


def _end_leftovers(processes: FileLock) -> None:
    """Ends leftover processes, as the watchdog does, in case that was killed as well.

    Raises:
        StackError: a process does not end, even by SIGKILL.
    """
    for number in (signal.SIGINT, signal.SIGKILL):
        _signal(os.killpg, processes.read_pid(), number)
        if processes.is_free(within=LEFTOVER_SECONDS):
            return
    raise StackError("some processes of the stack did not stop")


def _signal(send: Callable[[int, int], None], target: int | None, number: signal.Signals) -> None:
    if target is not None:
        with suppress(ProcessLookupError):
            send(target, number)
