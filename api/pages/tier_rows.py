"""The rows of tickets: names, prices, whether they can be bought, and how many."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.pages.texts import amount_text, moment_text, plain_amount
from domain.json_values import JsonObject
from domain.orders.inventory import Stocks
from domain.orders.sales import SaleState, public_tier
from domain.publishing.event import Event
from domain.schemas.ticket import DEFAULT_MAX_PER_ORDER, TierAccess, TierKind, TierVisibility
from domain.schemas.venue import VenueMode

_STATES: Final = {
    SaleState.SCHEDULED: "Not yet",
    SaleState.PAUSED: "Paused",
    SaleState.SOLD_OUT: "Sold out",
    SaleState.ENDED: "Sale ended",
}
_GONE: Final = frozenset({SaleState.SOLD_OUT, SaleState.ENDED})

_NUMBER: Final = re.compile("[0-9]{1,6}")

_ACCESS: Final = {TierAccess.ONLINE: "online", TierAccess.IN_PERSON: "in person"}
"""Said of a hybrid event, whose tickets differ in it."""


@dataclass(frozen=True)
class TierRow:
    id: str
    name: str | None
    price: str | None
    notes: list[str]
    state: str
    """Instead of a choice, if there is none."""
    is_gone: bool
    choices: list[int]
    """Numbers of tickets that can be ordered, with 0; empty if the tier is not on sale."""
    chosen: int
    suggested: str | None
    """The suggested amount of a donation; None if the price is fixed."""
    lowest: int | None
    """The price in minor units."""


def tier_rows(
    event: Event,
    stocks: Stocks,
    now: datetime,
    *,
    account_lost: bool,
    entered: Mapping[str, str] | None = None,
) -> list[TierRow]:
    """Without hidden tiers. ``entered`` are the fields of a refused form."""
    shown = [tier for tier in event.ticket_tiers if tier.get("visibility") != TierVisibility.HIDDEN]
    only_one = len(shown) == 1
    return [
        _row(
            event,
            tier,
            public_tier(event, tier, stocks, now, account_lost=account_lost),
            now,
            entered or {},
            preselect=only_one,
        )
        for tier in shown
    ]


def _row(
    event: Event,
    tier: JsonObject,
    sale: JsonObject,
    now: datetime,
    entered: Mapping[str, str],
    *,
    preselect: bool,
) -> TierRow:
    is_free = tier["kind"] == TierKind.FREE
    gives = tier["kind"] == TierKind.DONATION
    state = SaleState(sale["sale_state"]) if sale["sale_state"] else None
    choices = _choices(tier, sale) if state is SaleState.ON_SALE else []
    amount = tier.get("unit_amount")
    suggested = plain_amount(amount, event.currency) if gives and amount is not None else None
    default = choices[1] if preselect and len(choices) > 1 else 0
    return TierRow(
        id=tier["id"],
        name=tier.get("name"),
        price=_price(tier, event.currency),
        notes=list(_notes(event, tier, sale, state, now)),
        state=_state_text(tier, state),
        is_gone=state in _GONE,
        choices=choices,
        chosen=_chosen(entered.get(f"tier.{tier['id']}"), choices, default),
        suggested=entered.get(f"amount.{tier['id']}", suggested) if gives else None,
        lowest=None if is_free else amount,
    )


def _state_text(tier: JsonObject, state: SaleState | None) -> str:
    if tier["kind"] == TierKind.FREE:
        return "No ticket needed"
    return _STATES.get(state, "") if state else "Not sold here"


def _choices(tier: JsonObject, sale: JsonObject) -> list[int]:
    left = sale["left"]
    most = tier["maxPerOrder"] if left is None else min(tier["maxPerOrder"], left)
    return [0, *range(tier["minPerOrder"], most + 1)]


def _chosen(text: str | None, choices: list[int], default: int) -> int:
    """The entered number, or the highest below it that can be ordered."""
    number = int(text) if text and _NUMBER.fullmatch(text) else default
    return max((choice for choice in choices if choice <= number), default=0)


def _price(tier: JsonObject, currency: str) -> str | None:
    if tier["kind"] == TierKind.FREE:
        return "Free"
    amount = tier.get("unit_amount")
    if amount is None:
        return None
    text = amount_text(amount, currency)
    return f"about {text}" if tier["kind"] == TierKind.DONATION else text


def _notes(
    event: Event, tier: JsonObject, sale: JsonObject, state: SaleState | None, now: datetime
) -> Iterator[str]:
    """The conditions in one line, and the description."""
    conditions = " · ".join(_conditions(event, tier, sale, state, now))
    if conditions:
        yield conditions
    if tier.get("description"):
        yield tier["description"]


def _conditions(
    event: Event, tier: JsonObject, sale: JsonObject, state: SaleState | None, now: datetime
) -> Iterator[str]:
    zone = ZoneInfo(event.timezone)
    if event.venue_mode == VenueMode.HYBRID and tier.get("access") in _ACCESS:
        yield _ACCESS[TierAccess(tier["access"])]
    if state is SaleState.SCHEDULED:
        yield f"from {_at(sale['sale_start'], zone, now)}"
    elif state is SaleState.ON_SALE and sale["sale_end"]:
        yield f"until {_at(sale['sale_end'], zone, now)}"
    if state is SaleState.ON_SALE:
        yield from _limits(tier, sale)
    if tier.get("minAmount"):
        yield f"at least {amount_text(tier['minAmount'], event.currency)}"


def _limits(tier: JsonObject, sale: JsonObject) -> Iterator[str]:
    if sale["left"] is not None:
        yield f"{sale['left']} left"
    least, most = tier["minPerOrder"], tier["maxPerOrder"]
    if least > 1:
        yield f"{least} to {most} per order" if most > least else f"{least} per order"
    elif most < DEFAULT_MAX_PER_ORDER:
        yield f"at most {most} per order"


def _at(text: str, zone: ZoneInfo, now: datetime) -> str:
    return moment_text(datetime.fromisoformat(text), zone, now)
