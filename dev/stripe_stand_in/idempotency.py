"""What an ``Idempotency-Key`` does: https://docs.stripe.com/api/idempotent_requests.

A key belongs to one account. v1 keeps whatever was answered once the work had begun, server errors
too. v2 keeps successes only: what failed runs again. Neither keeps what was refused before the work
began (a parameter, a limit, a key in use). Keys do not age here: the controls expire them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from dev.stripe_stand_in import errors
from dev.stripe_stand_in.calls import Answer, Call
from dev.stripe_stand_in.records import StoredAnswer
from dev.stripe_stand_in.store import Store

MAX_KEY_LENGTH: Final = 255


class IdempotencyKeys:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._in_use: set[str] = set()

    def replay(self, call: Call) -> Answer | None:
        """The stored answer to the same call.

        Raises:
            Refusal: the key is too long, stands for another call, or for one that still runs.
        """
        key = _scoped(call)
        if key is None:
            return None
        if key in self._in_use:
            raise errors.key_in_use(call.idempotency_key)
        stored = self._store.answers.get(key)
        if stored is None:
            return None
        _require_same(call, stored)
        headers = {"Idempotent-Replayed": "true", "Original-Request": stored.request_id}
        return Answer(status=stored.status, body=stored.body, headers=headers)

    @contextmanager
    def held(self, call: Call) -> Iterator[None]:
        """While the call runs, nobody else can use its key."""
        key = _scoped(call)
        if key is None:
            yield
            return
        self._in_use.add(key)
        try:
            yield
        finally:
            self._in_use.discard(key)

    def keep(self, call: Call, answer: Answer) -> None:
        key = _scoped(call)
        if key is None or (call.is_v2 and not answer.is_success):
            return
        self._store.answers[key] = StoredAnswer(
            method=call.method,
            path=call.path,
            params=call.params,
            request_id=call.id,
            status=answer.status,
            body=answer.body,
        )
        self._store.changed()


def _scoped(call: Call) -> str | None:
    if not call.writes or call.idempotency_key is None:
        return None
    if len(call.idempotency_key) > MAX_KEY_LENGTH:
        raise errors.Refusal(
            f"Idempotency keys can be at most {MAX_KEY_LENGTH} characters long.",
            kind="idempotency_error",
        )
    return f"{call.account}:{call.idempotency_key}"


def _require_same(call: Call, stored: StoredAnswer) -> None:
    key = call.idempotency_key or ""
    if (call.method, call.path) != (stored.method, stored.path):
        raise errors.key_reused(key, f"for the same endpoint ('{stored.path}')")
    if call.params != stored.params:
        raise errors.key_reused(key, "with the same parameters")
