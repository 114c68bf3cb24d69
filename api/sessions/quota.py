"""Limits how many sessions a tenant may have open at once."""

import asyncio
from typing import Final

from db.errors import DatabaseUnavailable
from db.reads import SessionReads
from domain.actors import Actor
from domain.errors import RateLimited

COUNT_TIMEOUT: Final = 1.0
"""Seconds to wait for Postgres before a session is started."""

RETRY_AFTER: Final = 60
"""Seconds. Waiting alone does not help: the tenant has to close a session."""


class OpenSessionQuota:
    """Protects the system from one tenant; not exact enough for billing.

    Sessions are counted in the read model. Those started at the same time may exceed the limit by a
    few, and while Postgres is unavailable there is no limit.
    """

    def __init__(self, reads: SessionReads, limit: int) -> None:
        self._reads = reads
        self._limit = limit

    async def is_full(self, actor: Actor) -> bool:
        try:
            async with asyncio.timeout(COUNT_TIMEOUT):
                open_sessions = await self._reads.count_open(actor, at_most=self._limit)
        except (DatabaseUnavailable, TimeoutError):
            return False
        return open_sessions >= self._limit

    def refusal(self) -> RateLimited:
        return RateLimited(
            f"Your organization has reached its limit of {self._limit} open sessions. "
            "Publish or close one first.",
            retry_after=RETRY_AFTER,
        )
