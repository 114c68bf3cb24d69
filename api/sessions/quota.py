"""How many sessions a tenant may have open at once."""

import asyncio
from typing import TYPE_CHECKING, Final

from db.errors import DatabaseUnavailable
from domain.actors import Actor
from domain.errors import RateLimited

if TYPE_CHECKING:
    from db.reads import SessionReads

COUNT_TIMEOUT: Final = 1.0
"""Seconds. Starting a session waits no longer for Postgres."""

RETRY_AFTER: Final = 60
"""Seconds. Room is made by people, not by waiting."""


class OpenSessionQuota:
    """Counts in the read model: sessions that were started within the same moment may exceed the
    limit by a few, and while Postgres is away there is none. It keeps a tenant from filling the
    system, and is no quota to bill by."""

    def __init__(self, reads: "SessionReads", limit: int) -> None:
        self._reads = reads
        self._limit = limit

    async def is_full(self, actor: Actor) -> bool:
        try:
            async with asyncio.timeout(COUNT_TIMEOUT):
                found = await self._reads.count_open(actor, at_most=self._limit)
        except (DatabaseUnavailable, TimeoutError):
            return False
        return found >= self._limit

    def refusal(self) -> RateLimited:
        return RateLimited(
            f"Your organization has {self._limit} open sessions, which is the most: close or "
            "publish one first.",
            retry_after=RETRY_AFTER,
        )
