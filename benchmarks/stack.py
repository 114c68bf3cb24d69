"""A stack of the benchmark's own, gone when it is over."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from dev.state import Stack, StateDir

PORT_BASE: Final = "18500"

_QUIET: Final = {"LOG_LEVEL": "WARNING", "PORT_BASE": PORT_BASE}


@contextmanager
def own_stack() -> Iterator[tuple[Stack, StateDir]]:
    """
    Raises:
        RuntimeError: it did not start; what it said stands on standard error.
    """
    directory = tempfile.mkdtemp(prefix="event-wizard-bench-")
    environment = {**_QUIET, **os.environ, "DEV_DIR": directory}
    try:
        _dev("up", environment)
        state = StateDir.of(environment)
        stack = state.read_stack()
        if stack is None:
            raise RuntimeError("The stack did not start.")
        yield stack, state
    finally:
        _dev("down", environment)
        shutil.rmtree(directory, ignore_errors=True)


def _dev(command: str, environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "dev", command], env=environment, stdout=sys.stderr, check=False
    )
