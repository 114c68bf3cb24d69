"""Connected accounts (Accounts v2) of organizers, which receive the payments for their tickets.

The organizer is the merchant, with direct charges and a full dashboard. Stripe collects its fees
and the requirements from the organizer, and covers the losses. So organizers can sign up on their
own, and the platform is not involved in disputes and identity verification. Source:
https://docs.stripe.com/connect/saas/tasks/create.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import stripe
from pydantic import AliasPath, BaseModel, ConfigDict, Field, SecretStr
from stripe.params.v2.core import AccountCreateParams, AccountLinkCreateParams

from domain.actors import Tenant
from domain.values.payments import PaymentReason, Payments, PaymentStatus, gone
from payments.errors import NotThere, PaymentsDeclined
from payments.idempotency import account_key
from payments.models import OnboardingLink
from payments.outcomes import KEY_REUSED, stripe_errors

_DUE: Final = frozenset({"currently_due", "past_due"})
_TERMS: Final = "terms_of_service"
_NEVER_ACTIVE: Final = frozenset({"rejected", "unsupported"})


class Accounts:
    def __init__(self, client: stripe.StripeClient) -> None:
        self._core = client.v2.core

    async def create(
        self,
        tenant: Tenant,
        *,
        email: str | None,
        display_name: str | None,
        country: str | None,
    ) -> str:
        """Creates the tenant's account, and returns its id.

        For thirty days, Stripe returns the same account for a repeat. The caller stores the id,
        because an account can be found by its tenant only by listing all accounts.
        """
        params = _create_params(tenant, email, display_name, country)
        try:
            with stripe_errors():
                account = await self._core.accounts.create_async(
                    params, {"idempotency_key": account_key(tenant)}
                )
        except PaymentsDeclined as error:
            if error.code != KEY_REUSED:
                raise
            # Another member of the organization created it first, with a different email address.
            found = await self._account_of(tenant)
            if found is None:
                raise
            return found
        return account.id

    async def _account_of(self, tenant: Tenant) -> str | None:
        with stripe_errors():
            page = await self._core.accounts.list_async()
            async for account in page.auto_paging_iter():
                if account.metadata and account.metadata.to_dict().get("tenant") == str(tenant):
                    return account.id
        return None

    async def current(self, account_id: str, *, checked_at: datetime) -> Payments:
        """The current capabilities and requirements of the account, or that it is gone."""
        try:
            with stripe_errors():
                account = await self._core.accounts.retrieve_async(
                    account_id,
                    {"include": ["configuration.merchant", "requirements", "defaults"]},
                )
        except NotThere:
            return gone(account_id, checked_at=checked_at)
        state = _AccountState.model_validate(account.to_dict())
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


def _create_params(
    tenant: Tenant, email: str | None, display_name: str | None, country: str | None
) -> AccountCreateParams:
    params: AccountCreateParams = {
        "dashboard": "full",
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        "defaults": {
            "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
        },
        "metadata": {"tenant": str(tenant)},
    }
    if email:
        params["contact_email"] = email
    if display_name:
        params["display_name"] = display_name
    if country:
        params["identity"] = {"country": country}
    return params


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
