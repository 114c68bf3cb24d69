"""Waiting for a condition instead of a fixed time, and a clock that a test moves."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

Found = TypeVar("Found")

_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.2
_GROWTH: Final = 1.2
"""Each pause is longer than the one before: a look often costs more than the work it waits for."""

_PATIENCE_SECONDS: Final = 60.0
"""Ends a wait for what does not happen. A busy machine is many times slower than an idle one."""


async def eventually(
    look: Callable[[], Awaitable[Found | None]],
    *,
    within: float = _PATIENCE_SECONDS,
    what: str = "it",
) -> Found:
    """The first truthy result of ``look``, which is repeated.

    Raises:
        AssertionError: there was none within ``within`` seconds.
    """
    deadline = time.monotonic() + within
    pause = _FIRST_PAUSE
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {within:g} s; last seen: {found!r}")
        await asyncio.sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)


async def until(condition: Callable[[], bool], *, within: float = _PATIENCE_SECONDS) -> None:
    """:func:`eventually` for a synchronous condition."""

    async def look() -> bool:
        return condition()

    await eventually(look, within=within, what="the condition")


class ManualClock:
    """A clock in seconds, like ``time.monotonic``, that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
