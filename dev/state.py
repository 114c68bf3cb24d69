"""The state directory, ``.dev/`` unless ``DEV_DIR`` says otherwise, and ``stack.json`` in it."""

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dev.locks import FileLock

ROOT = Path(__file__).resolve().parent.parent


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
