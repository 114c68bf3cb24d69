"""Creating at Stripe at most once, whatever happens on the way."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from payments.errors import AlreadyThere, FailureReplayed
from payments.keys import idempotency_key
from payments.outcomes import stripe_errors

T = TypeVar("T")

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
