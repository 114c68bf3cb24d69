"""Changes orders in Postgres, and signals their processes. Each activity may be repeated."""

from datetime import datetime
from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.client import Client

from activities.calls import NotFound, bounded_call
from activities.signalling import PAGE_SIZE, signal_all
from domain import ids
from domain.orders.messages import SalesChange
from domain.orders.order import Order, OrderRequest, OrderState
from domain.orders.transitions import ChargeStatus, OrderReason, Payment
from domain.publishing.event import Event, SalesSwitch
from domain.schemas.ticket import TierKind
from domain.session.messages import Message
from payments.checkout_models import ChargeNow, CheckoutItem, CheckoutRequest
from payments.models import product_id_of
from temporal.failures import as_failures

if TYPE_CHECKING:
    from db.orders import Orders


class HoldTickets(Message):
    request: OrderRequest
    at: datetime


class HeldTickets(Message):
    order: Order
    checkout: CheckoutRequest | None
    """None if the order has a checkout, or is final."""


class CheckoutOpened(Message):
    order: Order
    """As the process knows it, with the time at which the checkout expires."""
    checkout_id: str
    url: str | None
    """None if the checkout is no longer open."""


class ConfirmOrder(Message):
    order: Order
    payment: Payment


class ReleaseOrder(Message):
    order: Order
    state: OrderState
    reason: OrderReason
    at: datetime


class RecordCharge(Message):
    charge: ChargeNow
    at: datetime
    """A time before it was fetched."""


class OrderActivities:
    """Errors of the domain are raised as failures, with their code as type."""

    def __init__(self, orders: "Orders", client: Client) -> None:
        self._orders = orders
        self._client = client

    @activity.defn
    async def hold_tickets(self, hold: HoldTickets) -> HeldTickets:
        """Holds the tickets of an order, and returns what its checkout sells. An order that exists
        is returned as it is."""
        with as_failures():
            order = await self._orders.hold(hold.request, at=hold.at)
            if order.state is not OrderState.HELD:
                return HeldTickets(order=order, checkout=None)
            event = await self._orders.event(order.event_id)
        return HeldTickets(
            order=order, checkout=checkout_request(order, event, hold.request.page_url)
        )

    @activity.defn
    async def checkout_opened(self, opened: CheckoutOpened) -> Order:
        with as_failures():
            return await self._orders.opened(
                opened.order, checkout_id=opened.checkout_id, url=opened.url
            )

    @activity.defn
    async def payment_processing(self, order: Order) -> Order:
        with as_failures():
            return await self._orders.processing(order)

    @activity.defn
    async def confirm_order(self, confirm: ConfirmOrder) -> Order:
        with as_failures():
            return await self._orders.confirm(confirm.order, confirm.payment)

    @activity.defn
    async def release_order(self, release: ReleaseOrder) -> Order:
        with as_failures():
            return await self._orders.release(
                release.order, state=release.state, reason=release.reason, at=release.at
            )

    @activity.defn
    async def withdraw_order(self, order_id: str) -> None:
        """Deletes an order that has no checkout, and gives its tickets back."""
        await self._orders.withdraw(order_id)

    @activity.defn
    async def record_charge(self, record: RecordCharge) -> Order | None:
        """Records refunds and disputes. Returns None if the charge is of no order of the account.

        Fails, to be retried, while the order is not confirmed.
        """
        charge = record.charge
        return await self._orders.record_charge(
            order_id=charge.order_id,
            payment_intent_id=charge.payment_intent_id,
            account_id=charge.account_id,
            status=ChargeStatus(
                amount_refunded=charge.amount_refunded,
                is_refunded=charge.is_refunded,
                dispute=charge.dispute,
                at=record.at,
            ),
        )

    @activity.defn
    async def set_sales(self, change: SalesChange) -> SalesSwitch:
        with as_failures():
            return await self._orders.set_sales(change.event_id, change.tenant, change.wanted)

    @activity.defn
    async def close_open_orders(self, event_id: str) -> int:
        """Asks the process of every order of the event that holds tickets to end it. A retry
        continues after the last orders that were asked.

        Returns:
            How many orders were asked.

        Raises:
            NoAnswer: Temporal did not accept a signal.
        """
        return await signal_all(
            lambda after: self._orders.holding(event_id, after=after, limit=PAGE_SIZE), self._close
        )

    async def _close(self, order_id: str) -> bool:
        """Returns whether the order's process is running."""
        handle = self._client.get_workflow_handle(ids.order_workflow_id(order_id))
        try:
            async with bounded_call():
                await handle.signal(ids.SIGNAL_CLOSE_SALES)
        except NotFound:
            return False
        return True


def checkout_request(order: Order, event: Event, page_url: str) -> CheckoutRequest:
    """The same for every attempt: an event that is published keeps its prices."""
    tiers = {tier["id"]: tier for tier in event.ticket_tiers}
    return CheckoutRequest(
        order_id=order.order_id,
        event_id=order.event_id,
        session_id=order.session_id,
        account_id=order.stripe_account_id,
        currency=order.currency,
        items=[
            CheckoutItem(
                tier_id=item.tier_id,
                name=item.name,
                product_id=product_id_of(order.event_id, item.tier_id),
                price_id=_price_id(tiers[item.tier_id]),
                quantity=item.quantity,
                unit_amount=item.unit_amount,
            )
            for item in order.items
        ],
        application_fee=order.application_fee,
        promotion_codes=event.promotion_codes,
        automatic_tax=event.automatic_tax,
        page_url=page_url,
        created_at=order.created_at,
        expires_at=order.expires_at,
    )


def _price_id(tier: dict[str, object]) -> str | None:
    """None for a donation, whose amount the buyer has chosen."""
    return None if tier["kind"] == TierKind.DONATION else str(tier["priceId"])
