"""Recognizes repeated requests: idempotency keys, fingerprints."""

import hashlib
import json
import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from api.errors import header_error
from domain.errors import ErrorCode, IdempotencyKeyReused, InvalidRequest

MAX_KEY_LENGTH: Final = 255

_SORTED: Final = json.JSONEncoder(sort_keys=True, default=str)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Attempt:
    """One attempt at a request. With the client's own key, a repeat gets the same response."""

    id: str
    given_by_client: bool

    @classmethod
    def of(cls, idempotency_key: str | None) -> "Attempt":
        """
        Raises:
            InvalidRequest: the key is too long or has other characters.
        """
        if idempotency_key is None:
            return cls.of_system(system_id("attempt"))
        if not _KEY.fullmatch(idempotency_key):
            error = header_error(
                "Idempotency-Key",
                ErrorCode.INVALID_FORMAT,
                format="idempotency_key",
                max=MAX_KEY_LENGTH,
            )
            raise InvalidRequest(error.message, errors=[error])
        return cls(idempotency_key, given_by_client=True)

    @classmethod
    def of_system(cls, update_id: str) -> "Attempt":
        """``update_id`` contains a space, so it is never a client's key."""
        return cls(update_id, given_by_client=False)

    def require_same(self, sent: str | None, recorded: str | None) -> None:
        """
        Raises:
            IdempotencyKeyReused: the key belongs to a different request.
        """
        if self.given_by_client and recorded is not None and recorded != sent:
            raise IdempotencyKeyReused


def system_id(purpose: str) -> str:
    """A new id that no client can send as its key: it contains a space."""
    return f"{purpose} {token_hex(16)}"


def fingerprint(operation: str, arguments: object) -> str:
    """A hash of a request: equal for equal requests."""
    text = _SORTED.encode([operation, arguments])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
