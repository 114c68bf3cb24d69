"""How many requests somebody has sent: counted in Redis where several gateways share the numbers,
in this process otherwise."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from pydantic import SecretStr

REDIS_TIMEOUT: Final = 0.25
"""Seconds. Nobody waits for a limit longer than for an answer."""

RETRY_PAUSE: Final = 5.0
"""Seconds for which a Redis that did not answer is left alone."""

FORGET_EVERY: Final = 1.0
"""Seconds between two searches for windows that are over."""

_log = structlog.get_logger(__name__)


class RequestCounters:
    """Fixed windows: a window begins with the first request, and all of it ends at once.

    While Redis is away each gateway counts for itself.
    """

    def __init__(
        self, redis_url: SecretStr | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._own = FixedWindowRateLimiter(_Windows())
        self._shared = redis_url and FixedWindowRateLimiter(_redis(redis_url))
        self._clock = clock
        self._retry_at = -math.inf

    async def count(self, limits: Sequence[RateLimitItem], kind: str, who: str) -> int:
        """Counts one request; 0 where it is within all limits, else the seconds until it is."""
        if self._shared and self._clock() >= self._retry_at:
            try:
                async with asyncio.timeout(REDIS_TIMEOUT):
                    return await _count(self._shared, limits, kind, who)
            except (StorageError, OSError) as error:
                self._leave_alone(error)
        return await _count(self._own, limits, kind, who)

    def _leave_alone(self, error: Exception) -> None:
        """The error's own text is not logged: it may quote the address, with its password."""
        self._retry_at = self._clock() + RETRY_PAUSE
        reason = error.storage_error if isinstance(error, StorageError) else error
        _log.warning("rate limits are not shared: no Redis", reason=type(reason).__name__)


class _Windows(MemoryStorage):
    """The library's storage looks through all windows with each request: many addresses, as one
    attacker easily has, would make every request slow."""

    def __init__(self) -> None:
        super().__init__()
        self._forget_at = 0.0

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        if now >= self._forget_at:
            self._forget_at = now + FORGET_EVERY
            self._forget_windows_before(now)
        if self.expirations.get(key, 0.0) <= now:
            self.storage[key] = 0
            self.expirations[key] = now + expiry
        self.storage[key] += amount
        return self.storage[key]

    def _forget_windows_before(self, now: float) -> None:
        for key in [key for key, end in self.expirations.items() if end <= now]:
            del self.expirations[key]
            del self.storage[key]


async def _count(
    limiter: FixedWindowRateLimiter, limits: Sequence[RateLimitItem], kind: str, who: str
) -> int:
    for limit in limits:
        if not await limiter.hit(limit, kind, who):
            window = await limiter.get_window_stats(limit, kind, who)
            return max(1, math.ceil(window.reset_time - time.time()))
    return 0


def _redis(url: SecretStr) -> RedisStorage:
    return RedisStorage(
        f"async+{url.get_secret_value()}",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="event-wizard",
    )
