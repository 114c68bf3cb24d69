"""Offers an event's tiers at Stripe: a product and a price for each."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.payments import LinkTier, OfferTier, PaymentActivities, RetireCatalogue
    from domain import ids
    from domain.actors import Tenant
    from domain.publishing.publication import Step
    from payments.models import TierSale
    from workflows.session.payments import ATTEMPT, HEARTBEAT_TIMEOUT, RETRY, stripe_priority

MAX_TIERS_AT_ONCE: Final = 4
"""Per event, so that other events get a share of Stripe's rate limit."""

_STEP: Final = timedelta(minutes=5)

Result = TypeVar("Result")


class CatalogueSteps:
    """The paid tiers of one session, on one connected account.

    ``offer`` and ``link`` raise the ActivityError of the first tier that failed for good.
    """

    def __init__(
        self, tenant: Tenant, session_id: str, account_id: str, sales: Sequence[TierSale]
    ) -> None:
        self._priority = stripe_priority(tenant)
        self._session_id = session_id
        self._account_id = account_id
        self._sales = sales

    async def offer(self) -> dict[str, str]:
        """Creates products and prices. Returns price ids by tier id."""
        prices = await _gather([self._offer(sale) for sale in self._sales])
        return {sale.tier_id: price for sale, price in zip(self._sales, prices, strict=True)}

    async def link(self, prices: dict[str, str]) -> dict[str, str]:
        """Creates payment links, as earlier releases did. Returns their URLs by tier id."""
        urls = await _gather([self._link(sale, prices[sale.tier_id]) for sale in self._sales])
        return {sale.tier_id: url for sale, url in zip(self._sales, urls, strict=True)}

    async def retire(self, *, has_links: bool) -> bool:
        """Takes all tiers off sale. Retried until done: anything left on sale can be bought.

        If Stripe refuses, for example because the account was disconnected, the error is logged,
        and the next publication repairs what is left.

        Returns:
            True, also after a refusal: the saga continues with the next compensation.
        """
        try:
            return await workflow.execute_activity_method(
                PaymentActivities.retire_catalogue,
                RetireCatalogue(
                    account_id=self._account_id,
                    session_id=self._session_id,
                    product_ids=[sale.product_id for sale in self._sales],
                    has_links=has_links,
                ),
                task_queue=ids.STRIPE_TASK_QUEUE,
                start_to_close_timeout=timedelta(minutes=2),
                heartbeat_timeout=HEARTBEAT_TIMEOUT,
                retry_policy=RETRY,
                priority=self._priority,
                summary=f"undo {Step.CATALOGUE.value}: take all tickets off sale",
            )
        except ActivityError as refusal:
            workflow.logger.error("could not take the tickets off sale: %s", refusal.cause)
            return True

    async def _offer(self, sale: TierSale) -> str:
        return await workflow.execute_activity_method(
            PaymentActivities.offer_tier,
            OfferTier(account_id=self._account_id, sale=sale),
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=2 * ATTEMPT,
            schedule_to_close_timeout=_STEP,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY,
            priority=self._priority,
            summary=f"{Step.CATALOGUE.value}: create product and price of {sale.tier_id}",
        )

    async def _link(self, sale: TierSale, price_id: str) -> str:
        link = await workflow.execute_activity_method(
            PaymentActivities.link_tier,
            LinkTier(account_id=self._account_id, sale=sale, price_id=price_id),
            task_queue=ids.STRIPE_TASK_QUEUE,
            start_to_close_timeout=2 * ATTEMPT,
            schedule_to_close_timeout=_STEP,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            retry_policy=RETRY,
            priority=self._priority,
            summary=f"{Step.PAYMENT_LINKS.value}: create payment link of {sale.tier_id}",
        )
        return link.url


async def _gather(calls: Sequence[Awaitable[Result]]) -> list[Result]:
    """Awaits a few calls at a time, and all of them even if one fails: a call that is still running
    could otherwise create an object after its compensation.

    Raises:
        ActivityError: of the first call, in order, that failed for good.
    """
    places = asyncio.Semaphore(MAX_TIERS_AT_ONCE)

    async def in_turn(call: Awaitable[Result]) -> Result:
        async with places:
            return await call

    outcomes = await asyncio.gather(*(in_turn(call) for call in calls), return_exceptions=True)
    results: list[Result] = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
        results.append(outcome)
    return results
