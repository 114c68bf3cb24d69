"""Decides whether an event sells what an order wants."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from domain.errors import (
    ErrorCode,
    FieldError,
    InvalidRequest,
    NotOnSale,
    SalesPaused,
    SoldOut,
    WizardError,
)
from domain.json_values import JsonObject, pointer_to
from domain.orders.inventory import Stocks, fits, is_sold, sold_tiers, tickets_left
from domain.orders.order import OrderItem, WantedItem
from domain.orders.sales import SaleState, sale_state
from domain.publishing.event import Event
from domain.schemas.ticket import TierKind
from domain.validation.texts import field_error_message
from domain.values.money import charge_fault, currency

_REFUSALS: Final[dict[SaleState, type[WizardError]]] = {
    SaleState.ENDED: NotOnSale,
    SaleState.SCHEDULED: NotOnSale,
    SaleState.PAUSED: SalesPaused,
    SaleState.SOLD_OUT: SoldOut,
}
"""If an order wants tiers in several of these states, the first one is its refusal."""


def decide(
    event: Event,
    stocks: Stocks,
    wanted: Sequence[WantedItem],
    now: datetime,
    *,
    account_lost: bool,
) -> list[OrderItem]:
    """The items of the order, with names and prices.

    Raises:
        InvalidRequest: an item is not one that the event can ever sell.
        NotOnSale, SalesPaused, SoldOut: ``extra["tiers"]`` has the state of each wanted tier.
    """
    items = ordered_items(event, wanted)
    tiers = {tier["id"]: tier for tier in sold_tiers(event)}
    states = {
        item.tier_id: sale_state(event, tiers[item.tier_id], stocks, now, account_lost=account_lost)
        for item in items
    }
    for state, refusal in _REFUSALS.items():
        if state in states.values():
            raise _refusal(refusal, event, stocks, tiers, states)
    if not fits(event, stocks, {item.tier_id: item.quantity for item in items}):
        raise _refusal(SoldOut, event, stocks, tiers, states)
    return items


def ordered_items(event: Event, wanted: Sequence[WantedItem]) -> list[OrderItem]:
    """The items with names and prices, without regard to the time and to what is left.

    Raises:
        InvalidRequest: a tier is unknown, free or wanted twice, a number is outside of the tier's
            limits, or an amount cannot be charged.
    """
    tiers = {tier["id"]: tier for tier in event.ticket_tiers}
    errors = list(_errors(event, tiers, wanted))
    if not errors:
        items = [_item(tiers[item.tier_id], item) for item in wanted]
        total = sum(item.listed_amount for item in items)
        maximum = currency(event.currency).maximum
        if total <= maximum:
            return items
        errors = [
            _error(
                ("items",),
                ErrorCode.TOO_LARGE,
                max=maximum,
                currency=event.currency,
                value="total",
            )
        ]
    raise InvalidRequest(errors[0].message, errors=errors)


def _item(tier: JsonObject, wanted: WantedItem) -> OrderItem:
    amount = wanted.unit_amount if wanted.unit_amount is not None else tier["unit_amount"]
    return OrderItem(
        tier_id=tier["id"], name=tier["name"], quantity=wanted.quantity, unit_amount=amount
    )


def _errors(
    event: Event, tiers: dict[str, JsonObject], wanted: Sequence[WantedItem]
) -> Iterator[FieldError]:
    if not wanted:
        yield _error(("items",), ErrorCode.MISSING, expected="list")
    counts = Counter(item.tier_id for item in wanted)
    for index, item in enumerate(wanted):
        path = ("items", index)
        tier = tiers.get(item.tier_id)
        if tier is None:
            yield _error((*path, "tier_id"), ErrorCode.UNKNOWN_ID, value="tier")
        elif tier["kind"] == TierKind.FREE:
            yield _error((*path, "tier_id"), ErrorCode.NOT_SUPPORTED, value="free_tier")
        elif not is_sold(tier):
            yield _error((*path, "tier_id"), ErrorCode.NOT_SUPPORTED, value="not_sold_here")
        elif counts[item.tier_id] > 1:
            yield _error((*path, "tier_id"), ErrorCode.NOT_UNIQUE, value="tier")
        else:
            yield from _quantity_errors(tier, item, path)
            yield from _amount_errors(event, tier, item, path)


def _quantity_errors(
    tier: JsonObject, item: WantedItem, path: tuple[str | int, ...]
) -> Iterator[FieldError]:
    if item.quantity < tier["minPerOrder"]:
        yield _error((*path, "quantity"), ErrorCode.TOO_SMALL, min=tier["minPerOrder"])
    if item.quantity > tier["maxPerOrder"]:
        yield _error((*path, "quantity"), ErrorCode.TOO_LARGE, max=tier["maxPerOrder"])


def _amount_errors(
    event: Event, tier: JsonObject, item: WantedItem, path: tuple[str | int, ...]
) -> Iterator[FieldError]:
    pointer = (*path, "unit_amount")
    if tier["kind"] != TierKind.DONATION:
        if item.unit_amount is not None:
            yield _error(pointer, ErrorCode.NOT_SUPPORTED, value="fixed_price")
        return
    rules = currency(event.currency)
    amount = item.unit_amount if item.unit_amount is not None else tier["unit_amount"]
    least = tier.get("minAmount") or rules.minimum
    if amount < least:
        yield _error(
            pointer,
            ErrorCode.AMOUNT_TOO_SMALL,
            min=least,
            currency=event.currency,
            value="donation",
        )
    elif fault := charge_fault(amount, rules):
        yield _error(pointer, ErrorCode.AMOUNT_NOT_CHARGEABLE, **fault)


def _refusal(
    kind: type[WizardError],
    event: Event,
    stocks: Stocks,
    tiers: dict[str, JsonObject],
    states: dict[str, SaleState],
) -> WizardError:
    return kind(
        extra={
            "tiers": [
                {
                    "tier_id": tier_id,
                    "sale_state": state.value,
                    "left": tickets_left(event, stocks, tier_id),
                    "sale_start": tiers[tier_id].get("saleStart"),
                    "sale_end": tiers[tier_id].get("saleEnd"),
                }
                for tier_id, state in states.items()
            ]
        }
    )


def _error(path: tuple[str | int, ...], code: ErrorCode, **params: object) -> FieldError:
    return FieldError(
        pointer=pointer_to(path),
        code=code.value,
        params=params,
        message=field_error_message(path, code, params),
    )
