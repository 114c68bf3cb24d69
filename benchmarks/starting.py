"""Processes beside a stack, ended with the benchmark."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from dev.stack.state import ROOT

READY_SECONDS: Final = 60.0

_PAUSE: Final = 0.05
"""Seconds between two looks."""


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], is_ready: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """
    Raises:
        RuntimeError: it ended, or is not ready in time.
    """
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=sys.stderr)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"not ready: {' '.join(command)}")
            time.sleep(_PAUSE)
        yield process
    finally:
        process.terminate()
        process.wait()
