"""What happens in the sale of one seed: the tickets, the buyers, the webhooks. Pure.

A seed always has the same plan. Only the order of requests that are sent at the same time differs
from run to run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

BUYERS: Final = 50
SAMPLE: Final = 24
"""Buyers of a seed in ``make test``, who have fewer places."""

SAMPLE_SEEDS: Final = (1, 2, 3, 4, 5)
"""Those of ``make test``. Together, they have each deed, each delivery and each way of asking."""

MAX_TIERS: Final = 4
MAX_TICKETS: Final = 4
"""Tickets of one tier that a buyer wants."""

_MAX_PLACES: Final = 60
"""Of all limited tiers together, for so many buyers as ``BUYERS``."""

_MAX_WAVE: Final = 13
"""Buyers who come at the same time."""


class Deed(StrEnum):
    """What a buyer does once the checkout is open."""

    PAY = "pay"
    PAY_AT_THE_LAST_SECOND = "pay at the last second"
    PAY_TOO_LATE = "pay too late"
    PAY_BY_DEBIT = "pay by a debit that succeeds"
    PAY_BY_BAD_DEBIT = "pay by a debit that fails"
    LEAVE = "leave"
    CANCEL = "cancel"
    CANCEL_WHILE_PAYING = "cancel while paying"
    GET_REFUND = "pay, and get a refund"
    GET_PART_BACK = "pay, and get a part back"
    DISPUTE = "pay, and dispute it"


_WEIGHTS: Final = {
    Deed.PAY: 8,
    Deed.PAY_AT_THE_LAST_SECOND: 2,
    Deed.PAY_TOO_LATE: 1,
    Deed.PAY_BY_DEBIT: 2,
    Deed.PAY_BY_BAD_DEBIT: 2,
    Deed.LEAVE: 4,
    Deed.CANCEL: 3,
    Deed.CANCEL_WHILE_PAYING: 2,
    Deed.GET_REFUND: 2,
    Deed.GET_PART_BACK: 1,
    Deed.DISPUTE: 1,
}

NEEDS_A_CLOCK: Final = frozenset({Deed.PAY_AT_THE_LAST_SECOND, Deed.PAY_TOO_LATE})
"""Deeds that need a server whose time can be moved."""


class Delivery(StrEnum):
    """How the webhooks of a wave arrive."""

    PROMPT = "prompt"
    DOUBLED = "doubled"
    LATE = "late"
    SHUFFLED = "shuffled"
    """Held back until the wave is over, and then sent in random order."""
    NEVER = "never"


class Asking(StrEnum):
    """How a buyer sends the order. All repeats have the same key."""

    ONCE = "once"
    DOUBLE_CLICK = "double click"
    AFTER_A_DROPPED_ANSWER = "again after a dropped answer"
    AGAIN_LATER = "again when the order is over"


@dataclass(frozen=True)
class TierPlan:
    name: str
    unit_amount: int
    """Minor units."""
    quantity: int | None
    """None: bounded by the whole event alone."""


@dataclass(frozen=True)
class Wish:
    """Tickets by the index of their tier."""

    tickets: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        return " and ".join(f"{count} of tier {tier}" for tier, count in self.tickets)


@dataclass(frozen=True)
class BuyerPlan:
    number: int
    wish: Wish
    deed: Deed
    asking: Asking


@dataclass(frozen=True)
class Wave:
    """Buyers who come at the same time. ``pauses``: the organizer pauses the sale after them."""

    buyers: tuple[BuyerPlan, ...]
    delivery: Delivery
    pauses: bool


@dataclass(frozen=True)
class SalePlan:
    seed: int
    tiers: tuple[TierPlan, ...]
    total_capacity: int | None
    hall: int
    waves: tuple[Wave, ...]

    @property
    def capacity(self) -> int:
        """Of all tiers together; they are all for people in the hall."""
        return min(self.total_capacity or self.hall, self.hall)

    @property
    def buyers(self) -> list[BuyerPlan]:
        return [buyer for wave in self.waves for buyer in wave.buyers]


def plan_of(
    seed: int,
    *,
    buyers: int = BUYERS,
    deeds: Sequence[Deed] = tuple(Deed),
    deliveries: Sequence[Delivery] = tuple(Delivery),
) -> SalePlan:
    """``deeds`` and ``deliveries`` are those that may occur. The number of places grows with that
    of the buyers."""
    random = Random(seed)
    tiers = _tiers(random, _MAX_PLACES * buyers // BUYERS)
    limited = sum(tier.quantity or 0 for tier in tiers)
    open_places = random.randint(5, 20) if any(tier.quantity is None for tier in tiers) else 0
    capacity = limited + open_places
    # Either the event or the hall has the smaller number, as in the two ways to state it.
    by_event = random.random() < 0.5
    return SalePlan(
        seed=seed,
        tiers=tiers,
        total_capacity=capacity if by_event else None,
        hall=capacity + random.randint(0, 10) if by_event else capacity,
        waves=_waves(random, _buyers(random, len(tiers), buyers, deeds), deliveries),
    )


def _tiers(random: Random, places: int) -> tuple[TierPlan, ...]:
    count = random.randint(1, MAX_TIERS)
    return tuple(
        TierPlan(
            name=f"Row {number}",
            unit_amount=100 * random.randint(5, 90),
            quantity=None if random.random() < 0.3 else random.randint(3, places // count),
        )
        for number in range(count)
    )


def _buyers(random: Random, tiers: int, count: int, deeds: Sequence[Deed]) -> list[BuyerPlan]:
    weights = [_WEIGHTS[deed] for deed in deeds]
    return [
        BuyerPlan(
            number=number,
            wish=_wish(random, tiers),
            deed=random.choices(deeds, weights)[0],
            asking=random.choices(tuple(Asking), (5, 2, 2, 1))[0],
        )
        for number in range(count)
    ]


def _wish(random: Random, tiers: int) -> Wish:
    kinds = random.sample(range(tiers), min(tiers, random.choice((1, 1, 1, 2))))
    return Wish(tuple((tier, random.randint(1, MAX_TICKETS)) for tier in sorted(kinds)))


def _waves(
    random: Random, buyers: list[BuyerPlan], deliveries: Sequence[Delivery]
) -> tuple[Wave, ...]:
    waves = -(-len(buyers) // _MAX_WAVE)
    size = -(-len(buyers) // waves)
    return tuple(
        Wave(
            buyers=tuple(buyers[first : first + size]),
            delivery=random.choice(deliveries),
            pauses=random.random() < 0.25,
        )
        for first in range(0, len(buyers), size)
    )
