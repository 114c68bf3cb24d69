"""Suggestions of tickets that fit the places, with round prices in the currency."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from babel.numbers import get_territory_currencies

from copilot.suggestions.basis import Basis, Suggestion
from domain.json_values import JsonObject
from domain.schemas.event import EventType
from domain.schemas.ticket import Tier, TierKind
from domain.stages import Stage
from domain.values.local_time import local
from domain.values.money import DEFAULT_CURRENCY, STRIPE_CURRENCIES, currency

_PRICES: Final[dict[EventType, tuple[int, int, int]]] = {
    EventType.FASHION_SHOW: (30, 40, 50),
    EventType.POPUP: (8, 10, 12),
    EventType.EXHIBITION: (12, 15, 18),
}
"""Of early, standard and last tickets, in units of a currency like the dollar."""

_SCALES: Final[dict[str, int]] = {
    **dict.fromkeys(("aud", "cad", "chf", "eur", "gbp", "nzd", "sgd", "usd"), 1),
    **dict.fromkeys(("aed", "brl", "myr", "pln", "ron"), 5),
    **dict.fromkeys(("dkk", "hkd", "nok", "sek", "zar"), 10),
    **dict.fromkeys(("czk", "mxn", "thb", "twd"), 25),
    **dict.fromkeys(("inr", "isk", "jpy"), 100),
    "huf": 400,
    "krw": 1_000,
}
"""Round factors from the dollar. Other currencies have no suggested prices."""

_SHARES: Final = (30, 50)
"""Early and standard tickets, in percent of the places. The rest are last tickets."""
_FEWEST_FOR_A_SET: Final = 10
_CAPACITIES: Final[dict[EventType, int]] = {
    EventType.FASHION_SHOW: 200,
    EventType.POPUP: 80,
    EventType.EXHIBITION: 150,
    EventType.LAUNCH: 120,
}
_EARLY_ENDS: Final = timedelta(days=28)
_LAST_STARTS: Final = timedelta(days=7)
_SHORTEST_SALE: Final = timedelta(days=3)
_REFUND_DAYS: Final = 7
_NOON: Final = 12
_EARLY: Final = re.compile(r"\bearly\b|früh", re.IGNORECASE)
_LAST: Final = re.compile(r"\b(?:last|late|letzte)\b", re.IGNORECASE)


def currencies(basis: Basis) -> Iterator[Suggestion]:
    """Of the account, or of the venue's country. Not if amounts are typed already."""
    code = _likely_currency(basis)
    amounts = (tier.unit_amount for tier in basis.data.ticket.tiers or [])
    if code is not None and not any(amounts):
        is_own = code == basis.circumstances.currency
        yield _suggestion(
            "/currency", code, "currency_of_account" if is_own else "currency_of_country"
        )


def total_capacities(basis: Basis) -> Iterator[Suggestion]:
    venue, kind = basis.data.venue, basis.data.event.type
    if basis.is_in_person and venue.capacity is not None:
        yield _suggestion("/totalCapacity", venue.capacity, "capacity_of_venue")
    elif basis.is_in_person and kind is not None:
        capacity = _CAPACITIES[kind]
        yield _suggestion("/totalCapacity", capacity, "usual_for_type", type=kind.value)


def tier_sets(basis: Basis) -> Iterator[Suggestion]:
    """A usual set of tickets: free for a launch, else early, standard and last ones."""
    kind, ticket = basis.data.event.type, basis.data.ticket
    if kind is None:
        return
    if kind is EventType.LAUNCH:
        free = {"name": basis.writes_in.tiers["free"], "unit_amount": 0}
        yield _suggestion("/tiers", [_with_quantity(free, _places(basis))], "free_for_launch")
        return
    # The amounts depend on the currency, so that one is chosen first.
    if ticket.currency is None and _likely_currency(basis) not in (None, DEFAULT_CURRENCY):
        return
    amounts = _amounts(kind, ticket.effective_currency)
    if amounts:
        yield _suggestion("/tiers", _paid_tiers(basis, amounts), "usual_for_type", type=kind.value)


