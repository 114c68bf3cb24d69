"""What a session does at Stripe. Each activity looks before it creates, and may be repeated."""

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.session_calls import heartbeats
from domain import ids
from domain.actors import Tenant
from domain.errors import PaymentsRefused
from domain.session.messages import Message
from domain.values.payments import Payments
from payments.models import PaymentLink, TierSale

if TYPE_CHECKING:
    from db.accounts import StripeAccounts
    from payments.adapter import StripeAdapter
from collections.abc import Iterator
from contextlib import contextmanager

from payments.errors import PaymentsError


class EnsureAccount(Message):
    tenant: Tenant
    email: str | None = Field(default=None, repr=False)
    display_name: str | None = Field(default=None, repr=False)


class LinkRequest(Message):
    account_id: str
    return_url: str
    refresh_url: str


class OnboardingLinkCreated(Message):
    url: str = Field(repr=False)
    expires_at: datetime


class CheckAccount(Message):
    tenant: Tenant
    at: datetime


class OfferTier(Message):
    account_id: str
    sale: TierSale


class LinkTier(Message):
    account_id: str
    sale: TierSale
    price_id: str


class RetireCatalogue(Message):
    account_id: str
    session_id: str
    product_ids: list[str]


class PaymentActivities:
    """``API`` is None where no Stripe key is configured: only free events can be published."""

    def __init__(self, adapter: "StripeAdapter | None", accounts: "StripeAccounts") -> None:
        self._adapter = adapter
        self._accounts = accounts

    @activity.defn(name=ids.ACTIVITY_ENSURE_ACCOUNT)
    async def ensure_account(self, wanted: EnsureAccount) -> str:
        """The one account of the tenant. Calls at once create one between them: Stripe takes the
        same idempotency key for them, and the first that is kept stays."""
        known = await self._accounts.of(wanted.tenant)
        if known is not None:
            return known
        with payment_failures():
            created = await self._stripe.create_account(
                wanted.tenant, email=wanted.email, display_name=wanted.display_name
            )
        return await self._accounts.keep(wanted.tenant, created)

    @activity.defn(name=ids.ACTIVITY_ONBOARDING_LINK)
    async def create_onboarding_link(self, wanted: LinkRequest) -> OnboardingLinkCreated:
        with payment_failures():
            link = await self._stripe.onboarding_link(
                wanted.account_id, return_url=wanted.return_url, refresh_url=wanted.refresh_url
            )
        return OnboardingLinkCreated(url=link.url.get_secret_value(), expires_at=link.expires_at)

    @activity.defn(name=ids.ACTIVITY_CHECK_ACCOUNT)
    async def check_account(self, check: CheckAccount) -> Payments:
        """The account as it is now; not connected where the tenant has none."""
        account_id = await self._accounts.of(check.tenant)
        if account_id is None or self._adapter is None:
            return Payments(checked_at=check.at)
        with heartbeats(), payment_failures():
            return await self._adapter.account(account_id, checked_at=check.at)

    @activity.defn(name=ids.ACTIVITY_OFFER_TIER)
    async def offer_tier(self, offer: OfferTier) -> str:
        """Product and price; the id of the price, the only one at which the tier is sold."""
        with heartbeats(), payment_failures():
            await self._stripe.ensure_product(offer.account_id, offer.sale)
            return await self._stripe.ensure_price(offer.account_id, offer.sale)

    @activity.defn(name=ids.ACTIVITY_LINK_TIER)
    async def link_tier(self, link: LinkTier) -> PaymentLink:
        with heartbeats(), payment_failures():
            return await self._stripe.ensure_payment_link(link.account_id, link.sale, link.price_id)

    @activity.defn(name=ids.ACTIVITY_RETIRE_CATALOGUE)
    async def retire_catalogue(self, retired: RetireCatalogue) -> bool:
        """Nothing of the session is sold any more. Always true: nothing speaks against it."""
        with heartbeats(), payment_failures():
            await self._stripe.retire(
                retired.account_id,
                session_id=retired.session_id,
                product_ids=retired.product_ids,
            )
        return True

    @property
    def _stripe(self) -> "StripeAdapter":
        if self._adapter is None:
            raise ApplicationError(
                "Payments are not set up on this server.",
                type=PaymentsRefused.code,
                non_retryable=True,
            )
        return self._adapter


@contextmanager
def payment_failures() -> Iterator[None]:
    """
    The error itself is not chained but its traceback is kept: of a failure that is repeated the
    Temporal UI shows message, code and causes in one box, and the traces of causes fill it.

    Raises:
        ApplicationError: in place of a PaymentsError, with its code as type, and its delay.
    """
    try:
        yield
    except PaymentsError as error:
        raise ApplicationError(
            error.message,
            {"request_id": error.request_id},
            type=error.code,
            non_retryable=not error.retryable,
            next_retry_delay=error.retry_after,
        ).with_traceback(error.__traceback__) from None
