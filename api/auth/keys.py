"""Keys that verify signatures, and the key sets that issuers publish. Times are in seconds.

Each key allows one algorithm, which no token can change. Key sets are fetched over HTTP and cached.
Keys are renewed in the background before they expire, and kept while their issuer is unavailable,
so that requests neither wait for an identity provider nor fail with it.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from math import inf
from typing import Any, Final, Protocol

import httpx
import structlog
from jwt import PyJWK, PyJWTError
from pydantic import SecretStr

from domain.errors import Unavailable

_ALGORITHMS: Final = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}
"""Algorithms by type and curve of a key. ``oct`` is excluded: shared secrets are not published."""

_PUBLIC_MEMBERS: Final = {
    "RSA": ("kty", "n", "e"),
    "EC": ("kty", "crv", "x", "y"),
    "OKP": ("kty", "crv", "x"),
}
"""The members of a public key: RFC 7518, section 6, and RFC 8037."""


class KeySetUnreadable(Exception):
    """The issuer's key set cannot be fetched or parsed. The message is for operators."""


@dataclass(frozen=True)
class VerificationKey:
    algorithm: str
    material: PyJWK | bytes = field(repr=False)
    kid: str | None = None


class KeySource(Protocol):
    """The keys of one issuer."""

    async def find(self, kid: str | None) -> VerificationKey | None:
        """The key with this id; None if the issuer has no such key.

        Raises:
            Unavailable: the issuer's keys cannot be fetched.
        """


class SharedSecret:
    """The only key of an issuer that signs with a secret (HS256). ``kid`` is ignored."""

    def __init__(self, secret: SecretStr) -> None:
        self._key = VerificationKey("HS256", secret.get_secret_value().encode())

    async def find(self, kid: str | None) -> VerificationKey | None:  # noqa: ARG002 - a parameter of the protocol
        return self._key


@dataclass(frozen=True)
class KeySet:
    """The usable keys of a JSON Web Key Set (RFC 7517)."""

    keys: tuple[VerificationKey, ...]

    def find(self, kid: str | None) -> VerificationKey | None:
        """The key with this id. Without a ``kid``, the key of an issuer that has only one."""
        if kid is None:
            return self.keys[0] if len(self.keys) == 1 else None
        return next((key for key in self.keys if key.kid == kid), None)


def parse_key_set(document: bytes) -> KeySet:
    """Parses a key set. Keys of other types and for other uses are ignored (RFC 7517, section 5).

    Raises:
        KeySetUnreadable: the document is not a key set.
    """
    try:
        parsed = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise KeySetUnreadable("the key set is not JSON") from error
    entries = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(entries, list):
        raise KeySetUnreadable("the key set has no list of keys")
    return KeySet(tuple(_usable(entries)))


def _usable(entries: list[Any]) -> Iterator[VerificationKey]:
    for entry in entries:
        key = _verification_key(entry) if isinstance(entry, dict) else None
        if key is not None:
            yield key


def _verification_key(jwk: dict[str, Any]) -> VerificationKey | None:
    algorithm = _algorithm(jwk)
    if algorithm is None or not _is_for_signatures(jwk):
        return None
    public = {name: jwk.get(name) for name in _PUBLIC_MEMBERS[jwk["kty"]]}
    if not all(isinstance(value, str) for value in public.values()):
        return None
    try:
        material = PyJWK(public, algorithm)
    except PyJWTError:
        return None
    kid = jwk.get("kid")
    return VerificationKey(algorithm, material, kid if isinstance(kid, str) else None)


def _algorithm(jwk: dict[str, Any]) -> str | None:
    """The algorithm of the key's type; None if it is unsupported, or if ``alg`` differs."""
    kty = jwk.get("kty")
    curve = None if kty == "RSA" else jwk.get("crv")
    if not isinstance(kty, str) or not isinstance(curve, str | None):
        return None
    algorithm = _ALGORITHMS.get((kty, curve))
    return algorithm if jwk.get("alg", algorithm) == algorithm else None


