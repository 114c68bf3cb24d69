"""A small file system in memory, which a test can fill without harm to anything else."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1024 * 1024

_FILLER: Final = "filler"
_CHUNKS: Final = (b"\0" * MEBIBYTE, b"\0" * 4096)
"""The smaller ones take what is left of the last mebibyte."""


class CannotMount(Exception):
    """This process may not mount a file system. The message says why."""


class SmallDisk:
    """The file system at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        """Takes all space that is left; nothing on it can grow until :meth:`free`."""
        with (self.path / _FILLER).open("ab", buffering=0) as filler:
            for chunk in _CHUNKS:
                try:
                    while True:
                        filler.write(chunk)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        (self.path / _FILLER).unlink(missing_ok=True)


@contextmanager
def small_disk(path: Path, size: int) -> Iterator[SmallDisk]:
    """A file system of ``size`` bytes at ``path``, an empty directory, until the end of the block.

    Raises:
        CannotMount: only root on Linux may mount one, and not in every container.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        raise CannotMount("only root on Linux mounts a file system")
    options = f"size={size},mode=755"
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)],
        check=False,
        capture_output=True,
        text=True,
    )
    if mounting.returncode:
        raise CannotMount(mounting.stderr.strip())
    try:
        yield SmallDisk(path)
    finally:
        # Lazily: a process that is about to end may still have a file open.
        subprocess.run(["umount", "--lazy", str(path)], check=True)
