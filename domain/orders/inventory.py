"""How many tickets of an event are sold and held, and how many are left.

Free tiers are shown as free entry, and tiers with the quantity 0 are sold elsewhere: orders sell
neither, and they have no stock. Tickets without a quantity are limited by the event and the room
alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

from domain.json_values import JsonObject
from domain.publishing.event import Event
from domain.schemas.ticket import TierAccess, TierKind

WHOLE_EVENT: Final = ""
"""The tier id of the stock of the whole event."""


class Stock(BaseModel):
    """The numbers of one tier, or of the whole event."""

    model_config = ConfigDict(frozen=True)

    tier_id: str
    quantity: int | None = None
    """None: limited by the event and the room alone."""
    sold: int = 0
    held: int = 0
    amount: int = 0
    """What all orders paid, refunds included."""
    refunded: int = 0

    @property
    def taken(self) -> int:
        return self.sold + self.held


Stocks = Mapping[str, Stock]
"""By tier id, with :data:`WHOLE_EVENT` for the whole event."""


@dataclass(frozen=True)
class TicketLimit:
    """The most tickets of some tiers together."""

    tier_ids: frozenset[str]
    most: int


def sold_tiers(event: Event) -> list[JsonObject]:
    """The tiers that orders sell, hidden ones included."""
    return [tier for tier in event.ticket_tiers if is_sold(tier)]


def is_sold(tier: JsonObject) -> bool:
    """Whether the tier costs money, and is sold here."""
    is_free: bool = tier["kind"] == TierKind.FREE
    return not is_free and tier["quantity"] != 0


def is_offered(tier: JsonObject) -> bool:
    """Whether orders can sell the tier. One that an earlier release sold by a payment link has no
    price until ``python -m retire_links`` has made one."""
    return "priceId" in tier


def initial_stocks(event: Event) -> dict[str, Stock]:
    """The stocks of an event that has sold nothing."""
    tiers = sold_tiers(event)
    by_tier = {tier["id"]: Stock(tier_id=tier["id"], quantity=tier["quantity"]) for tier in tiers}
    whole = Stock(tier_id=WHOLE_EVENT, quantity=_most_of_event(event, tiers))
    return {WHOLE_EVENT: whole, **by_tier} if tiers else {}


def limits_of(event: Event) -> list[TicketLimit]:
    tiers = sold_tiers(event)
    limits = [
        TicketLimit(frozenset({tier["id"]}), tier["quantity"])
        for tier in tiers
        if tier["quantity"] is not None
    ]
    if event.total_capacity is not None:
        limits.append(TicketLimit(_ids(tiers), event.total_capacity))
    places = _places(event)
    if places is not None:
        limits.append(TicketLimit(_ids(_in_person(tiers)), places))
    return limits


def tickets_left(event: Event, stocks: Stocks, tier_id: str) -> int | None:
    """How many tickets of a tier can still be ordered; None if nothing limits them."""
    return min(
        (left for limit, left in _left_by_limit(event, stocks) if tier_id in limit.tier_ids),
        default=None,
    )


def fits(event: Event, stocks: Stocks, wanted: Mapping[str, int]) -> bool:
    """Whether so many tickets, by tier id, are left together."""
    return all(
        sum(wanted.get(tier_id, 0) for tier_id in limit.tier_ids) <= left
        for limit, left in _left_by_limit(event, stocks)
    )


def event_left(event: Event, stocks: Stocks) -> int | None:
    """How many tickets are left in all; None if nothing limits them."""
    by_tier = [tickets_left(event, stocks, tier["id"]) for tier in sold_tiers(event)]
    known = [left for left in by_tier if left is not None]
    all_tiers = sum(known) if len(known) == len(by_tier) else None
    whole = [
        left for limit, left in _left_by_limit(event, stocks) if limit.tier_ids >= _sold(event)
    ]
    return min((left for left in (all_tiers, *whole) if left is not None), default=None)


def _left_by_limit(event: Event, stocks: Stocks) -> Iterator[tuple[TicketLimit, int]]:
    for limit in limits_of(event):
        taken = sum(stocks[tier_id].taken for tier_id in limit.tier_ids if tier_id in stocks)
        yield limit, max(0, limit.most - taken)


def _most_of_event(event: Event, tiers: list[JsonObject]) -> int | None:
    """The least of the total capacity and, if all tickets are for the room, of its places."""
    places = _places(event) if len(_in_person(tiers)) == len(tiers) else None
    return min((most for most in (event.total_capacity, places) if most is not None), default=None)


def _places(event: Event) -> int | None:
    """The capacity of the room; an online event has none."""
    places: int | None = event.venue_data.get("capacity")
    return places


def _in_person(tiers: Iterable[JsonObject]) -> list[JsonObject]:
    return [tier for tier in tiers if tier.get("access") != TierAccess.ONLINE]


def _sold(event: Event) -> frozenset[str]:
    return _ids(sold_tiers(event))


def _ids(tiers: Iterable[JsonObject]) -> frozenset[str]:
    return frozenset(tier["id"] for tier in tiers)
