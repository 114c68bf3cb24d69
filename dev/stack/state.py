"""The state directory of a stack: ``.dev/``, or ``DEV_DIR`` from the environment.

It has the data of the components, their logs, a description of the running stack (``stack.json``)
and two locks, which show which processes run.
"""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from dev.stack.file_lock import FileLock

ROOT: Final = Path(__file__).resolve().parents[2]
"""The root of the repository."""


class StackError(Exception):
    """Base of these errors. A command prints the message and ends with exit code 1."""


class StackRunning(StackError):
    """Another process runs the stack of this state directory."""


class StackNotRunning(StackError):
    """The command needs a running stack."""


class PortUnavailable(StackError):
    """A configured port is not a port, or is in use."""


class ComponentFailed(StackError):
    """A component ended, or was not ready in time. The message ends with the tail of its log."""


class NoSigningKey(StackError):
    """The identity service has never run, so there is no key to sign a token with."""


def _generated_once(path: Path, secret: str) -> str:
    """The text of a file that only its owner reads; the secret, if there is no file yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secret)
    return path.read_text()


class Restarts(BaseModel):
    """How often a component has died, and the reason of the last time."""

    model_config = ConfigDict(frozen=True)

    count: int
    last_reason: str


class Stack(BaseModel):
    """The addresses and processes of a running stack, which ``stack.json`` contains."""

    model_config = ConfigDict(frozen=True)

    api_url: str
    api_urls: tuple[str, ...]
    temporal_address: str
    temporal_ui_url: str
    stripe_url: str | None = None
    identity_url: str
    codec_url: str | None = None
    """With ``PAYLOAD_KEYS``: the codec server, which decrypts payloads for the Temporal UI."""

    database_url: str
    database_api_url: str
    database_admin_url: str
    pids: dict[str, int] = {}
    """Process ids by component, without those that are being restarted."""

    restarts: dict[str, Restarts] = {}
    """By the names of the components that have died since the stack was started."""


class StateDir:
    """The paths of the state directory, and its locks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.logs = root / "logs"
        self.postgres = root / "postgres"
        self.temporal = root / "temporal"
        self.identity = root / "identity"
        self.stripe = root / "stripe"
        self.media = root / "media"
        self.worker_ready = root / "worker.ready"
        self.encrypted = root / "encrypted.json"
        self.stack_file = root / "stack.json"
        self._id_secret = root / "id_secret"

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "StateDir":
        return cls(Path(environ.get("DEV_DIR") or ROOT / ".dev").resolve())

    def supervisor_lock(self) -> FileLock:
        """Held by the process that runs the stack, and by no other."""
        return FileLock(self.root / "supervisor.lock")

    def processes_lock(self) -> FileLock:
        """Held as long as any process of the stack runs."""
        return FileLock(self.root / "processes.lock")

    def stripe_webhook_secret(self) -> str:
        """Generated once, for this stack's stand-in."""
        return _generated_once(self.stripe / "webhook_secret", f"whsec_{secrets.token_hex(24)}")

    def id_secret(self) -> str:
        """Generated once, for the ids of this stack's sessions."""
        return _generated_once(self._id_secret, secrets.token_hex(24))

    def log(self, component: str) -> Path:
        return self.logs / f"{component}.log"

    def read_stack(self) -> Stack | None:
        """The running stack, if any. Ignores a description that a crash has left."""
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
        """Deletes everything that the stack has stored. The caller holds the supervisor's lock."""
        services = (self.postgres, self.temporal, self.stripe, self.identity)
        for directory in (self.logs, self.media, *services):
            shutil.rmtree(directory, ignore_errors=True)
        for file in (self.stack_file, self.worker_ready, self.encrypted, self._id_secret):
            file.unlink(missing_ok=True)
