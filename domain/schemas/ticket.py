"""Stage ``ticketSetup``: the tiers of tickets, their prices and quantities."""

from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import Field

from domain.json_values import JsonObject
from domain.schemas.base import REQUIRED, SchemaModel
from domain.schemas.fields import (
    MANY_LINES,
    STRICT,
    Bool,
    CurrencyCode,
    Int,
    Moment,
    TierId,
    TierName,
)
from domain.values.money import DEFAULT_CURRENCY, LARGEST_AMOUNT

MAX_TIERS: Final = 50
MAX_QUANTITY: Final = 1_000_000
MAX_PER_ORDER: Final = 100
DEFAULT_MIN_PER_ORDER: Final = 1
DEFAULT_MAX_PER_ORDER: Final = 10
MAX_REFUND_DAYS: Final = 365


class TierKind(StrEnum):
    FREE = "free"
    PAID = "paid"
    DONATION = "donation"


class TierAccess(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"


class TierVisibility(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"


class RefundKind(StrEnum):
    NONE = "none"
    UNTIL_DAYS = "until_days"
    CUSTOM = "custom"


class RefundPolicy(SchemaModel):
    schema_rules: ClassVar[JsonObject] = {
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": "until_days"}}, "required": ["kind"]},
                "then": {"required": ["days"]},
            },
            {
                "if": {"properties": {"kind": {"const": "custom"}}, "required": ["kind"]},
                "then": {"required": ["text"]},
            },
        ]
    }

    kind: Annotated[RefundKind | None, REQUIRED] = None
    days: Annotated[
        Annotated[Int, Field(ge=0, le=MAX_REFUND_DAYS)] | None,
        Field(
            description="Refunds end this many days before the event. Required if `kind` is "
            "`until_days`"
        ),
    ] = None
    text: Annotated[
        Annotated[str, STRICT, Field(max_length=2000), MANY_LINES] | None,
        Field(description="Required if `kind` is `custom`"),
    ] = None


class Tier(SchemaModel):
    id: Annotated[
        TierId | None,
        Field(description="Set by the server. Send it back unchanged to keep the tier's identity"),
    ] = None
    name: Annotated[TierName | None, REQUIRED] = None
    kind: Annotated[
        TierKind | None,
        Field(description="By default, `free` if `unit_amount` is 0, otherwise `paid`"),
    ] = None
    unit_amount: Annotated[
        Annotated[Int, Field(ge=0, le=LARGEST_AMOUNT)] | None,
        REQUIRED,
        Field(
            alias="unit_amount",
            description="The price in the minor unit of the currency, such as cents. For a "
            "donation, the suggested amount",
        ),
    ] = None
    min_amount: Annotated[
        Annotated[Int, Field(ge=1, le=LARGEST_AMOUNT)] | None,
        Field(
            description="For a donation, the least that a buyer can give, in the minor unit of the "
            "currency. By default, the minimum charge of the currency"
        ),
    ] = None
    quantity: Annotated[
        Annotated[Int, Field(ge=0, le=MAX_QUANTITY)] | None,
        Field(
            description="Unlimited if null or absent; 0 if the tickets are not sold here",
            json_schema_extra={"type": ["integer", "null"]},
        ),
    ] = None
    min_per_order: Annotated[
        Annotated[Int, Field(ge=1, le=MAX_PER_ORDER)] | None,
        Field(json_schema_extra={"default": DEFAULT_MIN_PER_ORDER}),
    ] = None
    max_per_order: Annotated[
        Annotated[Int, Field(ge=1, le=MAX_PER_ORDER)] | None,
        Field(json_schema_extra={"default": DEFAULT_MAX_PER_ORDER}),
    ] = None
    sale_start: Moment | None = None
    sale_end: Moment | None = None
    access: Annotated[
        TierAccess | None,
        Field(description="By default, everything that the venue's mode offers"),
    ] = None
    visibility: Annotated[
        TierVisibility | None, Field(json_schema_extra={"default": TierVisibility.VISIBLE.value})
    ] = None
    description: Annotated[str, STRICT, Field(max_length=500), MANY_LINES] | None = None

    @property
    def effective_kind(self) -> TierKind | None:
        """The entered kind, else the one that the amount implies."""
        if self.kind is not None or self.unit_amount is None:
            return self.kind
        return TierKind.PAID if self.unit_amount > 0 else TierKind.FREE

    @property
    def is_sold_here(self) -> bool:
        return self.quantity != 0

    @property
    def takes_payment(self) -> bool:
        return self.is_sold_here and self.effective_kind in (TierKind.PAID, TierKind.DONATION)


class TicketSection(SchemaModel):
    currency: Annotated[
        CurrencyCode | None, Field(json_schema_extra={"default": DEFAULT_CURRENCY})
    ] = None
    total_capacity: Annotated[Int, Field(ge=1, le=MAX_QUANTITY)] | None = None
    refund_policy: RefundPolicy | None = None
    tiers: Annotated[
        Annotated[list[Tier], Field(min_length=1, max_length=MAX_TIERS)] | None, REQUIRED
    ] = None
    promotion_codes: Annotated[
        Bool | None,
        Field(
            description=(
                "Whether buyers may enter promotion codes that the organizer has created at Stripe"
            ),
            json_schema_extra={"default": False},
        ),
    ] = None
    automatic_tax: Annotated[
        Bool | None,
        Field(
            description=(
                "Whether Stripe Tax calculates the tax of each order. The organizer sets it up "
                "at Stripe"
            ),
            json_schema_extra={"default": False},
        ),
    ] = None

    @property
    def effective_currency(self) -> str:
        return self.currency or DEFAULT_CURRENCY

    @property
    def takes_payment(self) -> bool:
        return any(tier.takes_payment for tier in self.tiers or [])


_ACCESS_OF_MODE: Final[dict[str, TierAccess]] = {
    "physical": TierAccess.IN_PERSON,
    "virtual": TierAccess.ONLINE,
    "hybrid": TierAccess.BOTH,
}


def default_access(venue_mode: str | None) -> TierAccess | None:
    """The access of a tier without one: all that the venue offers."""
    return _ACCESS_OF_MODE.get(venue_mode or "")
