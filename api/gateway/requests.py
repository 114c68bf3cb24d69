"""Recognising a request when it comes again."""

import hashlib
import json
import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from domain.errors import IdempotencyKeyReused, InvalidRequest

MAX_KEY_LENGTH: Final = 255

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Attempt:
    """One try of a request. With the client's own key, a repeat gets the same answer."""

    id: str
    given_by_client: bool

    @classmethod
    def of(cls, idempotency_key: str | None) -> "Attempt":
        """
        Raises:
            InvalidRequest: the key cannot be one.
        """
        if idempotency_key is None:
            return cls(token_hex(16), given_by_client=False)
        if not _KEY.fullmatch(idempotency_key):
            raise InvalidRequest(
                f"Idempotency-Key has to be 1 to {MAX_KEY_LENGTH} visible ASCII characters."
            )
        return cls(idempotency_key, given_by_client=True)

    def require_same(self, sent: str, recorded: str | None) -> None:
        """
        Raises:
            IdempotencyKeyReused: what was recorded under the key was another request.
        """
        if self.given_by_client and recorded is not None and recorded != sent:
            raise IdempotencyKeyReused


def fingerprint(operation: str, arguments: object) -> str:
    """The same for the same request; says nothing about its content."""
    text = json.dumps([operation, arguments], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