def _is_for_signatures(jwk: dict[str, Any]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return (
        jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations
    )


RENEW_AFTER: Final = 300.0
"""Keys of this age are renewed in the background."""

MAX_AGE: Final = 600.0
"""A request waits for the renewal of keys of this age, unless the latest fetch failed."""

STALE_IF_ERROR: Final = 86_400.0
"""Keys up to this age are used while the issuer does not respond."""

UNKNOWN_KEY_COOL_DOWN: Final = 30.0
"""The minimum time between two fetches for unknown key ids, which clients can invent."""

RETRY_PAUSE: Final = 1.0
"""The minimum time between a failed fetch and the next one."""

FETCH_TIMEOUT: Final = 3.0
MAX_KEY_SET_BYTES: Final = 256 * 1024

_log = structlog.get_logger(__name__)


class PublishedKeys:
    """The key set of one issuer."""

    def __init__(
        self,
        issuer: str,
        url: str,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._url = url
        self._http = http
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched_at = -inf
        self._failing = False
        self._retry_at = -inf
        self._next_lookup_at = -inf
        self._refreshing: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> VerificationKey | None:
        """See :meth:`api.auth.keys.KeySource.find`."""
        if self._age() >= RENEW_AFTER:
            await self._renew()
        key = self._usable_keys().find(kid)
        if key is None and self._may_refetch():
            await asyncio.shield(self._refresh())
            key = self._usable_keys().find(kid)
        return key

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _usable_keys(self) -> KeySet:
        if self._keys is None or self._age() >= STALE_IF_ERROR:
            raise Unavailable("The identity provider cannot be reached. Try again.")
        return self._keys

    async def _renew(self) -> None:
        if self._clock() < self._retry_at:
            return
        refresh = self._refresh()
        due = self._age() >= MAX_AGE and not self._failing
        if due or self._age() >= STALE_IF_ERROR:
            await asyncio.shield(refresh)

    def _may_refetch(self) -> bool:
        """Whether to fetch the set again for an unknown key id, which may be new."""
        if self._refreshing is not None:
            return True
        if self._clock() < self._next_lookup_at:
            return False
        self._next_lookup_at = self._clock() + UNKNOWN_KEY_COOL_DOWN
        return True

    def _refresh(self) -> asyncio.Task[None]:
        """Returns the refresh in progress, or starts one.

        It is a separate task, so that a cancelled request does not cancel it for others.
        """
        if self._refreshing is None:
            self._refreshing = asyncio.create_task(self._fetch())
        return self._refreshing

    async def _fetch(self) -> None:
        try:
            self._keys = await fetch_key_set(self._http, self._url)
        except KeySetUnreadable as error:
            self._failing = True
            self._retry_at = self._clock() + RETRY_PAUSE
            _log.warning("key set not refreshed", issuer=self._issuer, reason=str(error))
        else:
            self._failing = False
            self._fetched_at = self._clock()
        finally:
            self._refreshing = None


def key_set_client() -> httpx.AsyncClient:
    """A client that fetches key sets; the caller closes it."""
    return httpx.AsyncClient(verify=_certificates())


@cache
def _certificates() -> ssl.SSLContext:
    """The trusted certificates. To load them takes longer than all else that an application does
    when it starts."""
    return httpx.create_ssl_context()


async def fetch_key_set(http: httpx.AsyncClient, url: str) -> KeySet:
    """Fetches a key set. Does not follow redirects, because the URL is configured.

    Raises:
        KeySetUnreadable: there is no response in time, its status is not 200, or it is too large or
            not a key set.
    """
    try:
        async with asyncio.timeout(FETCH_TIMEOUT):
            document = await _download(http, url)
    except (TimeoutError, httpx.HTTPError) as error:
        raise KeySetUnreadable(f"no answer: {type(error).__name__}") from error
    return parse_key_set(document)


async def _download(http: httpx.AsyncClient, url: str) -> bytes:
    body = bytearray()
    headers = {
        "Accept": "application/jwk-set+json, application/json",
        "Accept-Encoding": "identity",
    }
    async with http.stream("GET", url, headers=headers, follow_redirects=False) as response:
        if response.status_code != httpx.codes.OK:
            raise KeySetUnreadable(f"the issuer answered {response.status_code}")
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_KEY_SET_BYTES:
                raise KeySetUnreadable(f"the key set is over {MAX_KEY_SET_BYTES} bytes")
    return bytes(body)
