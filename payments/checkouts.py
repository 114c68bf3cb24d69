"""Checkout sessions: one page at Stripe for each order, as a direct charge on the organizer's
account.

A checkout is created under an idempotency key of its order, its parameters and a generation. Stripe
cannot search sessions by metadata, so a checkout whose id was lost is found in the list of the
sessions of its time. Source: https://docs.stripe.com/api/checkout/sessions.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

import stripe
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItem,
    SessionCreateParamsPaymentIntentData,
    SessionListParams,
)

from domain.orders.order import CheckoutOutcome
from payments.catalogue import PAGE
from payments.checkout_models import ORDER_KEY, Checkout, CheckoutItem, CheckoutRequest
from payments.errors import FailureReplayed, KeyRefused, ObjectNotFound, PaymentsDeclined
from payments.idempotency import MAX_KEYS, idempotency_key, is_replayed
from payments.models import tier_id_of
from payments.outcomes import stripe_errors

CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far our clock may be ahead of Stripe's."""

_EXPANDED: Final = ["line_items", "payment_intent"]

_FAILED_PAYMENTS: Final = frozenset({"requires_payment_method", "canceled"})
"""States of a payment intent whose payment has failed, if the checkout is complete."""

_PREFERENCE: Final = (
    CheckoutOutcome.PAID,
    CheckoutOutcome.PROCESSING,
    CheckoutOutcome.OPEN,
    CheckoutOutcome.FAILED,
    CheckoutOutcome.EXPIRED,
)


class Checkouts:
    def __init__(self, client: stripe.StripeClient) -> None:
        self._sessions = client.v1.checkout.sessions

    async def open(self, request: CheckoutRequest, generation: int) -> Checkout:
        """Creates the checkout of a generation, or returns the one of an earlier attempt."""
        for number in range(1, MAX_KEYS + 1):
            try:
                session = await self._create(request, generation, number)
            except FailureReplayed:
                found = await self.find(request.account_id, request.order_id, request.created_at)
                if found is not None:
                    return found
                continue
            if is_replayed(session):
                return await self.look_at(request.account_id, session.id)
            return _checkout_of(session)
        raise FailureReplayed(
            "Stripe replays a failure under every key", code="payments_failure_replayed"
        )

    async def look_at(self, account_id: str, checkout_id: str) -> Checkout:
        with stripe_errors():
            session = await self._sessions.retrieve_async(
                checkout_id, {"expand": _EXPANDED}, {"stripe_account": account_id}
            )
            amounts = await _amounts(session) if session.status == "complete" else {}
        return _checkout_of(session, amounts)

    async def expire(self, account_id: str, checkout_id: str) -> Checkout:
        """Expires the checkout if it is open. A complete one is returned as it is."""
        try:
            with stripe_errors():
                session = await self._sessions.expire_async(
                    checkout_id, options={"stripe_account": account_id}
                )
        except (ObjectNotFound, KeyRefused):
            raise
        except PaymentsDeclined:
            checkout = await self.look_at(account_id, checkout_id)
            if checkout.outcome is CheckoutOutcome.OPEN:
                raise
            return checkout
        return _checkout_of(session)

    async def find(self, account_id: str, order_id: str, since: datetime) -> Checkout | None:
        """The order's checkout, created after ``since``, the time of the hold.

        If there are several, one that is complete comes first. Others that are open are expired, so
        that the order can be paid only once.
        """
        found = [
            await self.look_at(account_id, session.id)
            for session in await self._created_for(account_id, order_id, since)
        ]
        if not found:
            return None
        kept = min(found, key=lambda checkout: _PREFERENCE.index(checkout.outcome))
        for checkout in found:
            if checkout is not kept and checkout.outcome is CheckoutOutcome.OPEN:
                await self.expire(account_id, checkout.id)
        return kept

    async def _create(
        self, request: CheckoutRequest, generation: int, number: int
    ) -> stripe.checkout.Session:
        """``number`` is that of the idempotency key."""
        params = _params(request)
        key = idempotency_key(f"order:{request.order_id}", f"{generation}", number, params)
        with stripe_errors():
            return await self._sessions.create_async(
                params, {"stripe_account": request.account_id, "idempotency_key": key}
            )

    async def _created_for(
        self, account_id: str, order_id: str, since: datetime
    ) -> list[stripe.checkout.Session]:
        """The sessions of the order, newest first."""
        params: SessionListParams = {
            "created": {"gte": _timestamp(since - CLOCK_SKEW)},
            "limit": PAGE,
        }
        with stripe_errors():
            page = await self._sessions.list_async(params, {"stripe_account": account_id})
            return [
                session
                async for session in page.auto_paging_iter()
                if session.metadata is not None
                and session.metadata.to_dict().get(ORDER_KEY) == order_id
            ]


def _params(request: CheckoutRequest) -> SessionCreateParams:
    payment: SessionCreateParamsPaymentIntentData = {"metadata": request.metadata}
    if request.application_fee:
        payment["application_fee_amount"] = request.application_fee
    params: SessionCreateParams = {
        "mode": "payment",
        "line_items": [_line_item(item, request.currency) for item in request.items],
        "metadata": request.metadata,
        "payment_intent_data": payment,
        "success_url": request.return_url,
        "cancel_url": request.return_url,
        "expires_at": _timestamp(request.expires_at),
    }
    if request.promotion_codes:
        params["allow_promotion_codes"] = True
    if request.automatic_tax:
        params["automatic_tax"] = {"enabled": True}
    return params


def _line_item(item: CheckoutItem, currency: str) -> SessionCreateParamsLineItem:
    if item.price_id is not None:
        return {"price": item.price_id, "quantity": item.quantity}
    return {
        "price_data": {
            "currency": currency,
            "product": item.product_id,
            "unit_amount": item.unit_amount,
        },
        "quantity": item.quantity,
    }


def _checkout_of(
    session: stripe.checkout.Session, amounts: dict[str, int] | None = None
) -> Checkout:
    intent = session.payment_intent
    return Checkout(
        id=session.id,
        url=session.url,
        outcome=_outcome(session),
        amount_total=session.amount_total or 0,
        amounts=amounts or {},
        payment_intent_id=intent.id if isinstance(intent, stripe.PaymentIntent) else intent,
    )


def _outcome(session: stripe.checkout.Session) -> CheckoutOutcome:
    if session.status != "complete":
        return CheckoutOutcome.EXPIRED if session.status == "expired" else CheckoutOutcome.OPEN
    if session.payment_status != "unpaid":
        return CheckoutOutcome.PAID
    intent = session.payment_intent
    has_failed = isinstance(intent, stripe.PaymentIntent) and intent.status in _FAILED_PAYMENTS
    return CheckoutOutcome.FAILED if has_failed else CheckoutOutcome.PROCESSING


async def _amounts(session: stripe.checkout.Session) -> dict[str, int]:
    """The total of each tier. The session contains only the first of many line items."""
    amounts: Counter[str] = Counter()
    if session.line_items is not None:
        async for item in session.line_items.auto_paging_iter():
            if item.price is not None:
                product = item.price.product
                product_id = product if isinstance(product, str) else product.id
                amounts[tier_id_of(product_id)] += item.amount_total
    return dict(amounts)


def _timestamp(moment: datetime) -> int:
    return int(moment.timestamp())
