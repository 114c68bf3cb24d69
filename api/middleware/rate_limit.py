"""Limits the rate of requests of each address and of each verified user.

Requests are counted in Redis, which API processes share, or else in this process.
"""

import asyncio
import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

import structlog
from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.errors import StorageError
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import identify
from api.errors import respond
from domain.errors import RateLimited, Unauthenticated, Unavailable
from settings import ApiSettings

REDIS_TIMEOUT: Final = 0.25
"""Seconds. Counting a request should not take longer than the request itself."""

RETRY_PAUSE: Final = 5.0
"""Seconds without another attempt after Redis did not answer."""

EXPIRY_INTERVAL: Final = 1.0
"""Seconds between two searches for expired windows in this process."""

_REDIS_ROUNDING: Final = 0.5
"""Redis names the seconds that a key has left as a whole number, which may be less than it has."""

_log = structlog.get_logger(__name__)


class Usage(NamedTuple):
    """What a request leaves of one limit."""

    policy: str
    limit: RateLimitItem
    used: int
    reset: int
    """Seconds until the window ends."""

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.limit.amount

    @property
    def remaining(self) -> int:
        return max(0, self.limit.amount - self.used)


def seconds_to_wait(usages: Sequence[Usage]) -> int:
    """Until the next request is within all limits; 0 if this one is. Only the last limit may be
    exceeded, because counting ends there."""
    return usages[-1].reset if usages and usages[-1].is_exceeded else 0


def fields_of(usages: Sequence[Usage]) -> dict[str, str]:
    """The fields of draft-ietf-httpapi-ratelimit-headers-09, which name each limit by its kind and
    its window in seconds."""
    if not usages:
        return {}
    return {
        "RateLimit-Policy": ", ".join(
            f'"{usage.policy}";q={usage.limit.amount};w={usage.limit.get_expiry()}'
            for usage in usages
        ),
        "RateLimit": ", ".join(
            f'"{usage.policy}";r={usage.remaining};t={usage.reset}' for usage in usages
        ),
    }


