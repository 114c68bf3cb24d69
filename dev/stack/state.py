"""The state directory, ``.dev/`` unless ``DEV_DIR`` says otherwise; ``stack.json``, locks, errors.

Processes of the stack know of each other by locks, not by process ids. A lock is held by an open
file, and with it by every process that inherited the file. The kernel releases it when the last of
them has ended, however it ended. Process ids are reused, and a process that nobody has waited for
still has one.
"""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class StackError(Exception):
    """Base: its text is what is printed; the command then ends with exit code 1."""


class StackRunning(StackError):
    """Another process runs the stack of this state directory."""


class StackNotRunning(StackError):
    """Something was asked of a stack that is not up."""


class PortUnavailable(StackError):
    """A port that was asked for is not a port, or is in use."""


class ComponentFailed(StackError):
    """A component ended, or was not ready in time; the text ends with the tail of its log."""


class NoSigningKey(StackError):
    """A token was asked for before the identity service ever ran."""


POLL_SECONDS = 0.05


class FileLock:
    """One lock file, whose text says something about the holder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, timeout: float) -> bool:
        """Take the lock; False if it is not free within the timeout, in seconds."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(descriptor, fcntl.LOCK_EX, timeout):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    @property
    def descriptor(self) -> int:
        """For handing the lock down to a child process.

        Raises:
            RuntimeError: the lock is not held.
        """
        if self._descriptor is None:
            raise RuntimeError(f"{self.path.name} is not held")
        return self._descriptor

    def release(self) -> None:
        """Let go of it. Children that inherited the lock go on holding it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write_pid(self, pid: int) -> None:
        """Say whom to signal."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(pid).encode(), 0)

    def read_pid(self) -> int | None:
        """Whom to signal, as long as the lock is held."""
        text = self.path.read_text() if self.path.exists() else ""
        return int(text) if text.isdigit() else None

    def is_free(self, *, within: float = 0) -> bool:
        """Whether nobody holds the lock, waiting up to so many seconds for that."""
        if not self.path.exists():
            return True
        with self.path.open() as file:
            return _lock(file.fileno(), fcntl.LOCK_SH, within)


def _lock(descriptor: int, kind: int, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


ROOT = Path(__file__).resolve().parents[2]


class Stack(BaseModel):
    """Where everything of a running stack is to be found: the content of ``stack.json``."""

    model_config = ConfigDict(frozen=True)

    api_url: str
    api_urls: tuple[str, ...]
    temporal_address: str
    temporal_ui_url: str
    stripe_url: str | None = None
    identity_url: str
    database_url: str
    database_api_url: str
    database_admin_url: str
    pids: dict[str, int] = {}


class StateDir:
    """Paths of what the stack keeps, and the locks that say who is running."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.logs = root / "logs"
        self.postgres = root / "postgres"
        self.temporal = root / "temporal"
        self.identity = root / "identity"
        self.stripe = root / "stripe"
        self.worker_ready = root / "worker.ready"
        self.stack_file = root / "stack.json"

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "StateDir":
        return cls(Path(environ.get("DEV_DIR") or ROOT / ".dev").resolve())

    def supervisor_lock(self) -> FileLock:
        """Held by the process that runs the stack, and by no other."""
        return FileLock(self.root / "supervisor.lock")

    def processes_lock(self) -> FileLock:
        """Held as long as anything of the stack is left running."""
        return FileLock(self.root / "processes.lock")

    def stripe_webhook_secret(self) -> str:
        """Of this stack's stand-in alone; made up once."""
        path = self.stripe / "webhook_secret"
        if not path.exists():
            self.stripe.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(f"whsec_{secrets.token_hex(24)}")
        return path.read_text()

    def log(self, component: str) -> Path:
        return self.logs / f"{component}.log"

    def read_stack(self) -> Stack | None:
        """The stack that is up, if one is; a description left by a crash does not count."""
        if self.supervisor_lock().is_free() or not self.stack_file.exists():
            return None
        return Stack.model_validate_json(self.stack_file.read_text())

    def write_stack(self, stack: Stack) -> None:
        draft = self.stack_file.with_suffix(".tmp")
        draft.write_text(stack.model_dump_json(indent=2) + "\n")
        draft.replace(self.stack_file)

    def forget_stack(self) -> None:
        self.stack_file.unlink(missing_ok=True)

    def drop(self) -> None:
        """Remove what the stack has stored; the caller holds the supervisor's lock."""
        for directory in (self.logs, self.postgres, self.temporal, self.stripe, self.identity):
            shutil.rmtree(directory, ignore_errors=True)
        for file in (self.stack_file, self.worker_ready):
            file.unlink(missing_ok=True)
