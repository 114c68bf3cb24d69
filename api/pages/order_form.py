"""Reads the form that begins an order, and explains its refusal."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from api.pages.event_html import Notice
from api.pages.texts import moment_text
from domain.errors import (
    IdempotencyKeyReused,
    InvalidRequest,
    NotOnSale,
    PaymentsRefused,
    RateLimited,
    SalesPaused,
    SoldOut,
    Unavailable,
    WizardError,
)
from domain.json_values import JsonObject
from domain.orders.order import WantedItem
from domain.orders.sales import SaleState
from domain.publishing.event import Event
from domain.schemas.ticket import MAX_TIERS
from domain.values.money import currency

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"

_TIER: Final = "tier."
_AMOUNT: Final = "amount."

_MAX_FIELDS: Final = 2 * MAX_TIERS + 10
_QUANTITY: Final = re.compile("[0-9]{1,6}")
_FIGURES: Final = re.compile(r"[^0-9.,-]*([0-9]{1,9})(?:[.,]([0-9]{1,3}))?[^0-9.,-]*")

_ITEM: Final = re.compile(r"/items/(\d+)/")

_HEADINGS: Final[dict[type[WizardError], str]] = {
    SoldOut: "Too few tickets are left",
    NotOnSale: "These tickets are not on sale",
    SalesPaused: "The sale is paused",
    InvalidRequest: "The order is not complete",
    IdempotencyKeyReused: "You already have an order",
    PaymentsRefused: "The payment page cannot be opened",
    RateLimited: "Too many open orders",
    Unavailable: "The order was not confirmed",
}

_TEXTS: Final[dict[type[WizardError], str]] = {
    IdempotencyKeyReused: "Pay for it or cancel it before you order other tickets.",
    PaymentsRefused: "Nothing was ordered. Try again later, or ask the organizer.",
    RateLimited: "Pay for the orders that you have begun, or wait until they expire.",
    Unavailable: "Send the form again. It continues the same order, so nothing is ordered twice.",
}

_STATES: Final = {
    SaleState.SOLD_OUT: "sold out",
    SaleState.ENDED: "the sale has ended",
    SaleState.PAUSED: "the sale is paused",
}


@dataclass(frozen=True)
class EnteredOrder:
    """The fields of a form."""

    key: str
    fields: Mapping[str, str]

    @classmethod
    def parse(cls, body: bytes) -> "EnteredOrder":
        """
        Raises:
            InvalidRequest: there are more fields than the form has.
        """
        try:
            pairs = parse_qsl(
                body.decode("utf-8", "replace"),
                keep_blank_values=True,
                max_num_fields=_MAX_FIELDS,
            )
        except ValueError as error:
            raise InvalidRequest("The form has too many fields.") from error
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise InvalidRequest("The form contains a field twice.")
        fields = dict(pairs)
        return cls(fields.get("key", ""), fields)

    def wanted(self, event: Event) -> list[WantedItem]:
        """The tiers of which the buyer wants tickets.

        Raises:
            InvalidRequest: there is none, or a field is not a number.
        """
        items = [
            WantedItem(
                tier_id=name.removeprefix(_TIER),
                quantity=quantity,
                unit_amount=self._amount(name.removeprefix(_TIER), event),
            )
            for name, text in self.fields.items()
            if name.startswith(_TIER)
            for quantity in [_quantity(text)]
            if quantity > 0
        ]
        if not items:
            raise InvalidRequest("Choose at least one ticket.")
        return items

    def _amount(self, tier_id: str, event: Event) -> int | None:
        text = self.fields.get(f"{_AMOUNT}{tier_id}", "").strip()
        return _amount(text, event.currency) if text else None


def _quantity(text: str) -> int:
    text = text.strip()
    if text and not _QUANTITY.fullmatch(text):
        raise InvalidRequest("The number of tickets must be a number.")
    return int(text or 0)


def _amount(text: str, code: str) -> int:
    """Accepts ``25``, ``25,00``, ``€25``, with the currency beside it."""
    decimals = currency(code).decimals
    match = _FIGURES.fullmatch(text)
    if match is None or len(match[2] or "") > decimals:
        example = "25.00" if decimals else "2500"
        raise InvalidRequest(f"The amount must be a number, such as {example}.")
    return int(match[1] + (match[2] or "").ljust(decimals, "0"))


def notice_of(
    error: WizardError, event: Event, wanted: Sequence[WantedItem], now: datetime
) -> Notice:
    heading = _HEADINGS.get(type(error), "The order was refused")
    if "tiers" in error.extra:
        return Notice(heading, list(_tier_texts(error.extra["tiers"], event, now)))
    if error.errors:
        return Notice(heading, list(_field_texts(error, event, wanted)))
    return Notice(heading, [_TEXTS.get(type(error), error.detail)])


def _tier_texts(tiers: Sequence[JsonObject], event: Event, now: datetime) -> Iterator[str]:
    names = _names(event)
    for tier in tiers:
        state = SaleState(tier["sale_state"])
        text = _STATES.get(state, f"{tier['left']} left")
        if state is SaleState.SCHEDULED and tier["sale_start"]:
            start = datetime.fromisoformat(str(tier["sale_start"]))
            text = f"on sale from {moment_text(start, ZoneInfo(event.timezone), now)}"
        if state is not SaleState.ON_SALE or tier["left"] is not None:
            yield f"{names.get(tier['tier_id'], 'Ticket')}: {text}."


def _field_texts(error: WizardError, event: Event, wanted: Sequence[WantedItem]) -> Iterator[str]:
    names = _names(event)
    for field in error.errors:
        match = _ITEM.match(field.pointer)
        name = names.get(wanted[int(match[1])].tier_id) if match else None
        yield f"{name}: {field.message}" if name else field.message


def _names(event: Event) -> dict[str, str]:
    return {tier["id"]: tier["name"] for tier in event.ticket_tiers}
