"""The sales of an event: whether its tickets are on sale, derived from the event and the time."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from domain.json_values import JsonObject
from domain.orders.inventory import (
    WHOLE_EVENT,
    Stock,
    Stocks,
    event_left,
    is_offered,
    is_sold,
    sold_tiers,
    tickets_left,
)
from domain.publishing.event import Event, SalesSwitch

SHOWN_LEFT: Final = 10
"""The public sees how many tickets are left if they are at most so many."""


class SaleState(StrEnum):
    SCHEDULED = "scheduled"
    """The sale starts later."""
    ON_SALE = "on_sale"
    PAUSED = "paused"
    """By the organizer, or because the event's Stripe account is lost."""
    SOLD_OUT = "sold_out"
    ENDED = "ended"
    """The sale or the event is over, or the organizer has closed the sales."""


class SalesReason(StrEnum):
    """Why an event sells nothing at the moment."""

    ORGANIZER = "organizer"
    ACCOUNT_LOST = "account_lost"
    EVENT_OVER = "event_over"


class TierSales(BaseModel):
    """What a tier has sold. Amounts are in the minor unit of the currency, such as cents."""

    model_config = ConfigDict(frozen=True)

    tier_id: str
    name: str
    state: SaleState
    quantity: int | None = Field(description="Null if only the event and the room limit the tier")
    sold: int
    held: int = Field(description="Tickets of orders that are not paid yet")
    left: int | None = Field(description="Null if nothing limits the tier")
    amount: int = Field(description="What buyers paid, refunds included")
    refunded: int


class SalesTotal(BaseModel):
    """The numbers of the whole event."""

    model_config = ConfigDict(frozen=True)

    quantity: int | None = Field(description="Null if only tiers are limited")
    sold: int
    held: int
    left: int | None
    amount: int
    refunded: int


class SalesView(BaseModel):
    """The sales of an event, as its organizer sees them."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    sales: SalesSwitch
    reason: SalesReason | None = Field(description="Why nothing is sold; null if tickets are sold")
    currency: str
    tiers: list[TierSales]
    total: SalesTotal


def is_over(event: Event, now: datetime) -> bool:
    """An event without an end is over when it has started and no sale is open any longer."""
    return now >= max(_sale_ends_at(event, tier) for tier in ({}, *sold_tiers(event)))


def sales_reason(event: Event, now: datetime, *, account_lost: bool) -> SalesReason | None:
    """Why the event sells nothing, whatever its tiers say; None if it sells."""
    if event.sales is not SalesSwitch.ON:
        return SalesReason.ORGANIZER
    if is_over(event, now):
        return SalesReason.EVENT_OVER
    return SalesReason.ACCOUNT_LOST if account_lost else None


def sale_state(
    event: Event, tier: JsonObject, stocks: Stocks, now: datetime, *, account_lost: bool
) -> SaleState:
    """The state of a tier that costs money. A sale starts at ``saleStart`` and is over at
    ``saleEnd``, by default at the end of the event, or at its start if it has no end."""
    start = _moment(tier, "saleStart")
    if event.sales is SalesSwitch.CLOSED or now >= _sale_ends_at(event, tier):
        return SaleState.ENDED
    if event.sales is SalesSwitch.PAUSED or account_lost or not is_offered(tier):
        return SaleState.PAUSED
    if start and now < start:
        return SaleState.SCHEDULED
    left = tickets_left(event, stocks, tier["id"])
    if left is not None and left < tier["minPerOrder"]:
        return SaleState.SOLD_OUT
    return SaleState.ON_SALE


def sales_view(event: Event, stocks: Stocks, now: datetime, *, account_lost: bool) -> SalesView:
    """An event that has no stocks yet has sold nothing."""
    whole = stocks.get(WHOLE_EVENT) or Stock(tier_id=WHOLE_EVENT)
    return SalesView(
        event_id=event.event_id,
        sales=event.sales,
        reason=sales_reason(event, now, account_lost=account_lost),
        currency=event.currency,
        tiers=[
            _tier_sales(event, tier, stocks, now, account_lost=account_lost)
            for tier in sold_tiers(event)
        ],
        total=SalesTotal(**whole.model_dump(exclude={"tier_id"}), left=event_left(event, stocks)),
    )


def public_tier(
    event: Event, tier: JsonObject, stocks: Stocks, now: datetime, *, account_lost: bool
) -> JsonObject:
    """What the public sees of the sale of a tier; all null for one that is not sold."""
    if not is_sold(tier):
        return dict.fromkeys(("sale_state", "left", "sale_start", "sale_end"))
    left = tickets_left(event, stocks, tier["id"])
    return {
        "sale_state": sale_state(event, tier, stocks, now, account_lost=account_lost).value,
        "left": left if left is not None and left <= SHOWN_LEFT else None,
        "sale_start": tier.get("saleStart"),
        "sale_end": tier.get("saleEnd"),
    }


def _tier_sales(
    event: Event, tier: JsonObject, stocks: Stocks, now: datetime, *, account_lost: bool
) -> TierSales:
    stock = stocks.get(tier["id"]) or Stock(tier_id=tier["id"], quantity=tier["quantity"])
    return TierSales(
        **stock.model_dump(),
        name=tier["name"],
        state=sale_state(event, tier, stocks, now, account_lost=account_lost),
        left=tickets_left(event, stocks, tier["id"]),
    )


def _sale_ends_at(event: Event, tier: JsonObject) -> datetime:
    end = _moment(tier, "saleEnd")
    if event.ends_at is None:
        return end or event.starts_at
    return min(end or event.ends_at, event.ends_at)


def _moment(tier: JsonObject, name: str) -> datetime | None:
    text = tier.get(name)
    return datetime.fromisoformat(text) if text else None
