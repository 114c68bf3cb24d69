"""Reads that all streams of a session share."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from domain.actors import Actor, Tenant

Result = TypeVar("Result")


class SharedReads(Generic[Result]):
    """One read for all who ask in the same moment: an announcement wakes every stream of a session.

    Readers of one tenant see the same rows, so a read has the claims of the first who asks. A read
    that has begun is no longer shared: it may miss what was announced since.
    """

    def __init__(self, read: Callable[[Actor, str], Awaitable[Result]]) -> None:
        self._read = read
        self._not_begun: dict[tuple[Tenant, str], asyncio.Task[Result]] = {}

    async def get(self, actor: Actor, session_id: str) -> Result:
        """Raises what the read raises."""
        key = (actor.tenant, session_id)
        reading = self._not_begun.get(key)
        if reading is None:
            reading = asyncio.create_task(self._begin(key, actor))
            reading.add_done_callback(_retrieve)
            self._not_begun[key] = reading
        return await asyncio.shield(reading)  # a reader that leaves does not end it for others

    async def _begin(self, key: tuple[Tenant, str], actor: Actor) -> Result:
        del self._not_begun[key]
        return await self._read(actor, key[1])


def _retrieve(reading: "asyncio.Task[Result]") -> None:
    """An error that no reader is left for is not reported."""
    if not reading.cancelled():
        reading.exception()
