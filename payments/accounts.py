"""Connected accounts (Accounts v2) of organizers, which receive the payments for their tickets.

The organizer is the merchant, with direct charges and a full dashboard. Stripe collects its fees
and the requirements from the organizer, and covers the losses. So organizers can sign up on their
own, and the platform is not involved in disputes and identity verification. Source:
https://docs.stripe.com/connect/saas/tasks/create.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, Literal

import stripe
import structlog
from pydantic import AliasPath, BaseModel, ConfigDict, Field, SecretStr
from stripe.params.v2.core import (
    AccountCreateParams,
    AccountLinkCreateParams,
    AccountUpdateParams,
)

from domain.actors import Tenant
from domain.values.payments import PaymentReason, Payments, PaymentStatus, gone
from payments.errors import KEY_REUSED, KeyRefused, ObjectNotFound, PaymentsDeclined
from payments.idempotency import account_key
from payments.models import AccountDetails, OnboardingLink
from payments.outcomes import stripe_errors

_DUE: Final = frozenset({"currently_due", "past_due"})
_TERMS: Final = "terms_of_service"
_NEVER_ACTIVE: Final = frozenset({"rejected", "unsupported"})

_log = structlog.get_logger(__name__)


class Accounts:
    def __init__(self, client: stripe.StripeClient, *, livemode: bool) -> None:
        self._core = client.v2.core
        self._livemode = livemode

    async def create(self, tenant: Tenant, generation: int, details: AccountDetails) -> str:
        """Creates an account of the tenant, and returns its id.

        For thirty days, Stripe returns the same account for a repeat. The caller stores the id,
        because an account can be found by its tenant only by listing all accounts.

        If Stripe declines the details, such as a country that it does not support, the account is
        created without them: Stripe's onboarding asks for them.
        """
        key = account_key(tenant, livemode=self._livemode, generation=generation)
        try:
            return await self._create(_create_params(tenant, generation, details), key)
        except KeyRefused:
            raise
        except PaymentsDeclined as error:
            if error.code == KEY_REUSED:
                # Another member of the organization has used the key with different details.
                found = await self._account_of(tenant, generation)
                if found is not None:
                    return found
            elif details == AccountDetails():
                raise
        bare = _create_params(tenant, generation, AccountDetails())
        return await self._create(bare, f"{key}:bare")

    async def _create(self, params: AccountCreateParams, key: str) -> str:
        with stripe_errors():
            account = await self._core.accounts.create_async(params, {"idempotency_key": key})
        return account.id

    async def _account_of(self, tenant: Tenant, generation: int) -> str | None:
        wanted = _metadata(tenant, generation)
        with stripe_errors():
            page = await self._core.accounts.list_async()
            async for account in page.auto_paging_iter():
                if account.metadata and account.metadata.to_dict() == wanted:
                    return account.id
        return None

    async def current(self, account_id: str, *, checked_at: datetime) -> Payments:
        """The current capabilities and requirements of the account, or that it is gone."""
        try:
            state = await self._retrieve(account_id)
        except ObjectNotFound:
            return gone(account_id, checked_at=checked_at)
        return _status_of(account_id, state, checked_at)

    async def complete(
        self, account_id: str, details: AccountDetails, *, checked_at: datetime
    ) -> Payments:
        """Like :meth:`current`. While the account is in its onboarding, its email address and
        country are updated to ``details``; its display name is not."""
        try:
            state = await self._retrieve(account_id, "identity")
        except ObjectNotFound:
            return gone(account_id, checked_at=checked_at)
        if state.status is PaymentStatus.ONBOARDING:
            for changed in _changed_details(state, details):
                await self._update(account_id, changed)
        return _status_of(account_id, state, checked_at)

    async def _retrieve(self, account_id: str, *more: Literal["identity"]) -> "_AccountState":
        with stripe_errors():
            account = await self._core.accounts.retrieve_async(
                account_id,
                {"include": ["configuration.merchant", "requirements", "defaults", *more]},
            )
        return _AccountState.model_validate(account.to_dict())

    async def _update(self, account_id: str, changed: AccountUpdateParams) -> None:
        """Once a person has begun the onboarding, Stripe may decline a change, such as another
        country. The details are for convenience, so this is no error."""
        try:
            with stripe_errors():
                await self._core.accounts.update_async(account_id, changed)
        except PaymentsDeclined as error:
            _log.info("account detail declined", account_id=account_id, code=error.code)

    async def onboarding_link(
        self, account_id: str, *, return_url: str, refresh_url: str
    ) -> OnboardingLink:
        """A new link with each call, because a link can be opened only once, within minutes."""
        params = _onboarding_params(account_id, return_url, refresh_url)
        with stripe_errors():
            link = await self._core.account_links.create_async(params)
        return OnboardingLink(
            url=SecretStr(link.url), expires_at=datetime.fromisoformat(link.expires_at)
        )


def _create_params(tenant: Tenant, generation: int, details: AccountDetails) -> AccountCreateParams:
    params: AccountCreateParams = {
        "dashboard": "full",
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        "defaults": {
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
        },
        "metadata": _metadata(tenant, generation),
    }
    if details.email:
        params["contact_email"] = details.email
    if details.display_name:
        params["display_name"] = details.display_name
    if details.country:
        params["identity"] = {"country": details.country}
    return params


def _metadata(tenant: Tenant, generation: int) -> dict[str, str]:
    return {"tenant": str(tenant), "generation": str(generation)}


def _changed_details(
    state: "_AccountState", details: AccountDetails
) -> Iterator[AccountUpdateParams]:
    """One update for each detail, so that Stripe may accept one and decline another."""
    if details.email and details.email != state.contact_email:
        yield {"contact_email": details.email}
    if details.country and details.country != (state.country or "").upper():
        yield {"identity": {"country": details.country}}


def _status_of(account_id: str, state: "_AccountState", checked_at: datetime) -> Payments:
    return Payments(
        account_id=account_id,
        status=state.status,
        reason=state.reason,
        requirements=state.requirements,
        livemode=state.livemode,
        payouts_enabled=state.payouts == "active",
        default_currency=state.currency,
        checked_at=checked_at,
    )


def _onboarding_params(
    account_id: str, return_url: str, refresh_url: str
) -> AccountLinkCreateParams:
    return {
        "account": account_id,
        "use_case": {
            "type": "account_onboarding",
            "account_onboarding": {"return_url": return_url, "refresh_url": refresh_url},
        },
    }


class _ResponsePart(BaseModel):
    """The fields of a response that are used. Parts that were not requested are None."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Requirement(_ResponsePart):
    description: str
    awaiting_action_from: str | None = None
    deadline: str | None = Field(
        default=None, validation_alias=AliasPath("minimum_deadline", "status")
    )

    @property
    def is_due(self) -> bool:
        return self.awaiting_action_from != "stripe" and self.deadline in _DUE


