"""The steps that a run takes: each attempt of each of its activities, as a run shows them."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final, Self

from activities.checkouts import CheckoutActivities
from activities.events import EventActivities
from activities.payments import PaymentActivities
from domain import ids

READS: Final = frozenset(
    {
        ids.ACTIVITY_CHECK_ACCOUNT,
        PaymentActivities.stored_status.__name__,
        EventActivities.gather_publish_facts.__name__,
        CheckoutActivities.look_at_checkout.__name__,
        CheckoutActivities.find_checkout.__name__,
    }
)
"""Activities that only read what others have written. Whether a fault comes before or after their
effect makes no difference to anyone else."""

_STRIPES_QUEUES: Final = frozenset({ids.STRIPE_TASK_QUEUE, ids.ORDERS_STRIPE_TASK_QUEUE})

_PLACE: Final = re.compile(r"(?P<activity>[a-z_]+)\.(?P<call>\d+)\.(?P<attempt>\d+)")


@dataclass(frozen=True, order=True)
class Place:
    """An attempt of an activity. ``call`` counts the calls of the same activity, and ``attempt``
    the attempts of the call, both from 1."""

    activity: str
    call: int = 1
    attempt: int = 1

    def __str__(self) -> str:
        return f"{self.activity}.{self.call}.{self.attempt}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            ValueError: the text is no place.
        """
        found = _PLACE.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not like offer_tier.1.1: activity, call and attempt")
        return cls(found["activity"], int(found["call"]), int(found["attempt"]))


@dataclass(frozen=True)
class Step:
    """A place that a run has reached."""

    place: Place
    queue: str
    is_local: bool = False
    """A local activity has one attempt; a regular one follows it."""

    @property
    def calls_stripe(self) -> bool:
        return self.queue in _STRIPES_QUEUES

    @property
    def only_reads(self) -> bool:
        return self.place.activity in READS


class Trail:
    """The steps of one run, in the order in which they begin."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._calls: dict[tuple[str, str], int] = {}
        self._attempts: Counter[tuple[str, int]] = Counter()

    def add(self, activity: str, call_id: str, queue: str, *, is_local: bool = False) -> Place:
        """``call_id`` is the same for all attempts of a call."""
        known = sum(name == activity for name, _ in self._calls)
        call = self._calls.setdefault((activity, call_id), known + 1)
        self._attempts[activity, call] += 1
        place = Place(activity, call, self._attempts[activity, call])
        self.steps.append(Step(place, queue, is_local))
        return place
