"""How often somebody may ask: a limit for each address, and one for each verified user."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from limits import RateLimitItem, parse_many
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth import TokenVerifier
from api.limits import Respond
from api.request_counters import RequestCounters
from domain.errors import RateLimited, Unauthenticated, Unavailable
from settings import ApiSettings

Limits = tuple[RateLimitItem, ...]

UNLIMITED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by orchestrators and collectors, which must not be told that a gateway is unwell."""

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
