"""A file that a process without a port touches for as long as it works.

``health_check.py`` looks how old it is.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

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
