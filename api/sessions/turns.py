"""When a message may be sent to a workflow: after the others of its lane, and in a free slot.

A worker executes few workflow tasks at a time. A task that waits longer than the sticky timeout is
dispatched again, and its session may be replayed, so that all other messages wait even longer.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from domain.errors import Unavailable

SLOTS: Final = 16
"""Messages of an API process that may wait for a worker at the same time: twice as many as a worker
executes. An answer takes 20 to 50 ms if the workers are not overloaded: then so many slots are
enough for more messages than the process can handle."""

LONGEST_WAIT: Final = 2.0
"""Seconds to wait for a slot."""


@asynccontextmanager
async def acquired(
    turns: asyncio.Lock | asyncio.Semaphore, within: float | None, refusal: Unavailable
) -> AsyncIterator[None]:
    """Holds it; callers get it in the order in which they called.

    Args:
        within: seconds to wait for it; None for any time.

    Raises:
        Unavailable: ``refusal``, because it did not become free in time.
    """
    try:
        async with asyncio.timeout(within):
            await turns.acquire()
    except TimeoutError as error:
        raise refusal from error
    try:
        yield
    finally:
        turns.release()


class MessageSlots:
    """Limits the messages that wait for a worker's answer. Those that Temporal itself answers, such
    as starts and signals, need no slot."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._slots = asyncio.Semaphore(slots)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Holds a slot; callers get it in the order in which they called.

        Raises:
            Unavailable: no slot became free in time. Nothing was sent.
        """
        busy = Unavailable("The service is busy. Nothing was changed. Try again.")
        async with acquired(self._slots, LONGEST_WAIT, busy):
            yield


class Lanes:
    """A lock for each name, deleted when nothing uses it."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lane(self, name: str, *, within: float | None = None) -> AsyncIterator[None]:
        """Holds the lane; callers get it in the order in which they called.

        Args:
            within: seconds to wait for it; None for any time.

        Raises:
            Unavailable: it did not become free in time.
        """
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._users[name] = self._users.get(name, 0) + 1
        try:
            async with acquired(lock, within, Unavailable()):
                yield
        finally:
            self._users[name] -= 1
            if not self._users[name]:
                del self._users[name], self._locks[name]
