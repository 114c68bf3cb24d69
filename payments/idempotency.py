"""Creates objects at Stripe at most once, with derived idempotency keys.

The same step of the same publication always has the same key. An idempotency key covers requests of
which it is unknown whether they arrived; Stripe forgets it after a day. Later, the object is found
by its natural key (:mod:`payments.models`).
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeVar

from domain.actors import Tenant
from payments.errors import AlreadyThere, FailureReplayed
from payments.outcomes import stripe_errors

Created = TypeVar("Created")

MAX_KEY_LENGTH: Final = 255
"""https://docs.stripe.com/api/idempotent_requests"""

MAX_GENERATIONS: Final = 20
"""Stripe stores a failure under the key, which can then no longer be used."""


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
    create: Callable[[str], Awaitable[Created]],
    find: Callable[[], Awaitable[Created | None]],
) -> Created:
    """Creates the object with the first key whose generation has no stored failure.

    ``create`` takes the idempotency key. ``find`` looks up by natural key, because a stored failure
    does not say whether the object was created.

    Raises:
        PaymentsError: the object does not exist.
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
    """A hash: ids from tokens may be of any length, and do not belong into Stripe's logs."""
    return f"account:{sha256(str(tenant).encode()).hexdigest()}"


def idempotency_key(
    session_id: str, step: str, generation: int, params: Mapping[str, object]
) -> str:
    """Contains a hash of the parameters: a session may be edited after a failure."""
    key = f"{session_id}:{step}:{generation}:{fingerprint(params)}"
    if len(key) > MAX_KEY_LENGTH:
        raise ValueError(f"an idempotency key has at most {MAX_KEY_LENGTH} characters")
    return key


def fingerprint(params: Mapping[str, object]) -> str:
    canonical = json.dumps(params, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:32]
