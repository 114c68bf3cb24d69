"""Waiting for what a benchmark cannot go on without."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

PATIENCE: Final = 120.0


async def until(
    condition: Callable[[], Awaitable[bool]], *, pause: float = 0.01, patience: float = PATIENCE
) -> float:
    """Seconds that it took; ``pause`` seconds between two looks.

    Raises:
        TimeoutError: it did not come true.
    """
    began = time.perf_counter()
    while time.perf_counter() < began + patience:
        if await condition():
            return time.perf_counter() - began
        await asyncio.sleep(pause)
    raise TimeoutError("what the benchmark waits for does not come true")