def sale_periods(basis: Basis) -> Iterator[Suggestion]:
    """The end of an early sale, and the start of a last one."""
    early_end, last_start = _moment(basis, _EARLY_ENDS), _moment(basis, _LAST_STARTS)
    for index, tier in enumerate(basis.data.ticket.tiers or []):
        if early_end and _may_end(tier):
            pointer = f"/tiers/{index}/saleEnd"
            yield _suggestion(pointer, early_end, "before_event", days=_EARLY_ENDS.days)
        if last_start and _may_start(tier):
            pointer = f"/tiers/{index}/saleStart"
            yield _suggestion(pointer, last_start, "before_event", days=_LAST_STARTS.days)


def refund_policies(basis: Basis) -> Iterator[Suggestion]:
    if basis.data.ticket.takes_payment:
        policy = {"kind": "until_days", "days": _REFUND_DAYS}
        yield _suggestion("/refundPolicy", policy, "before_event", days=_REFUND_DAYS)


def _likely_currency(basis: Basis) -> str | None:
    country = basis.address.country
    local_ones = get_territory_currencies(country) if country else []
    codes = (basis.circumstances.currency, *(code.lower() for code in local_ones))
    return next((code for code in codes if code in STRIPE_CURRENCIES), None)


def _amounts(kind: EventType, code: str) -> tuple[int, ...]:
    """In the minor unit; empty if there is no usual price in the currency."""
    rules, scale = currency(code), _SCALES.get(code)
    if scale is None:
        return ()
    return tuple(price * scale * 10**rules.decimals for price in _PRICES[kind])


def _paid_tiers(basis: Basis, amounts: tuple[int, ...]) -> list[JsonObject]:
    early, standard, last = amounts
    names = basis.writes_in.tiers
    places, early_end, last_start = (
        _places(basis),
        _moment(basis, _EARLY_ENDS),
        _moment(basis, _LAST_STARTS),
    )
    is_small = places is not None and places < _FEWEST_FOR_A_SET
    if is_small or early_end is None or last_start is None:
        return [_with_quantity({"name": names["standard"], "unit_amount": standard}, places)]
    first, second = (places * share // 100 if places else None for share in _SHARES)
    rest = places - first - second if places and first and second else None
    return [
        _with_quantity({"name": names["early"], "unit_amount": early, "saleEnd": early_end}, first),
        _with_quantity({"name": names["standard"], "unit_amount": standard}, second),
        _with_quantity({"name": names["last"], "unit_amount": last, "saleStart": last_start}, rest),
    ]


def _with_quantity(tier: JsonObject, quantity: int | None) -> JsonObject:
    return tier if quantity is None else {**tier, "quantity": quantity}


def _places(basis: Basis) -> int | None:
    """The lower of the two capacities; None if neither is known."""
    room = basis.data.venue.capacity if basis.is_in_person else None
    known = [places for places in (basis.data.ticket.total_capacity, room) if places]
    return min(known, default=None)


def _moment(basis: Basis, before: timedelta) -> str | None:
    """Noon some days before the event, in its time zone; None if that is too soon."""
    day = basis.data.event.date
    if day is None or basis.schedule.last_day is None:
        return None
    moment = datetime(day.year, day.month, day.day, _NOON) - before  # noqa: DTZ001 - local time
    at = local(moment.date(), moment.time(), basis.schedule.zone)
    return f"{moment:%Y-%m-%dT%H:%M}" if at - basis.now > _SHORTEST_SALE else None


def _may_end(tier: Tier) -> bool:
    return bool(_EARLY.search(tier.name or "")) and tier.kind is not TierKind.DONATION


def _may_start(tier: Tier) -> bool:
    return bool(_LAST.search(tier.name or "")) and tier.kind is not TierKind.DONATION


def _suggestion(pointer: str, value: object, reason_code: str, **params: object) -> Suggestion:
    return Suggestion(Stage.TICKET_SETUP, pointer, value, reason_code, params)
