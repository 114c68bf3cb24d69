"""Rate limits: one for each address, and one for each verified user.

Requests are counted in Redis where several API processes share the numbers, else in this process.
"""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import structlog
from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth import TokenVerifier
from api.middleware.body_limit import Respond
from domain.errors import RateLimited, Unauthenticated, Unavailable
from settings import ApiSettings

REDIS_TIMEOUT: Final = 0.25
"""Seconds. Nobody waits for a limit longer than for an answer."""

RETRY_PAUSE: Final = 5.0
"""Seconds for which a Redis that did not answer is left alone."""

FORGET_EVERY: Final = 1.0
"""Seconds between two searches for windows that are over."""

_log = structlog.get_logger(__name__)


class RequestCounters:
    """Fixed windows: a window begins with the first request, and all of it ends at once.

    While Redis is away each API process counts for itself.
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


Limits = tuple[RateLimitItem, ...]

UNLIMITED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by orchestrators and collectors, which must not be told that an API process is unwell."""

WEBHOOKS: Final = "/v1/webhooks/"

IPV6_SUBSCRIBER_PREFIX: Final = 64
"""One subscriber has all addresses of such a network (RFC 6177), so they count as one."""


@dataclass(frozen=True)
class RateLimitPolicy:
    """An empty tuple limits nothing."""

    per_user: Limits
    per_address: Limits
    webhooks: Limits

    @classmethod
    def from_settings(cls, settings: ApiSettings) -> "RateLimitPolicy":
        return cls(
            per_user=_parsed(settings.rate_limit),
            per_address=_parsed(settings.rate_limit_per_address),
            webhooks=_parsed(settings.rate_limit_webhooks),
        )


class RateLimit:
    """ASGI middleware. The address is judged first, so that made-up tokens cost little.

    A token counts for its user only once it is verified: nobody uses up the limit of another.
    The routes verify it again, from memory, and say what is wrong with one that does not hold.
    """

    def __init__(
        self,
        app: ASGIApp,
        counters: RequestCounters,
        policy: RateLimitPolicy,
        respond: Respond,
    ) -> None:
        self._app = app
        self._counters = counters
        self._policy = policy
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = await self._seconds_to_wait(scope) if scope["type"] == "http" else 0
        if wait:
            refusal = RateLimited(
                f"Too many requests: the next one is answered in {wait} s.", retry_after=wait
            )
            await self._respond(scope, receive, send, refusal)
        else:
            await self._app(scope, receive, send)

    async def _seconds_to_wait(self, scope: Scope) -> int:
        path = scope["path"]
        if path in UNLIMITED:
            return 0
        if path.startswith(WEBHOOKS):
            return await self._counters.count(self._policy.webhooks, "webhooks", address_of(scope))
        per_address = self._policy.per_address
        return await self._counters.count(
            per_address, "address", address_of(scope)
        ) or await self._seconds_of_user(scope)

    async def _seconds_of_user(self, scope: Scope) -> int:
        token = _bearer_token(scope) if self._policy.per_user else None
        if token is None:
            return 0
        verifier: TokenVerifier = scope["app"].state.verifier
        try:
            actor = await verifier.verify(token)
        except (Unauthenticated, Unavailable):
            return 0
        return await self._counters.count(self._policy.per_user, "user", actor.user_id)


def address_of(scope: Scope) -> str:
    """Whom a request counts for: an IPv4 address, or the network of an IPv6 one."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        return _subscriber(host)
    except ValueError:  # a Unix socket has none, and a proxy may write anything
        return "unknown"


@lru_cache(maxsize=256)
def _subscriber(host: str) -> str:
    address: IPv4Address | IPv6Address = ip_address(host)
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), IPV6_SUBSCRIBER_PREFIX), strict=False))


def _bearer_token(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else None
    return None


def _parsed(setting: str) -> Limits:
    return tuple(parse_many(setting)) if setting else ()
