"""Recognises repeated requests: idempotency keys, fingerprints, canonical ids."""

import hashlib
import json
import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Final
from uuid import UUID

from domain.errors import IdempotencyKeyReused, InvalidRequest, SessionNotFound

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


_CANONICAL_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def canonical_id(text: str) -> str | None:
    """A UUID as it is stored; None where the text is none."""
    if _CANONICAL_ID.fullmatch(text):  # as nearly always, and faster
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return None


def canonical_session_id(text: str) -> str:
    """
    Raises:
        SessionNotFound: the text is no UUID, so no session has it.
    """
    known = canonical_id(text)
    if known is None:
        raise SessionNotFound
    return known
