"""Idempotency keys: https://docs.stripe.com/api/idempotent_requests.

A key belongs to one account. v1 stores every response once the work has started, including server
errors. v2 stores successes only, so a failed request runs again. Neither stores an error from
before the work (a parameter, a rate limit, a key in use). Keys do not expire by age: the controls
expire them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.requests import ApiResponse, RawRequest
from dev.stripe_stand_in.state.models import StoredResponse
from dev.stripe_stand_in.state.store import Store

MAX_KEY_LENGTH: Final = 255


class IdempotencyKeys:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._in_use: set[str] = set()

    def replay(self, request: RawRequest) -> ApiResponse | None:
        """The stored response to the same request.

        Raises:
            ApiError: the key is too long, belongs to a different request, or is in use.
        """
        key = _scoped_key(request)
        if key is None:
            return None
        if key in self._in_use:
            raise errors.key_in_use(request.idempotency_key, is_v2=request.is_v2)
        stored = self._store.responses.get(key)
        if stored is None:
            return None
        _require_same_request(request, stored)
        headers = {"Idempotent-Replayed": "true", "Original-Request": stored.request_id}
        return ApiResponse(status=stored.status, body=stored.body, headers=headers)

    @contextmanager
    def in_use(self, request: RawRequest) -> Iterator[None]:
        """Reserves the key while the request runs."""
        key = _scoped_key(request)
        if key is None:
            yield
            return
        self._in_use.add(key)
        try:
            yield
        finally:
            self._in_use.discard(key)

    def store(self, request: RawRequest, response: ApiResponse) -> None:
        key = _scoped_key(request)
        if key is None or (request.is_v2 and not response.is_success):
            return
        stored = StoredResponse(
            method=request.method,
            path=request.path,
            params=request.params,
            request_id=request.id,
            status=response.status,
            body=response.body,
        )
        self._store.keep("responses", key, stored)


def _scoped_key(request: RawRequest) -> str | None:
    if not request.takes_key or request.idempotency_key is None:
        return None
    if len(request.idempotency_key) > MAX_KEY_LENGTH:
        raise errors.ApiError(
            f"Idempotency keys can be at most {MAX_KEY_LENGTH} characters long.",
            kind=errors.IDEMPOTENCY,
        )
    return f"{request.account}:{request.idempotency_key}"


def _require_same_request(request: RawRequest, stored: StoredResponse) -> None:
    key = request.idempotency_key or ""
    if (request.method, request.path) != (stored.method, stored.path):
        difference = f"for the same endpoint ('{stored.path}')"
    elif request.params != stored.params:
        difference = "with the same parameters"
    else:
        return
    raise errors.key_reused(key, difference, is_v2=request.is_v2)
