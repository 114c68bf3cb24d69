"""When a message may be sent to a workflow: after the others of its lane, and in a free slot.

A worker executes few workflow tasks at a time. A task that waits longer than the sticky timeout is
dispatched again, and its session may be replayed, so that all other messages wait even longer.
"""

import asyncio
from typing import Final
from weakref import WeakValueDictionary

from domain.errors import Unavailable

SLOTS: Final = 16
"""Messages of an API process that may wait for a worker at the same time: twice as many as a worker
executes. An answer takes 20 to 50 ms if the workers are not overloaded: then so many slots are
enough for more messages than the process can handle."""

LONGEST_WAIT: Final = 2.0
"""Seconds to wait for a slot."""


class Acquired:
    """One of ``turns``, held in an ``async with`` block. Callers get it in the order in which they
    called. While one is free, it costs no timer.

    Args:
        within: seconds to wait for it; None for any time.
        busy: the detail of the refusal.

    Raises:
        Unavailable: none became free in time.
    """

    def __init__(
        self, turns: asyncio.Semaphore, within: float | None = None, busy: str | None = None
    ) -> None:
        self._turns = turns
        self._within = within
        self._busy = busy

    async def __aenter__(self) -> None:
        if self._within is None or not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(self._within):
                await self._turns.acquire()
        except TimeoutError as error:
            raise Unavailable(self._busy) from error

    async def __aexit__(self, *_: object) -> None:
        self._turns.release()


class MessageSlots:
    """Limits the messages that wait for a worker's answer. Those that Temporal itself answers, such
    as starts and signals, need no slot."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._slots = asyncio.Semaphore(slots)

    def slot(self) -> Acquired:
        """
        Raises:
            Unavailable: no slot became free in time. Nothing was sent.
        """
        return Acquired(
            self._slots, LONGEST_WAIT, "The service is busy. Nothing was changed. Try again."
        )


class Lanes:
    """A turn for each name. A lane is forgotten when nothing holds it or waits for it."""

    def __init__(self) -> None:
        self._lanes = WeakValueDictionary[str, asyncio.Semaphore]()

    def lane(self, name: str, *, within: float | None = None) -> Acquired:
        """
        Args:
            within: seconds to wait for it; None for any time.

        Raises:
            Unavailable: it did not become free in time.
        """
        return Acquired(self._lanes.setdefault(name, asyncio.Semaphore(1)), within)
