"""Our models of orders at Stripe: checkout sessions and charges. Amounts are in minor units."""

from datetime import datetime
from typing import Final

from pydantic import Field

from domain.orders.order import CheckoutOutcome
from domain.orders.transitions import DisputeState
from payments.models import FrozenModel

ORDER_KEY: Final = "order"
"""The metadata of a checkout, of its payment and of its charge that names the order."""

_MAX_VALUE: Final = 500
"""Characters in a value of metadata: https://docs.stripe.com/api/metadata."""


class CheckoutItem(FrozenModel):
    """Tickets of one tier. ``price_id`` is None for a donation, whose amount the buyer chose."""

    tier_id: str
    name: str
    product_id: str
    price_id: str | None = None
    quantity: int = Field(ge=1)
    unit_amount: int = Field(ge=0)


class CheckoutRequest(FrozenModel):
    """An order, as a checkout sells it. Only times of the order itself are in it, so that every
    retry sends the same request."""

    order_id: str
    event_id: str
    session_id: str
    account_id: str
    currency: str
    items: list[CheckoutItem] = Field(min_length=1)
    application_fee: int = Field(default=0, ge=0)
    """The platform's share; less than the order costs."""
    promotion_codes: bool = False
    automatic_tax: bool = False
    page_url: str
    """The page of the event, to which the buyer returns."""
    created_at: datetime
    """When the tickets were held."""
    expires_at: datetime
    """Stripe requires at least 30 minutes and less than 24 hours after the checkout was created."""

    @property
    def return_url(self) -> str:
        return f"{self.page_url}?order={self.order_id}"

    @property
    def metadata(self) -> dict[str, str]:
        return {
            ORDER_KEY: self.order_id,
            "event": self.event_id,
            "session": self.session_id,
            **self._tiers,
        }

    @property
    def _tiers(self) -> dict[str, str]:
        """The ordered quantity of each tier, as ``tier-1:2,tier-2:1``. What does not fit in one
        value continues in ``tiers_2`` and so on."""
        values = [""]
        for item in self.items:
            entry = f"{item.tier_id}:{item.quantity}"
            longer = f"{values[-1]},{entry}" if values[-1] else entry
            if len(longer) <= _MAX_VALUE:
                values[-1] = longer
            else:
                values.append(entry)
        return {
            "tiers" if number == 1 else f"tiers_{number}": value
            for number, value in enumerate(values, 1)
        }


class Checkout(FrozenModel):
    """A checkout session, as it is at Stripe now."""

    id: str
    url: str | None = Field(default=None, repr=False)
    """None unless it is open."""
    outcome: CheckoutOutcome
    amount_total: int
    """With discounts and tax, once the checkout is complete."""
    amounts: dict[str, int] = Field(default_factory=dict)
    """The total of each tier, with discounts and tax; empty until the checkout is complete."""
    payment_intent_id: str | None = None


class ChargeNow(FrozenModel):
    """A payment, its refunds and its dispute, as they are at Stripe now."""

    account_id: str
    payment_intent_id: str
    order_id: str | None
    """The order in the payment's metadata, which the account's owner may have changed."""
    amount: int
    amount_refunded: int
    is_refunded: bool
    """In full."""
    dispute: DisputeState | None = None
