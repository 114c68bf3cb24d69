"""Calls Stripe for orders. Each activity may be repeated after any failure."""

from datetime import datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.calls import heartbeating
from activities.payments import configured, payment_failures
from domain.session.messages import Message
from payments.checkout_models import ChargeNow, Checkout, CheckoutRequest

if TYPE_CHECKING:
    from payments.adapter import StripeAdapter


class OpenCheckout(Message):
    request: CheckoutRequest
    generation: int = 1
    """The next one only after no checkout of the earlier ones was found."""


class FindCheckout(Message):
    account_id: str
    order_id: str
    since: datetime
    """When the tickets were held."""


class CheckoutRef(Message):
    account_id: str
    checkout_id: str


class ChargeRef(Message):
    account_id: str
    payment_intent_id: str


class CheckoutActivities:
    """``adapter`` is None without a Stripe key; then nothing is sold.

    Every method raises the ApplicationError of :func:`activities.payments.payment_failures`.
    """

    def __init__(self, adapter: "StripeAdapter | None") -> None:
        self._adapter = adapter

    @activity.defn
    async def open_checkout(self, opening: OpenCheckout) -> Checkout:
        """Opens the order's one checkout. A repeat of the same generation returns the same one."""
        with heartbeating(), payment_failures():
            return await self._stripe.open_checkout(opening.request, opening.generation)

    @activity.defn
    async def find_checkout(self, wanted: FindCheckout) -> Checkout | None:
        """Finds the order's checkout if its id is not known. Returns None if there is none."""
        with heartbeating(), payment_failures():
            return await self._stripe.find_checkout(
                wanted.account_id, wanted.order_id, wanted.since
            )

    @activity.defn
    async def look_at_checkout(self, checkout: CheckoutRef) -> Checkout:
        with heartbeating(), payment_failures():
            return await self._stripe.checkout(checkout.account_id, checkout.checkout_id)

    @activity.defn
    async def expire_checkout(self, checkout: CheckoutRef) -> Checkout:
        """Expires the checkout. One that is complete or expired is returned as it is."""
        with heartbeating(), payment_failures():
            return await self._stripe.expire_checkout(checkout.account_id, checkout.checkout_id)

    @activity.defn
    async def fetch_charge(self, charge: ChargeRef) -> ChargeNow:
        with heartbeating(), payment_failures():
            return await self._stripe.charge(charge.account_id, charge.payment_intent_id)

    @property
    def _stripe(self) -> "StripeAdapter":
        return configured(self._adapter)
