"""Tokens that were verified a moment ago: a front end sends the same one with every save."""

import time
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from domain.actors import Actor

MAX_AGE: Final = 60.0
"""Seconds. A key that its issuer withdraws is trusted no longer than this beyond its renewal."""

MAX_TOKENS: Final = 10_000


class VerifiedTokens:
    """Remembers whom a token stands for; by the token's hash, so that no token is kept."""

    def __init__(
        self, *, max_tokens: int = MAX_TOKENS, clock: Callable[[], float] = time.time
    ) -> None:
        self._max_tokens = max_tokens
        self._clock = clock
        self._entries: dict[bytes, tuple[Actor, float]] = {}

    def get(self, token: str) -> Actor | None:
        key = _hash(token)
        actor, until = self._entries.get(key, (None, 0.0))
        if actor is not None and until <= self._clock():
            del self._entries[key]
            return None
        return actor

    def put(self, token: str, actor: Actor, *, expires_at: float) -> None:
        """``expires_at`` is the token's ``exp``: the leeway ends a token's life here."""
        if len(self._entries) >= self._max_tokens:
            # The oldest goes: dictionaries keep their order, and no entry lives long.
            del self._entries[next(iter(self._entries))]
        until = min(expires_at, self._clock() + MAX_AGE)
        self._entries[_hash(token)] = (actor, until)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