class RequestCounters:
    """Counts in fixed windows, which start with the first request.

    While Redis is unavailable, each API process counts alone.
    """

    def __init__(
        self, redis_url: SecretStr | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._local = LocalWindows(clock)
        self._shared = redis_url and SharedWindows(redis_url)
        self._clock = clock
        self._retry_at = -math.inf

    async def count(self, limits: Sequence[RateLimitItem], kind: str, subject: str) -> list[Usage]:
        """Counts one request, up to the first limit that it exceeds."""
        if self._shared and self._clock() >= self._retry_at:
            try:
                async with asyncio.timeout(REDIS_TIMEOUT):
                    return await _count(self._shared, limits, kind, subject)
            except (StorageError, OSError) as error:
                self._pause_sharing(error)
        return await _count(self._local, limits, kind, subject)

    def _pause_sharing(self, error: Exception) -> None:
        """Does not log the error's text, which may quote the URL with its password."""
        self._retry_at = self._clock() + RETRY_PAUSE
        reason = error.storage_error if isinstance(error, StorageError) else error
        _log.warning(
            "rate limits are not shared: Redis is unavailable", reason=type(reason).__name__
        )


class LocalWindows:
    """Counts in this process. Searches for expired windows once per second.

    The library's storage does so with every request. That takes 9 ms with 65 536 windows, the
    number of subscriber networks that one client has in an IPv6 /48, the usual assignment to a
    site.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str, RateLimitItem], _Window] = {}
        self._next_expiry = -math.inf

    def __len__(self) -> int:
        return len(self._windows)

    async def count(self, limit: RateLimitItem, kind: str, subject: str) -> tuple[int, float]:
        """Counts a request.

        Returns:
            The requests in the window, and the seconds until it ends.
        """
        now = self._clock()
        if now >= self._next_expiry:
            self._next_expiry = now + EXPIRY_INTERVAL
            self._expire(now)
        key = (kind, subject, limit)
        window = self._windows.get(key)
        if window is None or window.ends_at <= now:
            window = _Window(0, now + limit.get_expiry())
        self._windows[key] = window = _Window(window.used + 1, window.ends_at)
        return window.used, window.ends_at - now

    def _expire(self, now: float) -> None:
        for key in [key for key, window in self._windows.items() if window.ends_at <= now]:
            del self._windows[key]


class _Window(NamedTuple):
    """``ends_at`` is in seconds of the monotonic clock."""

    used: int
    ends_at: float


class SharedWindows:
    """Counts in Redis."""

    def __init__(self, url: SecretStr) -> None:
        self._storage = RedisStorage(
            f"async+{url.get_secret_value()}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="event-wizard",
        )

    async def count(self, limit: RateLimitItem, kind: str, subject: str) -> tuple[int, float]:
        """See :meth:`LocalWindows.count`."""
        key = limit.key_for(kind, subject)
        used = await self._storage.incr(key, limit.get_expiry())
        rounded = await self._storage.get_expiry(key) - time.time()
        return used, min(rounded + _REDIS_ROUNDING, limit.get_expiry())


async def _count(
    windows: LocalWindows | SharedWindows,
    limits: Sequence[RateLimitItem],
    kind: str,
    subject: str,
) -> list[Usage]:
    usages: list[Usage] = []
    for limit in limits:
        used, seconds_left = await windows.count(limit, kind, subject)
        reset = max(1, math.ceil(seconds_left))
        usages.append(Usage(f"{kind}-{limit.get_expiry()}", limit, used, reset))
        if usages[-1].is_exceeded:
            break
    return usages


Limits = tuple[RateLimitItem, ...]

UNLIMITED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Used by orchestrators and collectors, which would treat 429 as a failing process."""

WEBHOOKS: Final = "/v1/webhooks/"

ORDERS: Final = re.compile(
    r"(/v1/public/events|/e)/[^/]+/orders(/[^/]+/cancel)?|/v1/public/orders/[^/]+/cancel"
)
"""Paths at which anyone begins or cancels an order, by POST."""

ASSISTANT: Final = ("/v1/copilot", "/v1/understanding")
"""Paths at which the assistant is run, or reads a sentence, begin with one of them, by POST."""

UPLOADS: Final = "/v1/media"
"""The path to which pictures are uploaded, by POST."""

IPV6_SUBSCRIBER_PREFIX: Final = 64
"""One subscriber has all addresses of a /64 network (RFC 6177), so they share a limit."""


@dataclass(frozen=True)
class RateLimitPolicy:
    """An empty tuple means no limit."""

    per_user: Limits
    per_address: Limits
    orders: Limits
    webhooks: Limits
    uploads: Limits = ()
    """Of one tenant."""
    copilot: Limits = ()
    """Of one user."""

    @classmethod
    def from_settings(cls, settings: ApiSettings) -> "RateLimitPolicy":
        return cls(
            per_user=limits_of(settings.rate_limit),
            per_address=limits_of(settings.rate_limit_per_address),
            orders=limits_of(settings.rate_limit_orders),
            webhooks=limits_of(settings.rate_limit_webhooks),
            uploads=limits_of(settings.rate_limit_media),
            copilot=limits_of(settings.copilot_rate_limit),
        )


class RateLimit:
    """ASGI middleware. Counts by address before it verifies the token, so that invalid tokens cost
    little.

    A request counts for a user only if its token is valid, so no client can use up another's limit.
    The routes refuse an invalid one.
    """

    def __init__(
        self,
        app: ASGIApp,
        counters: RequestCounters,
        policy: RateLimitPolicy,
    ) -> None:
        self._app = app
        self._counters = counters
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        usages = await self._count(scope) if scope["type"] == "http" else []
        if usages:
            send = _with_fields(send, fields_of(usages))
        wait = seconds_to_wait(usages)
        if wait:
            refusal = RateLimited(
                f"Too many requests. Try again in {wait} seconds.", retry_after=wait
            )
            await respond(scope, receive, send, refusal)
        else:
            await self._app(scope, receive, send)

    async def _count(self, scope: Scope) -> list[Usage]:
        path = scope["path"]
        if path in UNLIMITED:
            return []
        address, policy = address_of(scope), self._policy
        if path.startswith(WEBHOOKS):
            return await self._counters.count(policy.webhooks, "webhooks", address)
        usages = await self._counters.count(policy.per_address, "address", address)
        if not seconds_to_wait(usages) and scope["method"] == "POST" and ORDERS.fullmatch(path):
            usages += await self._counters.count(policy.orders, "orders", address)
        if not seconds_to_wait(usages):
            usages += await self._count_user(scope)
        return usages

    async def _count_user(self, scope: Scope) -> list[Usage]:
        is_upload = scope["path"] == UPLOADS and scope["method"] == "POST"
        is_run = scope["path"].startswith(ASSISTANT) and scope["method"] == "POST"
        is_limited = (
            self._policy.per_user
            or (is_upload and self._policy.uploads)
            or (is_run and self._policy.copilot)
        )
        token = _bearer_token(scope) if is_limited else None
        if token is None:
            return []
        try:
            actor = (await identify(scope, token)).actor
        except (Unauthenticated, Unavailable):
            return []
        usages = await self._counters.count(self._policy.per_user, "user", actor.user_id)
        if is_upload and not seconds_to_wait(usages):
            usages += await self._counters.count(self._policy.uploads, "media", str(actor.tenant))
        if is_run and not seconds_to_wait(usages):
            usages += await self._counters.count(self._policy.copilot, "copilot", actor.user_id)
        return usages


def _with_fields(send: Send, fields: dict[str, str]) -> Send:
    raw = [(name.lower().encode(), value.encode()) for name, value in fields.items()]

    async def send_with_fields(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *raw]
        await send(message)

    return send_with_fields


def address_of(scope: Scope) -> str:
    """The address that a request counts for: an IPv4 address, or the network of an IPv6 address."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        return _subscriber(host)
    except ValueError:  # a Unix socket has no address, and a proxy may send any text
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


def limits_of(setting: str) -> Limits:
    """The limits of a setting. One that it names twice counts each request once."""
    return tuple(dict.fromkeys(parse_many(setting))) if setting else ()
