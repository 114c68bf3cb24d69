"""The publish checks' codes, severities, stages and meanings."""

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from domain.stages import STAGES, Stage


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"


class CheckCode(StrEnum):
    STAGE_INVALID = "stage_invalid"
    EVENT_NOT_IN_FUTURE = "event_not_in_future"
    PAYMENTS_NOT_READY = "payments_not_ready"
    CURRENCY_UNSUPPORTED = "currency_unsupported"
    AMOUNT_TOO_SMALL = "amount_too_small"
    NO_TIER_FOR_SALE = "no_tier_for_sale"
    CAPACITY_EXCEEDED = "capacity_exceeded"
    QUANTITY_INCONSISTENT = "quantity_inconsistent"
    ACCESS_INCOMPLETE = "access_incomplete"
    SLUG_TAKEN = "slug_taken"
    TERMS_NOT_ACCEPTED = "terms_not_accepted"
    NOT_ALLOWED = "not_allowed"
    COVER_MISSING = "cover_missing"
    ALT_TEXT_MISSING = "alt_text_missing"
    SALE_OPENS_LATE = "sale_opens_late"
    PAYOUTS_DISABLED = "payouts_disabled"
    CURRENCY_DIFFERS = "currency_differs"


_EVENT, _VENUE, _TICKET = Stage.EVENT_SETUP, Stage.VENUE_SETUP, Stage.TICKET_SETUP

# Rules of the venue and of the tickets also read the event, and are skipped while its values are
# wrong. Their checks need a valid event too; otherwise a wrong event would raise the progress.
BLOCKING: Final[dict[CheckCode, tuple[Stage, ...]]] = {
    CheckCode.STAGE_INVALID: STAGES[:-1],
    CheckCode.EVENT_NOT_IN_FUTURE: (_EVENT,),
    CheckCode.PAYMENTS_NOT_READY: (_EVENT, _TICKET),
    CheckCode.CURRENCY_UNSUPPORTED: (_EVENT, _TICKET),
    CheckCode.AMOUNT_TOO_SMALL: (_EVENT, _TICKET),
    CheckCode.NO_TIER_FOR_SALE: (_EVENT, _TICKET),
    CheckCode.CAPACITY_EXCEEDED: (_EVENT, _VENUE, _TICKET),
    CheckCode.QUANTITY_INCONSISTENT: (_EVENT, _TICKET),
    CheckCode.ACCESS_INCOMPLETE: (_EVENT, _VENUE, _TICKET),
    CheckCode.SLUG_TAKEN: (_EVENT,),
    CheckCode.TERMS_NOT_ACCEPTED: (Stage.REVIEW_PUBLISH,),
    CheckCode.NOT_ALLOWED: (),
}
"""The blocking checks, each with the stages that have to be valid for it to pass."""

CHECK_MEANINGS: Final[dict[CheckCode, str]] = {
    CheckCode.STAGE_INVALID: "A stage has errors or is not filled in.",
    CheckCode.EVENT_NOT_IN_FUTURE: "The event would have begun when it is published.",
    CheckCode.PAYMENTS_NOT_READY: "There are paid tiers, and no Stripe account that is ready.",
    CheckCode.CURRENCY_UNSUPPORTED: "Stripe does not charge in the currency.",
    CheckCode.AMOUNT_TOO_SMALL: "A price is under the smallest charge in its currency.",
    CheckCode.NO_TIER_FOR_SALE: "No tier is visible and can still be bought.",
    CheckCode.CAPACITY_EXCEEDED: "More tickets than the event or the venue has places.",
    CheckCode.QUANTITY_INCONSISTENT: "A tier's quantity and order limits contradict each other.",
    CheckCode.ACCESS_INCOMPLETE: "Tickets and venue do not offer the same ways to take part.",
    CheckCode.SLUG_TAKEN: "Another event has this address.",
    CheckCode.TERMS_NOT_ACCEPTED: "The terms are not accepted, or were before a later change.",
    CheckCode.NOT_ALLOWED: "The caller may not publish for this tenant.",
    CheckCode.COVER_MISSING: "There is no cover image.",
    CheckCode.ALT_TEXT_MISSING: "An image has no text alternative.",
    CheckCode.SALE_OPENS_LATE: "A sale opens only when the event has begun.",
    CheckCode.PAYOUTS_DISABLED: "The Stripe account can take money but not pay it out.",
    CheckCode.CURRENCY_DIFFERS: "Payments are converted to the account's own currency.",
}


class Check(BaseModel):
    """One finding."""

    model_config = ConfigDict(frozen=True)

    code: str
    stage: Stage
    pointer: str = Field(description="RFC 6901 pointer into the stage's data; empty for all of it")
    message: str
    severity: Severity
