"""Creates objects at Stripe at most once, with derived idempotency keys.

The same step of the same publication always has the same key. The key protects a request whose
outcome is unknown; Stripe forgets it after a day. Later, the object is found by its natural key
(:mod:`payments.models`).
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Generic, TypeVar

import stripe

from domain.actors import Tenant
from payments.errors import FailureReplayed, ObjectAlreadyExists
from payments.outcomes import stripe_errors

Created = TypeVar("Created", bound=stripe.StripeObject)

MAX_KEY_LENGTH: Final = 255
"""Source: https://docs.stripe.com/api/idempotent_requests."""

MAX_KEYS: Final = 20
"""Of one creation. Each failure that Stripe stores under a key uses it up."""


@dataclass(frozen=True)
class Creation:
    """One step of a session's publication that creates one object."""

    session_id: str
    step: str
    params: Mapping[str, object]

    def key(self, number: int) -> str:
        return idempotency_key(self.session_id, self.step, number, self.params)


@dataclass(frozen=True)
class Once(Generic[Created]):
    """``is_new`` is true only if this call created the object: nothing else refers to it yet."""

    object: Created
    is_new: bool


async def create_once(
    creation: Creation,
    create: Callable[[str], Awaitable[Created]],
    find: Callable[[], Awaitable[Created | None]],
) -> Once[Created]:
    """Creates the object with the first key that has no stored response.

    Args:
        creation: the step.
        create: takes the idempotency key.
        find: looks up by natural key. It is called only for an object that may exist: a stored
            failure does not tell whether it was created, and a stored success is of an earlier
            attempt, after which the object may have been changed.

    Raises:
        PaymentsError: the object was not created, or may not have been.
    """
    for number in range(1, MAX_KEYS + 1):
        try:
            with stripe_errors():
                created = await create(creation.key(number))
            if not is_replayed(created):
                return Once(created, is_new=True)
            found = await find()
        except ObjectAlreadyExists:
            found = await find()
            if found is None:
                raise
        except FailureReplayed:
            found = await find()
        if found is not None:
            return Once(found, is_new=False)
    raise FailureReplayed(
        "Stripe replays a stored response under every key", code="payments_failure_replayed"
    )


def is_replayed(created: stripe.StripeObject) -> bool:
    """Whether the response is the stored one of an earlier attempt."""
    response = created.last_response
    return response is not None and response.headers.get("idempotent-replayed") == "true"


def account_key(tenant: Tenant, *, livemode: bool, generation: int) -> str:
    """The same for all members of a tenant. Contains a hash, because ids from tokens may be long
    and should not be in Stripe's logs."""
    mode = "live" if livemode else "test"
    return f"account:{mode}:{generation}:{sha256(str(tenant).encode()).hexdigest()}"


def idempotency_key(owner: str, step: str, number: int, params: Mapping[str, object]) -> str:
    """Contains a hash of the parameters, because a session may be edited after a failure.

    Args:
        owner: the id of a session, or the name of an order.
        step: what is created.
        number: of the key, from 1; the next one follows a stored failure.
        params: of the request.

    Raises:
        ValueError: the key is too long for Stripe.
    """
    key = f"{owner}:{step}:{number}:{fingerprint(params)}"
    if len(key) > MAX_KEY_LENGTH:
        raise ValueError(f"an idempotency key has at most {MAX_KEY_LENGTH} characters")
    return key


def fingerprint(params: Mapping[str, object]) -> str:
    canonical = json.dumps(params, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:32]
