"""The adapter to Stripe, or to a stand-in at another base URL.

Every method may be repeated after any failure. All errors are a ``PaymentsError``; its
``retryable`` and ``retry_after`` tell whether and when to retry.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Self

import stripe

from domain.actors import Tenant
from domain.json_values import JsonObject
from domain.values.payments import Payments, StripeAnswer
from payments.accounts import Accounts
from payments.answers import AnswerRecorder
from payments.api_keys import is_live
from payments.catalogue import Catalogue
from payments.charges import charge_now
from payments.checkout_models import ChargeNow, Checkout, CheckoutRequest
from payments.checkouts import Checkouts
from payments.link_sales import LinkSales, sales_of_link
from payments.links import PaymentLinks
from payments.models import AccountDetails, OnboardingLink, PaymentLink, TierLink, TierSale
from payments.outcomes import stripe_errors

TIMEOUT: Final = 20.0
"""Seconds for one request; the slowest take a few."""


class StripeAdapter:
    """Accounts belong to the platform; all other objects belong to a connected account."""

    def __init__(
        self,
        api_key: str,
        *,
        api_base: str | None = None,
        media_url: str = "",
        http_client: stripe.HTTPClient,
    ) -> None:
        """
        Args:
            api_key: the platform's.
            api_base: of a stand-in.
            media_url: the address of the server that serves ``/media``.
            http_client: sends the requests.

        Raises:
            ValueError: the key is live, and the base URL is not Stripe's.
        """
        self.livemode = is_live(api_key)
        self._answers = AnswerRecorder(http_client)
        self._client = stripe_client(api_key, api_base, self._answers)
        self._accounts = Accounts(self._client, livemode=self.livemode)
        self._catalogue = Catalogue(self._client, media_url)
        self._checkouts = Checkouts(self._client)
        self._links = PaymentLinks(self._client)

    @classmethod
    def from_settings(
        cls, api_key: str, api_base: str | None = None, *, media_url: str = ""
    ) -> Self:
        http_client = stripe.HTTPXClient(timeout=TIMEOUT)
        return cls(api_key, api_base=api_base, media_url=media_url, http_client=http_client)

    @property
    def last_answer(self) -> StripeAnswer | None:
        """None before the first request."""
        return self._answers.last

    @property
    def is_paused(self) -> bool:
        """Whether Stripe has refused the API key, and requests are refused without being sent."""
        return self._answers.is_paused

    async def ask(self) -> None:
        """Makes a request of no consequence, to have an answer.

        Raises:
            PaymentsError: Stripe does not answer, or declines.
        """
        with stripe_errors():
            await self._client.v2.core.accounts.list_async({"limit": 1})

    async def create_account(self, tenant: Tenant, generation: int, details: AccountDetails) -> str:
        """Creates an account of the tenant, and returns its id, which the caller stores.

        All members of the tenant get the same account of a generation.
        """
        return await self._accounts.create(tenant, generation, details)

    async def complete_account(
        self, account_id: str, details: AccountDetails, *, checked_at: datetime
    ) -> Payments:
        """As :meth:`account`. While the account is in its onboarding, its email address and
        country are updated first."""
        return await self._accounts.complete(account_id, details, checked_at=checked_at)

    async def account(self, account_id: str, *, checked_at: datetime) -> Payments:
        """The current capabilities and requirements of the account. An account that does not
        exist, or that revoked the platform's access, is disconnected.

        Raises:
            KeyRefused: Stripe does not accept the API key, or the key lacks a permission.
        """
        return await self._accounts.current(account_id, checked_at=checked_at)

    async def onboarding_link(
        self, account_id: str, *, return_url: str, refresh_url: str
    ) -> OnboardingLink:
        return await self._accounts.onboarding_link(
            account_id, return_url=return_url, refresh_url=refresh_url
        )

    async def offer(self, account_id: str, sale: TierSale) -> str:
        """Creates or updates the tier's product and price, and returns the price's id."""
        return await self._catalogue.offer(account_id, sale)

    async def ensure_payment_link(
        self, account_id: str, sale: TierSale, price_id: str
    ) -> PaymentLink:
        """Makes one link the only active one of the tier, and returns it."""
        return await self._links.ensure(account_id, sale, price_id)

    async def retire(self, account_id: str, product_ids: Iterable[str]) -> None:
        """Takes tiers off sale: prices, then products.

        Objects that were never created, or are already retired, are skipped.
        """
        await self._catalogue.retire(account_id, product_ids)

    async def retire_links(self, account_id: str, session_id: str) -> None:
        """Deactivates the session's payment links."""
        await self._links.retire(account_id, session_id)

    async def links(self, account_id: str) -> list[TierLink]:
        """All payment links that we made on the account, active or not."""
        return await self._links.of_account(account_id)

    async def deactivate_link(self, account_id: str, link_id: str) -> None:
        await self._links.deactivate(account_id, link_id)

    async def sales_of_link(self, account_id: str, link_id: str) -> LinkSales:
        return await sales_of_link(self._client, account_id, link_id)

    async def open_checkout(self, request: CheckoutRequest, generation: int) -> Checkout:
        """Opens the checkout of an order. Repeated with the same arguments, it returns the same
        checkout, as it is then."""
        return await self._checkouts.open(request, generation)

    async def find_checkout(
        self, account_id: str, order_id: str, since: datetime
    ) -> Checkout | None:
        """The order's checkout; ``since`` is the time at which its tickets were held."""
        return await self._checkouts.find(account_id, order_id, since)

    async def checkout(self, account_id: str, checkout_id: str) -> Checkout:
        return await self._checkouts.look_at(account_id, checkout_id)

    async def expire_checkout(self, account_id: str, checkout_id: str) -> Checkout:
        """Expires an open checkout. A complete one stays complete, and is returned."""
        return await self._checkouts.expire(account_id, checkout_id)

    async def charge(self, account_id: str, payment_intent_id: str) -> ChargeNow:
        """A payment with its refunds and its dispute."""
        return await charge_now(self._client, account_id, payment_intent_id)

    async def event(self, event_id: str) -> JsonObject:
        """The complete form of a thin event, which Stripe keeps for thirty days.

        Some thin events, such as ``v2.core.account_link.returned``, name their object only in it.
        """
        with stripe_errors():
            event = await self._client.v2.core.events.retrieve_async(event_id)
        return event.to_dict(for_json=True)

    async def close(self) -> None:
        # The SDK has no types for this method.
        await self._answers.close_async()  # type: ignore[no-untyped-call]


def stripe_client(
    api_key: str, api_base: str | None, http_client: stripe.HTTPClient
) -> stripe.StripeClient:
    """A client without retries and without the SDK's telemetry.

    ``api_base`` is the base URL of a stand-in; None for Stripe's own.

    Raises:
        ValueError: a live key would be sent to a server other than Stripe's.
    """
    base = (api_base or stripe.DEFAULT_API_BASE).rstrip("/")
    if is_live(api_key) and base != stripe.DEFAULT_API_BASE:
        raise ValueError(f"a live Stripe key is only for {stripe.DEFAULT_API_BASE}, not for {base}")
    stripe.enable_telemetry = False
    # Below this level the SDK logs bodies, which may contain onboarding links.
    logging.getLogger("stripe").setLevel(logging.WARNING)
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": base},
        http_client=http_client,
        max_network_retries=0,
    )
