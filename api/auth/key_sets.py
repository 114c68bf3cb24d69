"""The keys that an issuer publishes: fetched over HTTP, kept, and renewed.

Times in seconds. Saves must not wait for an identity provider, nor fail with it, so the keys are
renewed beside a request before they are due, and outlive an issuer that is down.
"""

import asyncio
import time
from collections.abc import Callable
from math import inf
from typing import Final

import httpx
import structlog

from api.auth.keys import KeySet, KeySetUnreadable, VerificationKey, parse_key_set
from domain.errors import Unavailable

RENEW_AFTER: Final = 300.0
"""From this age on the keys are renewed in the background of a request."""

MAX_AGE: Final = 600.0
"""From this age on a request waits for new keys, as long as the issuer answers."""

STALE_IF_ERROR: Final = 86_400.0
"""Up to this age the keys are used while the issuer does not answer."""

UNKNOWN_KEY_COOL_DOWN: Final = 30.0
"""Tokens with made-up key ids make us ask the issuer no more often than this."""

RETRY_PAUSE: Final = 1.0
"""After a failure the issuer is left alone for this long."""

FETCH_TIMEOUT: Final = 3.0
MAX_KEY_SET_BYTES: Final = 256 * 1024

log = structlog.get_logger(__name__)


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
        self._look_again_at = -inf
        self._refreshing: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> VerificationKey | None:
        """See :meth:`api.auth.keys.KeySource.find`."""
        if self._age() >= RENEW_AFTER:
            await self._renew()
        key = self._usable_keys().find(kid)
        if key is None and self._may_look_again():
            await asyncio.shield(self._refresh())
            key = self._usable_keys().find(kid)
        return key

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _usable_keys(self) -> KeySet:
        if self._keys is None or self._age() >= STALE_IF_ERROR:
            raise Unavailable("The identity provider cannot be reached; please try again.")
        return self._keys

    async def _renew(self) -> None:
        if self._clock() < self._retry_at:
            return
        refresh = self._refresh()
        due = self._age() >= MAX_AGE and not self._failing
        if due or self._age() >= STALE_IF_ERROR:
            await asyncio.shield(refresh)

    def _may_look_again(self) -> bool:
        """Whether to ask for a key that is not in the set: it may have been added since."""
        if self._refreshing is not None:
            return True
        if self._clock() < self._look_again_at:
            return False
        self._look_again_at = self._clock() + UNKNOWN_KEY_COOL_DOWN
        return True

    def _refresh(self) -> asyncio.Task[None]:
        """Joins the refresh that is under way, or starts one.

        A task of its own, because a caller that hangs up must not take it from the others.
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
            log.warning("key_set_not_refreshed", issuer=self._issuer, reason=str(error))
        else:
            self._failing = False
            self._fetched_at = self._clock()
        finally:
            self._refreshing = None


async def fetch_key_set(http: httpx.AsyncClient, url: str) -> KeySet:
    """Reads a key set from its address. Redirects are not followed: the address is configured.

    Raises:
        KeySetUnreadable: no answer in time, another answer than 200, too large, or no key set.
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
