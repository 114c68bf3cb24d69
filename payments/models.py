"""What goes to Stripe and what comes back, in our own words."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from domain.json_values import JsonObject
from domain.publishing.event import Event
from domain.schemas.ticket import TierKind


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class TierSale(_Frozen):
    """One tier that takes payment, as it is offered at Stripe.

    ``amount`` is in minor units; a donation's is the suggestion, 0 for none.
    """

    session_id: str
    event_id: str
    tier_id: str
    name: str
    description: str | None = None
    currency: str
    amount: int = Field(ge=0)
    is_donation: bool = False
    quantity: int | None = Field(default=None, ge=1)
    min_per_order: int = Field(ge=1)
    max_per_order: int = Field(ge=1)

    @property
    def product_id(self) -> str:
        return product_id_of(self.event_id, self.tier_id)

    @property
    def lookup_key(self) -> str:
        return price_lookup_key(
            self.event_id,
            self.tier_id,
            currency=self.currency,
            amount=self.amount,
            is_donation=self.is_donation,
        )

    @property
    def metadata(self) -> dict[str, str]:
        return {
            "session_id": self.session_id,
            "event_id": self.event_id,
            "tier_id": self.tier_id,
        }


def tier_sales(event: Event) -> list[TierSale]:
    """What of an event is sold through Stripe; empty where everything is free."""
    return [_sale(event, tier) for tier in event.ticket_tiers if tier["kind"] != TierKind.FREE]


def _sale(event: Event, tier: JsonObject) -> TierSale:
    return TierSale(
        session_id=event.session_id,
        event_id=event.event_id,
        tier_id=tier["id"],
        name=f"{event.title}: {tier['name']}",
        description=tier.get("description"),
        currency=event.currency,
        amount=tier["unit_amount"],
        is_donation=tier["kind"] == TierKind.DONATION,
        quantity=tier["quantity"],
        min_per_order=tier["minPerOrder"],
        max_per_order=tier["maxPerOrder"],
    )


class PaymentLink(_Frozen):
    """Where a tier is bought."""

    id: str
    url: str


class OnboardingLink(_Frozen):
    """Lets its holder into the onboarding of an account, once: never stored, never logged."""

    url: SecretStr
    expires_at: datetime


_ABOUT_ACCOUNTS: Final = ("v2.core.account", "account.", "capability.")

IGNORED: Final = "ignored"
"""Outcome of an event that no session has to know of."""


def account_to_look_at(event_type: str, account_id: str | None) -> str | None:
    """That of an event which sessions have to know of: they look at their tenant's account, and at
    nothing else that changes at Stripe."""
    return account_id if event_type.startswith(_ABOUT_ACCOUNTS) else None


class InboxEvent(_Frozen):
    """A verified event of Stripe.

    ``account`` is the connected account that it is about, None for the platform's own. A ``thin``
    event only says what changed. Neither kind is the truth: fetch the object now.
    """

    id: str = Field(min_length=1)
    type: str = Field(min_length=1)
    account: str | None
    livemode: bool
    created: datetime
    payload: JsonObject = Field(repr=False)
    thin: bool


def product_id_of(event_id: str, tier_id: str) -> str:
    return f"event-{event_id}-{tier_id}"


def price_lookup_key(
    event_id: str, tier_id: str, *, currency: str, amount: int, is_donation: bool
) -> str:
    """Stripe takes up to 200 characters."""
    kind = "donation" if is_donation else "price"
    return f"{event_id}-{tier_id}-{kind}-{currency}-{amount}"
