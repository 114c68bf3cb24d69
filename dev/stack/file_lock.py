"""Locks that show which processes run.

A lock belongs to an open file, and so to every process that inherited the file, and the kernel
releases it when the last of these ends, however it ends. Process ids would not do, because they are
reused, and a zombie process still has one.
"""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

POLL_SECONDS: Final = 0.05


class FileLock:
    """A lock file, which contains the process id to signal."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, timeout: float) -> bool:
        """Takes the lock. Returns False if it is not free within the timeout, in seconds."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(descriptor, fcntl.LOCK_EX, timeout):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    @property
    def descriptor(self) -> int:
        """The file descriptor, through which a child process inherits the lock.

        Raises:
            RuntimeError: the lock is not held.
        """
        if self._descriptor is None:
            raise RuntimeError(f"{self.path.name} is not held")
        return self._descriptor

    def release(self) -> None:
        """Releases the lock; children that inherited it still hold it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write_pid(self, pid: int) -> None:
        """Stores the process to signal."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(pid).encode(), 0)

    def read_pid(self) -> int | None:
        """The process to signal; None if the lock is free."""
        text = self.path.read_text() if self.path.exists() else ""
        return int(text) if text.isdigit() else None

    def is_free(self, *, within: float = 0) -> bool:
        """Whether no process holds the lock; waits up to ``within`` seconds for that."""
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
