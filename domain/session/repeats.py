"""Which requests a session has handled, so that a repeat has no second effect.

Keys of clients are remembered for a day, the newest thousand of them, over all runs of the session.
Ids that the system made for one attempt are repeated by the API at once, or never.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

MAX_KEYS: Final = 1000
MAX_AGE: Final = timedelta(hours=24)
MAX_SYSTEM_IDS: Final = 16

_DIGITS: Final = 12
"""Hex digits that are kept of a hash. A session hands all of them from run to run."""

_SYSTEM: Final = "*"
"""Begins the hash of a system's id."""


class HandledRequest(NamedTuple):
    """A request that had an effect."""

    id_hash: str
    """Of the idempotency key, or of the system's id."""
    fingerprint: str | None
    """The first digits of the request's fingerprint."""
    minute: int
    """When it was handled, in minutes since 1970."""
    is_partial: bool = False
    """It was refused after it took effect in part: the data was saved, the stage is incomplete."""

    def is_same_request(self, fingerprint: str | None) -> bool:
        """A request without a fingerprint is taken for the same."""
        return None in (fingerprint, self.fingerprint) or _digits(fingerprint) == self.fingerprint


class HandledRequests:
    """``carried`` are those of earlier runs, oldest first, as iterating over this gives them."""

    def __init__(self, carried: Iterable[HandledRequest] = ()) -> None:
        self._keys: dict[str, HandledRequest] = {}
        self._system_ids: dict[str, HandledRequest] = {}
        for handled in carried:
            self._kind_of(handled.id_hash)[handled.id_hash] = handled

    def __iter__(self) -> Iterator[HandledRequest]:
        yield from self._keys.values()
        yield from self._system_ids.values()

    def find(self, request_id: str, now: datetime) -> HandledRequest | None:
        id_hash = _hash(request_id)
        handled = self._kind_of(id_hash).get(id_hash)
        return None if handled is None or _is_old(handled, now) else handled

    def add(
        self, request_id: str, fingerprint: str | None, now: datetime, *, is_partial: bool = False
    ) -> None:
        id_hash = _hash(request_id)
        requests = self._kind_of(id_hash)
        requests.pop(id_hash, None)
        requests[id_hash] = HandledRequest(
            id_hash, _digits(fingerprint), _minute(now), is_partial=is_partial
        )
        limit = MAX_SYSTEM_IDS if requests is self._system_ids else MAX_KEYS
        while len(requests) > limit or _is_old(next(iter(requests.values())), now):
            del requests[next(iter(requests))]

    def discard(self, request_id: str) -> None:
        id_hash = _hash(request_id)
        self._kind_of(id_hash).pop(id_hash, None)

    def _kind_of(self, id_hash: str) -> dict[str, HandledRequest]:
        return self._system_ids if id_hash.startswith(_SYSTEM) else self._keys


def is_system_id(request_id: str) -> bool:
    """Ids that the system makes contain a space, which no client's key does."""
    return " " in request_id


def _is_old(handled: HandledRequest, now: datetime) -> bool:
    return _minute(now) - handled.minute > MAX_AGE // timedelta(minutes=1)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _hash(request_id: str) -> str:
    kind = _SYSTEM if is_system_id(request_id) else ""
    return kind + sha256(request_id.encode()).hexdigest()[:_DIGITS]


def _digits(fingerprint: str | None) -> str | None:
    return fingerprint and fingerprint[:_DIGITS]
