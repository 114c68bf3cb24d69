"""How a process ends, and how one without a port shows that it is alive.

A worker touches a file for as long as it works; ``health_check.py`` looks how old that is.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NoReturn


def end_process(code: int = 0) -> NoReturn:
    """Ends now, with everything written, and successfully unless told otherwise.

    The client's native threads outlive it. One that calls into an interpreter which is being taken
    down aborts the process, seen about once in twenty runs: so the interpreter is not taken down.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def end_when_told(code: int = 0) -> None:
    """From now on SIGTERM and SIGINT end the process, until what has work to finish takes over.

    The first process of a container would not notice SIGTERM without a handler.
    """
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _number, _frame: end_process(code))


BEAT_SECONDS: Final = 5.0


@asynccontextmanager
async def showing_life(path: str | None) -> AsyncIterator[None]:
    """The file is there, and never older than a beat, while the context is open and the event loop
    turns; afterwards it is gone. None shows nothing."""
    if path is None:
        yield
        return
    file = Path(path)
    beating = asyncio.create_task(_beat(file), name="liveness")
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.wait([beating])
        await asyncio.to_thread(file.unlink, missing_ok=True)


async def _beat(file: Path) -> None:
    while True:
        await asyncio.to_thread(file.touch)
        await asyncio.sleep(BEAT_SECONDS)
