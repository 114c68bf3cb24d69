"""How processes of the stack know of each other without trusting process ids.

A lock is held by an open file, and with it by every process that inherited the file. The kernel
gives it back when the last of them has ended, whatever ended it. Process ids tell less: they are
used again, and a process that nobody has waited for still has one.
"""

import fcntl
import os
import time
from pathlib import Path

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
