"""Creating at Stripe at most once: derived idempotency keys, and the creation that uses them.

The same publication always yields the same ones. *Natural keys* (a product's own id, a price's
lookup key, a link's metadata; :mod:`payments.models`) name an object for ever. *Idempotency keys*
cover the moments in which a request may or may not have arrived; Stripe forgets them after a day.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeVar

from domain.actors import Tenant
from payments.errors import AlreadyThere, FailureReplayed
from payments.outcomes import stripe_errors

T = TypeVar("T")

MAX_KEY_LENGTH: Final = 255
"""https://docs.stripe.com/api/idempotent_requests"""

MAX_GENERATIONS: Final = 20
"""Whenever Stripe fails it stores the failure under the key, which is then of no more use."""


@dataclass(frozen=True)
class Creation:
    """One step of a session's publication that creates one object."""

    session_id: str
    step: str
    params: Mapping[str, object]

    def key(self, generation: int) -> str:
        return idempotency_key(self.session_id, self.step, generation, self.params)


async def create_once(
    creation: Creation,
    create: Callable[[str], Awaitable[T]],
    find: Callable[[], Awaitable[T | None]],
) -> T:
    """Creates with the key of the first generation that is not spent.

    ``create`` takes the idempotency key. ``find`` looks up by natural key, because a stored
    failure does not tell whether the object came to be.

    Raises:
        PaymentsError: the object is not there. Where ``retryable``, a repeat goes on from here.
    """
    generation = 1
    while True:
        try:
            with stripe_errors():
                return await create(creation.key(generation))
        except (AlreadyThere, FailureReplayed) as error:
            found = await find()
            if found is not None:
                return found
            if isinstance(error, AlreadyThere) or generation == MAX_GENERATIONS:
                raise
        generation += 1


def account_key(tenant: Tenant) -> str:
    """A hash, because ids from tokens are as long as they like and no business of Stripe's logs."""
    return f"account:{sha256(str(tenant).encode()).hexdigest()}"


def idempotency_key(
    session_id: str, step: str, generation: int, params: Mapping[str, object]
) -> str:
    """The hash lets a session that was edited after a failure send other parameters."""
    key = f"{session_id}:{step}:{generation}:{fingerprint(params)}"
    if len(key) > MAX_KEY_LENGTH:
        raise ValueError(f"an idempotency key has at most {MAX_KEY_LENGTH} characters")
    return key


def fingerprint(params: Mapping[str, object]) -> str:
    canonical = json.dumps(params, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:32]
