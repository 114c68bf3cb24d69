"""Stripe accounts and catalogues of sessions. Each activity may be repeated after any failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.calls import heartbeating
from domain import ids
from domain.actors import Tenant
from domain.errors import PaymentsRefused
from domain.session.messages import Message
from domain.values.payments import PaymentReason, Payments, gone
from observability import worker_metrics
from payments.errors import FORBIDDEN, KeyRefused, PaymentsError
from payments.models import AccountDetails, PaymentLink, TierSale

if TYPE_CHECKING:
    from db.accounts import StripeAccounts
    from payments.adapter import StripeAdapter


class EnsureAccount(Message):
    """What is known of the organizer. An account is created with all of it."""

    tenant: Tenant
    email: str | None = Field(default=None, repr=False)
    typed_email: str | None = Field(default=None, repr=False)
    """The address that was entered; None if ``email`` is the one of a token. Only an entered one
    replaces that of an existing account."""
    display_name: str | None = Field(default=None, repr=False)
    country: str | None = None


class ConnectedAccount(Message):
    account_id: str
    payments: Payments
    is_new: bool


class EndAccount(Message):
    tenant: Tenant
    reason: PaymentReason


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
    """For workers of the earlier release."""
    known: Payments | None = None
    """The status that the session knows."""
    accepts_stored: bool = False
    """The stored status is enough: Stripe is called only if there is none. For runs that began
    before :meth:`PaymentActivities.stored_status`."""


class StoredStatusQuery(Message):
    tenant: Tenant


class FetchAccount(Message):
    account_id: str
    is_deauthorized: bool = False
    """Stripe has said that the platform no longer has access."""


class OfferTier(Message):
    account_id: str
    sale: TierSale


class LinkTier(Message):
    """Of a publication that began under a release with payment links."""

    account_id: str
    sale: TierSale
    price_id: str


class RetireCatalogue(Message):
    """``has_links`` is true for publications that made payment links; their releases did not send
    it."""

    account_id: str
    session_id: str
    product_ids: list[str]
    has_links: bool = True


class PaymentActivities:
    """``adapter`` is None without a Stripe key; then only free events can be published.

    Every method that calls Stripe raises the ApplicationError of :func:`payment_failures`.
    """

    def __init__(self, adapter: "StripeAdapter | None", accounts: "StripeAccounts") -> None:
        self._adapter = adapter
        self._accounts = accounts

    @activity.defn
    async def connect_account(self, request: EnsureAccount) -> ConnectedAccount:
        """Finds the tenant's account, or creates one if there is none, or if it is over.

        Concurrent calls create only one: they use the same idempotency key, and the first stored id
        is kept. While an existing account is in its onboarding, its details are updated.
        """
        present = await self._accounts.present(request.tenant)
        if present.current is not None:
            stored = present.current
            details = AccountDetails(email=request.typed_email, country=request.country)
            payments = await self._complete(stored.account_id, details)
            if not payments.is_over:
                return ConnectedAccount(
                    account_id=stored.account_id, payments=payments, is_new=False
                )
        details = AccountDetails(
            email=request.email, country=request.country, display_name=request.display_name
        )
        generation = present.next_generation
        with payment_failures():
            created = await self._stripe.create_account(request.tenant, generation, details)
        kept = await self._accounts.keep(request.tenant, created, generation)
        payments = await self._complete(kept.account_id, details)
        return ConnectedAccount(account_id=kept.account_id, payments=payments, is_new=True)

    async def _complete(self, account_id: str, details: AccountDetails) -> Payments:
        with payment_failures():
            payments = await self._stripe.complete_account(
                account_id, details, checked_at=datetime.now(UTC)
            )
        worker_metrics.account_fetched(payments.status)
        return await self._accounts.note(account_id, payments)

    @activity.defn(name=ids.ACTIVITY_ENSURE_ACCOUNT)
    async def ensure_account(self, request: EnsureAccount) -> str:
        """Like :meth:`connect_account`, for runs that the earlier release began."""
        return (await self.connect_account(request)).account_id

    @activity.defn
    async def end_account(self, ended: EndAccount) -> Payments:
        """Ends the tenant's account in the database, and changes nothing at Stripe.

        Returns:
            The status of the account that was ended, now or earlier; "not connected" if the tenant
            never had one.
        """
        stored, now = await self._accounts.of(ended.tenant), datetime.now(UTC)
        if stored is not None:
            await self._accounts.end(ended.tenant, stored.account_id, ended.reason, at=now)
        last = await self._accounts.last_status(ended.tenant)
        return last or Payments(checked_at=now)

    @activity.defn
    async def create_onboarding_link(self, request: LinkRequest) -> OnboardingLinkCreated:
        with payment_failures():
            link = await self._stripe.onboarding_link(
                request.account_id, return_url=request.return_url, refresh_url=request.refresh_url
            )
        return OnboardingLinkCreated(url=link.url.get_secret_value(), expires_at=link.expires_at)

    @activity.defn
    async def stored_status(self, query: StoredStatusQuery) -> Payments | None:
        """Returns the status of the account as :meth:`check_account` does, but without a request to
        Stripe; None if the account was never fetched."""
        stored, now = await self._accounts.of(query.tenant), datetime.now(UTC)
        if self._adapter is None or stored is None:
            return await self._without_account(query.tenant, now)
        return stored.payments

    @activity.defn(name=ids.ACTIVITY_CHECK_ACCOUNT)
    async def check_account(self, check: CheckAccount) -> Payments:
        """Returns the status of the account; of the last one if it was ended, and "not connected"
        if the tenant never had one.

        If Stripe does not accept the API key, it is the last known status, with the reason.
        """
        stored, now = await self._accounts.of(check.tenant), datetime.now(UTC)
        if self._adapter is None or stored is None:
            return await self._without_account(check.tenant, now)
        if check.accepts_stored and stored.payments is not None:
            return stored.payments
        with heartbeating(), payment_failures():
            try:
                fetched = await self._adapter.account(stored.account_id, checked_at=now)
            except KeyRefused as refusal:
                worker_metrics.account_fetched(refusal.code)
                return _last_known(stored.account_id, stored.payments, check.known)
        worker_metrics.account_fetched(fetched.status)
        return await self._accounts.note(stored.account_id, fetched)

    async def _without_account(self, tenant: Tenant, now: datetime) -> Payments:
        last = await self._accounts.last_status(tenant) if self._adapter else None
        return last.model_copy(update={"checked_at": now}) if last else Payments(checked_at=now)

    @activity.defn
    async def fetch_account(self, fetch: FetchAccount) -> Payments | None:
        """Fetches an account once for all sessions of its tenant, and stores its status.

        Returns:
            The newest status; None if no tenant has the account.
        """
        if self._adapter is None or await self._accounts.get(fetch.account_id) is None:
            return None
        now = datetime.now(UTC)
        with heartbeating(), payment_failures():
            try:
                fetched = await self._adapter.account(fetch.account_id, checked_at=now)
            except KeyRefused as refusal:
                worker_metrics.account_fetched(refusal.code)
                if not fetch.is_deauthorized or refusal.code != FORBIDDEN:
                    raise
                fetched = gone(fetch.account_id, checked_at=now)
        worker_metrics.account_fetched(fetched.status)
        return await self._accounts.note(fetch.account_id, fetched)

    @activity.defn
    async def offer_tier(self, offer: OfferTier) -> str:
        """Creates or updates a product and its price. Returns the id of the one active price."""
        with heartbeating(), payment_failures():
            return await self._stripe.offer(offer.account_id, offer.sale)

    @activity.defn
    async def link_tier(self, link: LinkTier) -> PaymentLink:
        with heartbeating(), payment_failures():
            return await self._stripe.ensure_payment_link(link.account_id, link.sale, link.price_id)

    @activity.defn
    async def retire_catalogue(self, retired: RetireCatalogue) -> bool:
        """Takes all tiers of the session off sale. Always returns true."""
        with heartbeating(), payment_failures():
            if retired.has_links:
                await self._stripe.retire_links(retired.account_id, retired.session_id)
            await self._stripe.retire(retired.account_id, retired.product_ids)
        return True

    @property
    def _stripe(self) -> "StripeAdapter":
        return configured(self._adapter)


def _last_known(account_id: str, *known: Payments | None) -> Payments:
    """The first of the statuses that is one of the account."""
    statuses = (status for status in known if status and status.account_id == account_id)
    last = next(statuses, Payments(account_id=account_id))
    return last.model_copy(update={"reason": PaymentReason.UNAUTHORIZED})


def configured(adapter: "StripeAdapter | None") -> "StripeAdapter":
    """
    Raises:
        ApplicationError: the worker has no Stripe key, so there is no adapter.
    """
    if adapter is None:
        raise ApplicationError(
            "Payments are not configured on this server.",
            type=PaymentsRefused.code,
            non_retryable=True,
        )
    return adapter


@contextmanager
def payment_failures() -> Iterator[None]:
    """Converts errors of the adapter. The error is not chained, but keeps its traceback: the
    Temporal UI shows a failed attempt in one box, which the traces of its causes would fill.

    Raises:
        ApplicationError: instead of a PaymentsError, with its code as type and its retry delay.
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
