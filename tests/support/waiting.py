"""Waiting for a condition, never for a fixed time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")


async def eventually(
    look: Callable[[], Awaitable[Found | None]], *, within: float = 20.0, what: str = "it"
) -> Found:
    """The first true result.

    Raises:
        AssertionError: there was none in so many seconds.
    """
    deadline = time.monotonic() + within
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {within:g} s; last seen: {found!r}")
        await asyncio.sleep(0.02)
