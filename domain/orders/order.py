"""An order of tickets, and its public view. Amounts are in the minor unit of the currency."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field


class OrderState(StrEnum):
    HELD = "held"
    """Tickets are held, and the checkout is not open yet."""
    OPEN = "open"
    """The buyer can pay."""
    PROCESSING = "processing"
    """The buyer has completed the checkout with a payment that takes days."""
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    """Refunded in full: the tickets are on sale again."""
    DISPUTED = "disputed"
    """The buyer disputes the payment. The tickets stay sold."""


HOLDING: Final = frozenset({OrderState.HELD, OrderState.OPEN, OrderState.PROCESSING})
"""States of an order whose tickets are held."""

SOLD: Final = frozenset({OrderState.PAID, OrderState.DISPUTED})
"""States of an order whose tickets are sold."""


class WantedItem(BaseModel):
    """What a buyer asks for. ``unit_amount`` is chosen by the buyer of a donation alone."""

    model_config = ConfigDict(frozen=True)

    tier_id: str
    quantity: int = Field(ge=1)
    unit_amount: int | None = Field(default=None, ge=0)


LOCAL_RECORDS: Final = 2
"""Rules of a run that first changes Postgres by local activities, which cost no workflow task."""

HELD_WHILE_OPEN: Final = 3
"""Rules of a run whose search attribute stays ``held`` while its checkout is open, which saves an
event and a write of the server's visibility store."""

NEWEST_ORDER_RULES: Final = HELD_WHILE_OPEN


class OrderRequest(BaseModel):
    """What the process of an order begins with."""

    model_config = ConfigDict(frozen=True)

    order_id: str
    event_id: str
    items: list[WantedItem]
    fingerprint: str = Field(repr=False)
    """A hash of the items: another request with the same key is not a repeat."""
    holder: str = Field(repr=False)
    """A keyed hash of event and address, by which open holds are counted."""
    max_holds: int = 0
    """Open holds of one holder; 0 for no limit."""
    page_url: str
    """The page of the event, to which Stripe sends the buyer back."""
    hold_within: timedelta | None = None
    """From the start of the process. Later, the buyer has been answered that the service is
    unavailable, and nothing is held. None for a process that replaces a lost one."""
    rules: int = 1
    """The version of the rules that choose the commands of a run, which its history repeats. A run
    keeps the rules that it began with."""

    def continued(self) -> "OrderRequest":
        """The request of the next run. Its tickets are held already, however late it starts."""
        return self.model_copy(update={"hold_within": None, "rules": NEWEST_ORDER_RULES})


class CheckoutOutcome(StrEnum):
    """The state of a checkout at Stripe."""

    OPEN = "open"
    """The buyer can pay."""
    PAID = "paid"
    """Also if there was nothing to pay."""
    PROCESSING = "processing"
    """Complete, with a payment that takes days."""
    FAILED = "failed"
    """Complete, but its payment has failed. It can no longer be paid or expired."""
    EXPIRED = "expired"


class OrderItem(BaseModel):
    """Tickets of one tier, with the name and the price that they were ordered at."""

    model_config = ConfigDict(frozen=True)

    tier_id: str
    name: str
    quantity: int
    unit_amount: int
    amount: Annotated[
        int | None,
        Field(description="What was paid for them, with discounts and tax; null until then"),
    ] = None

    @property
    def listed_amount(self) -> int:
        return self.quantity * self.unit_amount


class Order(BaseModel):
    """An order as it is stored. Contains no name and no address of the buyer."""

    model_config = ConfigDict(frozen=True)

    order_id: str
    event_id: str
    session_id: str
    tenant: str
    state: OrderState
    reason: str | None = None
    """Why it was cancelled or expired, as a stable code."""
    items: list[OrderItem]
    amount_total: int
    """The sum of the listed prices; once paid, what was paid."""
    currency: str
    application_fee: int = 0
    """The platform's share."""
    amount_refunded: int = 0
    stripe_account_id: str
    checkout_session_id: str | None = None
    checkout_url: str | None = Field(default=None, repr=False)
    payment_intent_id: str | None = None
    holder: str | None = Field(default=None, repr=False)
    """A keyed hash of event and address; None once the order is closed."""
    fingerprint: str = Field(repr=False)
    """A hash of the wanted items."""
    created_at: datetime
    expires_at: datetime
    """When the checkout expires."""
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    """When its tickets were sold or given back."""
    charge_checked_at: datetime | None = None
    """When its charge was last fetched from Stripe: refunds and disputes."""

    @property
    def holds(self) -> bool:
        return self.state in HOLDING


class PublicOrder(BaseModel):
    """An order as its buyer sees it."""

    model_config = ConfigDict(frozen=True)

    order_id: str
    event_id: str
    state: OrderState
    items: list[OrderItem]
    amount_total: Annotated[
        int, Field(description="The sum of the listed prices; once paid, what was paid")
    ]
    currency: str
    checkout_url: Annotated[
        str | None, Field(description="Where the buyer pays; null unless the state is `open`")
    ]
    expires_at: Annotated[
        datetime, Field(description="When the tickets are given back, unless paid")
    ]
    paid_at: datetime | None

    @classmethod
    def of(cls, order: Order) -> "PublicOrder":
        shown = order.model_dump(include=set(cls.model_fields))
        if order.state is not OrderState.OPEN:
            shown["checkout_url"] = None
        return cls.model_validate(shown)
