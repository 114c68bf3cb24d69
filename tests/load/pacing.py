"""The pace of all clients together, and their end."""

import asyncio
import time
from typing import Final

LONGEST_DEBT: Final = 0.5
"""Seconds. Clients that are late make up for no more than this, so that a pause causes no burst."""


class Stopped(Exception):
    """The client shall end."""


class Pacer:
    """Gives turns at a rate per second; with None, at once."""

    def __init__(self, rate: float | None = None) -> None:
        self._rate = rate
        self._next = 0.0

    async def turn(self) -> None:
        if self._rate is None:
            return
        now = time.perf_counter()
        own = max(self._next, now - LONGEST_DEBT)
        self._next = own + 1 / self._rate
        if own > now:
            await asyncio.sleep(own - now)


class Stop:
    """Ends a client before its next request; one that was sent is awaited."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    def check(self) -> None:
        """
        Raises:
            Stopped: the client shall end.
        """
        if self._event.is_set():
            raise Stopped

    async def pause(self, seconds: float) -> None:
        """
        Raises:
            Stopped: before the pause was over.
        """
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped
