"""Prepares and ends a process, and shows its liveness without a port: it touches a file, whose age
``health_check.py`` checks."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NoReturn

import structlog

TOUCH_SECONDS: Final = 5.0
"""Well below the age at which ``health_check.py`` fails."""

GARBAGE_THRESHOLDS: Final = (5_000, 5, 5)
"""For ``gc.set_threshold``. With Python's own (700, 10, 10), searching for garbage takes twice as
long while a worker creates hundreds of sessions: a fifth of its time; and 2.5 % of the API's time
while clients save. Higher thresholds than these keep more ended runs in a worker's memory."""


def collect_garbage_rarely() -> None:
    """Call it once all modules are loaded: a full collection of them would pause every request and
    every session for 0.1 s."""
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def end_process(code: int = 0) -> NoReturn:
    """Flushes all output and exits, without finalizing the interpreter.

    Native threads of Temporal's client are still running. If one of them calls into an interpreter
    that is being finalized, the process aborts; this happened in about one of twenty runs.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def end_with_reason(error: Exception) -> NoReturn:
    """Logs one line, because a traceback would add nothing for an operator, and exits with 1."""
    structlog.get_logger(__name__).error("manual intervention required", reason=str(error))
    end_process(1)


def end_as_misconfigured(error: Exception) -> NoReturn:
    """Writes one line, as for an invalid setting, and exits with 2. Needs no logs, which are
    configured later."""
    sys.stderr.write(f"{error}\n")
    end_process(2)


def end_on_signal(code: int = 0) -> None:
    """Makes SIGTERM and SIGINT end the process, until other handlers replace this one.

    The first process of a container ignores SIGTERM unless it has a handler.
    """
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda _number, _frame: end_process(code))


@asynccontextmanager
async def touching_file(path: str | None) -> AsyncIterator[None]:
    """Touches the file every few seconds while the event loop runs, and deletes it at the end. Does
    nothing if ``path`` is None."""
    if path is None:
        yield
        return
    file = Path(path)
    touching = asyncio.create_task(_touch_periodically(file), name="liveness")
    try:
        yield
    finally:
        touching.cancel()
        await asyncio.wait([touching])
        await asyncio.to_thread(file.unlink, missing_ok=True)


async def _touch_periodically(file: Path) -> None:
    while True:
        await asyncio.to_thread(file.touch)
        await asyncio.sleep(TOUCH_SECONDS)