def _capability(*path: str) -> AliasPath:
    return AliasPath("configuration", "merchant", "capabilities", *path, "status")


class _AccountState(_ResponsePart):
    livemode: bool
    closed: bool | None = None
    contact_email: str | None = None
    country: str | None = Field(default=None, validation_alias=AliasPath("identity", "country"))
    card_payments: str | None = Field(default=None, validation_alias=_capability("card_payments"))
    payouts: str | None = Field(
        default=None, validation_alias=_capability("stripe_balance", "payouts")
    )
    currency: str | None = Field(default=None, validation_alias=AliasPath("defaults", "currency"))
    entries: Sequence[_Requirement] | None = Field(
        default=None, validation_alias=AliasPath("requirements", "entries")
    )

    @property
    def requirements(self) -> list[str]:
        return sorted({entry.description for entry in self.entries or () if entry.is_due})

    @property
    def has_submitted(self) -> bool:
        """Whether the onboarding is complete. Stripe has no field for it, but requires its terms
        until they are accepted, which is the last step of the onboarding."""
        return not any(_TERMS in description for description in self.requirements)

    @property
    def reason(self) -> PaymentReason | None:
        if self.closed:
            return PaymentReason.CLOSED
        return PaymentReason.REJECTED if self.card_payments in _NEVER_ACTIVE else None

    @property
    def status(self) -> PaymentStatus:
        if self.closed:
            return PaymentStatus.DISCONNECTED
        if self.card_payments in _NEVER_ACTIVE:
            return PaymentStatus.RESTRICTED
        if self.card_payments == "active":
            return PaymentStatus.READY
        is_held_up = self.requirements or self.card_payments == "restricted"
        if self.has_submitted and is_held_up:
            return PaymentStatus.RESTRICTED
        return PaymentStatus.ONBOARDING
