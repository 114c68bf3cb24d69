"""Our models of the data exchanged with Stripe, and the natural keys of Stripe's objects.

A natural key is derived from the event and identifies an object permanently: a product's id, a
price's lookup key, a link's metadata.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StrictBool,
    StringConstraints,
)

from domain.json_values import JsonObject
from domain.orders.inventory import sold_tiers
from domain.publishing.event import Event
from domain.schemas.ticket import TierKind
from domain.values.pictures import PICTURE_PATH
from payments.event_types import ACCOUNT_EVENTS, CHARGE_EVENTS, CHECKOUT_EVENTS
from payments.product_texts import product_description, product_name

VisibleText = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]
"""Stripe's ids and types are short, and the database has indexes over them."""

IGNORED: Final = "ignored"
"""The outcome of an event that affects neither a session nor an order."""
ORDER_SIGNALLED: Final = "signalled the order"
ORDER_NOT_OPEN: Final = "the order is not open"
"""Outcomes of an event of a checkout."""

_UUID_LENGTH: Final = 36


class FrozenModel(BaseModel):
    model_config = ConfigDict(frozen=True)


class TierSale(FrozenModel):
    """One tier that is sold through Stripe.

    ``amount`` is in minor units; for a donation it is the suggested amount, 0 for none.
    """

    session_id: str
    event_id: str
    tier_id: str
    name: str
    description: str | None = None
    currency: str
    amount: int = Field(ge=0)
    is_donation: bool = False
    least_amount: int | None = None
    """The least that a buyer of a donation can give; None for the minimum charge."""
    quantity: int | None = Field(default=None, ge=1)
    min_per_order: int = Field(ge=1)
    max_per_order: int = Field(ge=1)
    picture: str | None = None
    """The path of the event's cover, if it is a picture that this service stores: others may not
    stay, or may not be reachable for Stripe."""

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
    """The tiers of an event that are sold through Stripe; empty if none costs money here."""
    return [_sale(event, tier) for tier in sold_tiers(event)]


def _sale(event: Event, tier: JsonObject) -> TierSale:
    return TierSale(
        session_id=event.session_id,
        event_id=event.event_id,
        tier_id=tier["id"],
        name=product_name(event, tier),
        description=product_description(event, tier),
        currency=event.currency,
        amount=tier["unit_amount"],
        is_donation=tier["kind"] == TierKind.DONATION,
        least_amount=tier.get("minAmount"),
        quantity=tier["quantity"],
        min_per_order=tier["minPerOrder"],
        max_per_order=tier["maxPerOrder"],
        picture=_stored_cover(event),
    )


def _stored_cover(event: Event) -> str | None:
    cover = (event.sponsor_data.get("media") or {}).get("cover") or {}
    url: str = cover.get("url") or ""
    return url if url.startswith(PICTURE_PATH) else None


def product_id_of(event_id: str, tier_id: str) -> str:
    return f"event-{event_id}-{tier_id}"


def tier_id_of(product_id: str) -> str:
    """The inverse of :func:`product_id_of`; the event's id is a UUID."""
    return product_id[len(product_id_of("0" * _UUID_LENGTH, "")) :]


def price_lookup_key(
    event_id: str, tier_id: str, *, currency: str, amount: int, is_donation: bool
) -> str:
    """At most 200 characters, as Stripe requires."""
    kind = "donation" if is_donation else "price"
    return f"{event_id}-{tier_id}-{kind}-{currency}-{amount}"


class AccountDetails(FrozenModel):
    """What the organizer has entered already, so that Stripe's onboarding does not ask for it.

    ``country`` is an ISO 3166-1 alpha-2 code.
    """

    email: str | None = Field(default=None, repr=False)
    country: str | None = None
    display_name: str | None = Field(default=None, repr=False)


class PaymentLink(FrozenModel):
    """The page at Stripe that sells a tier of an event published by an earlier release."""

    id: str
    url: str


class TierLink(FrozenModel):
    """A payment link of ours, as Stripe lists it."""

    id: str
    event_id: str
    tier_id: str
    is_active: bool


class OnboardingLink(FrozenModel):
    """A link that gives access to the onboarding of an account, once. Never stored or logged."""

    url: SecretStr
    expires_at: datetime


class ObjectReference(FrozenModel):
    """An object of Stripe, which can be fetched by its id.

    ``order_id`` is a UUID in the object's metadata, which may be of another application.
    ``payment_intent`` is the id of the object's payment.
    """

    type: str
    id: str
    order_id: str | None = None
    payment_intent: str | None = None


class InboxEvent(FrozenModel):
    """The parts of a verified event that are used; a snapshot also contains personal data.

    ``account`` is the id of the connected account; None for events of the platform itself.
    ``reference`` is the changed object, if it has an id. Its content in the event may be outdated,
    so the object is fetched.
    """

    id: VisibleText
    type: VisibleText
    account: VisibleText | None
    livemode: StrictBool
    created: AwareDatetime
    reference: ObjectReference | None


class EventSubject(StrEnum):
    """What an event changes, of the things that the wizard depends on."""

    ACCOUNT = "account"
    CHECKOUT = "checkout"
    """The checkout of an order."""
    CHARGE = "charge"
    """The payment of an order, by a refund or a dispute."""


def subject_of(
    event_type: str, account_id: str | None, reference: ObjectReference | None
) -> EventSubject | None:
    """None if the event changes nothing that the wizard depends on."""
    if account_id is None:
        return None
    if event_type.startswith(ACCOUNT_EVENTS):
        return EventSubject.ACCOUNT
    if reference is None:
        return None
    if event_type in CHECKOUT_EVENTS:
        return EventSubject.CHECKOUT if reference.order_id else None
    if event_type.startswith(CHARGE_EVENTS):
        return EventSubject.CHARGE if reference.payment_intent else None
    return None
