"""The codes of the publish checks, with their severities, stages, meanings and texts."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.errors import FieldError
from domain.stages import STAGES, TITLES, Stage
from domain.validation.texts import filled, text_key


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
    SALE_OVER = "sale_over"
    CAPACITY_EXCEEDED = "capacity_exceeded"
    QUANTITY_INCONSISTENT = "quantity_inconsistent"
    ACCESS_INCOMPLETE = "access_incomplete"
    SLUG_TAKEN = "slug_taken"
    TERMS_NOT_ACCEPTED = "terms_not_accepted"
    NOT_ALLOWED = "not_allowed"
    COVER_MISSING = "cover_missing"
    ALT_TEXT_MISSING = "alt_text_missing"
    EVENT_HAS_BEGUN = "event_has_begun"
    SALE_OPENS_LATE = "sale_opens_late"
    TRANSLATION_UNUSED = "translation_unused"
    PAYOUTS_DISABLED = "payouts_disabled"
    CURRENCY_DIFFERS = "currency_differs"


_EVENT, _VENUE, _TICKET = Stage.EVENT_SETUP, Stage.VENUE_SETUP, Stage.TICKET_SETUP

# Rules of the venue and the tickets also read the event, and are skipped if its values are invalid.
# So their checks need a valid event: otherwise an invalid event would increase the progress.
BLOCKING: Final[dict[CheckCode, tuple[Stage, ...]]] = {
    CheckCode.STAGE_INVALID: STAGES[:-1],
    CheckCode.EVENT_NOT_IN_FUTURE: (_EVENT,),
    CheckCode.PAYMENTS_NOT_READY: (_EVENT, _TICKET),
    CheckCode.CURRENCY_UNSUPPORTED: (_EVENT, _TICKET),
    CheckCode.AMOUNT_TOO_SMALL: (_EVENT, _TICKET),
    CheckCode.NO_TIER_FOR_SALE: (_EVENT, _TICKET),
    CheckCode.SALE_OVER: (_EVENT, _TICKET),
    CheckCode.CAPACITY_EXCEEDED: (_EVENT, _VENUE, _TICKET),
    CheckCode.QUANTITY_INCONSISTENT: (_EVENT, _TICKET),
    CheckCode.ACCESS_INCOMPLETE: (_EVENT, _VENUE, _TICKET),
    CheckCode.SLUG_TAKEN: (_EVENT,),
    CheckCode.TERMS_NOT_ACCEPTED: (Stage.REVIEW_PUBLISH,),
    CheckCode.NOT_ALLOWED: (),
}
"""The blocking checks, each with the stages that must be valid for it to pass."""

CHECK_MEANINGS: Final[dict[CheckCode, str]] = {
    CheckCode.STAGE_INVALID: "A stage has errors or is incomplete.",
    CheckCode.EVENT_NOT_IN_FUTURE: "The event is over before it is published.",
    CheckCode.PAYMENTS_NOT_READY: "There are paid tiers, but no Stripe account is ready. "
    "A warning until the account has been checked.",
    CheckCode.CURRENCY_UNSUPPORTED: "Stripe does not support charges in the currency.",
    CheckCode.AMOUNT_TOO_SMALL: "A price is less than the minimum charge in its currency.",
    CheckCode.NO_TIER_FOR_SALE: "No visible tier can be bought.",
    CheckCode.SALE_OVER: "The sale of a tier ends before the event is published.",
    CheckCode.CAPACITY_EXCEEDED: "There are more tickets than the event or the venue has places.",
    CheckCode.QUANTITY_INCONSISTENT: "A tier's quantity and order limits contradict each other.",
    CheckCode.ACCESS_INCOMPLETE: "The access of the tickets does not match the venue.",
    CheckCode.SLUG_TAKEN: "Another event uses this slug.",
    CheckCode.TERMS_NOT_ACCEPTED: "The terms have not been accepted since the latest change.",
    CheckCode.NOT_ALLOWED: "The caller may not publish for this tenant.",
    CheckCode.COVER_MISSING: "There is no cover image.",
    CheckCode.ALT_TEXT_MISSING: "An image has no text alternative.",
    CheckCode.EVENT_HAS_BEGUN: "The event begins before it is published, and is not over.",
    CheckCode.SALE_OPENS_LATE: "A sale starts after the event starts.",
    CheckCode.TRANSLATION_UNUSED: "A translation names a ticket that does not exist.",
    CheckCode.PAYOUTS_DISABLED: "The Stripe account can accept payments but not make payouts.",
    CheckCode.CURRENCY_DIFFERS: "Payments are converted to the account's own currency.",
}


class Check(BaseModel):
    """A problem that the publish checks found."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(description="A stable code. `GET /v1/wizard` lists all with their meanings")
    stage: Stage = Field(description="The stage to correct")
    pointer: str = Field(
        description="A JSON Pointer (RFC 6901) into the stage's data; empty if the check is about "
        "the whole stage"
    )
    params: dict[str, Any] = Field(
        default_factory=dict, description='The values in the message, such as `{"min": 3}`'
    )
    message: str
    severity: Severity = Field(description="`block` prevents publishing, `warn` does not")


CHECK_TEXTS: Final[dict[str, str]] = {
    "stage_invalid": "{stage} has {errors:error|errors} ({first}).",
    "event_not_in_future.publish_at": (
        "The event is over before it is published. Choose an earlier publication time."
    ),
    "payments_not_ready.not_connected": (
        "Paid tickets need a connected Stripe account. Connect one, or offer free tickets only."
    ),
    "payments_not_ready.onboarding": (
        "Paid tickets need a Stripe account that is set up. Complete the onboarding at Stripe, "
        "or offer free tickets only."
    ),
    "payments_not_ready.restricted": (
        "Stripe has restricted the account, so it cannot sell paid tickets. "
        "Resolve the requirements at Stripe, or offer free tickets only."
    ),
    "payments_not_ready.rejected": (
        "Stripe does not allow the account to accept payments. Ask Stripe for the reason, "
        "or offer free tickets only."
    ),
    "payments_not_ready.unauthorized": (
        "The Stripe account cannot be checked, because Stripe does not accept this server's API "
        "key. Ask support to correct it, or offer free tickets only."
    ),
    "payments_not_ready.unknown": (
        "Paid tickets need a connected Stripe account. Whether there is one has not been checked "
        "yet: publishing checks it first."
    ),
    "payments_not_ready.disconnected": (
        "The Stripe account is no longer connected. Connect again, or offer free tickets only."
    ),
    "no_tier_for_sale": "No ticket can be bought. Make a ticket visible, or extend its sale.",
    "sale_over": (
        "The sale of this ticket is over before the event is published. Choose a later sale end, "
        "or remove the ticket."
    ),
    "capacity_exceeded.venue": (
        "Venue capacity is less than the number of tickets. Increase it, or offer fewer tickets."
    ),
    "access_incomplete.online_missing": "A hybrid event needs a ticket with online access.",
    "access_incomplete.in_person_missing": "A hybrid event needs a ticket with in-person access.",
    "access_incomplete.venue_is_physical": (
        "This ticket includes online access, but the event is in person only."
    ),
    "access_incomplete.venue_is_virtual": (
        "This ticket includes in-person access, but the event is online only."
    ),
    "slug_taken": "Another event uses this slug. Choose another.",
    "terms_not_accepted": "Accept the terms.",
    "terms_not_accepted.outdated": "Accept the terms again after your last change.",
    "not_allowed": "You do not have permission to publish for this organization.",
    "cover_missing": "The event has no cover image. Add one.",
    "alt_text_missing": "The image has no text alternative. Describe it in a few words.",
    "event_has_begun": "The event has already begun. It can be published until it is over.",
    "event_has_begun.publish_at": (
        "The event begins before it is published. Choose an earlier publication time."
    ),
    "sale_opens_late": "The sale starts after the event starts. Choose an earlier sale start.",
    "translation_unused": "This translation names a ticket that does not exist. Remove the name.",
    "payouts_disabled": "The Stripe account cannot make payouts yet. Stripe holds the money.",
    "currency_differs": "Payments are converted to {currency}, the currency of the Stripe account.",
}
"""Texts by code, with the parameter ``reason`` if a code has several. A check that is made from a
field error has the text and the parameters of that error."""

VARIANT: Final = "reason"
"""The parameter that distinguishes the texts of a code."""


@lru_cache(maxsize=1024)  # an assessment finds the same as the one before
def check(code: CheckCode, stage: Stage, pointer: str, **params: Any) -> Check:
    """A finding, with its text and severity.

    Raises:
        KeyError: the code has no text for these parameters, or the text needs another parameter.
    """
    return Check(
        code=code.value,
        stage=stage,
        pointer=pointer,
        params=params,
        message=check_message(code, params),
        severity=_severity(code),
    )


def check_from_error(code: CheckCode, stage: Stage, error: FieldError) -> Check:
    """A finding that repeats a field error."""
    return Check(
        code=code.value,
        stage=stage,
        pointer=error.pointer,
        params=error.params,
        message=error.message,
        severity=_severity(code),
    )


def invalid_stage(stage: Stage, errors: Sequence[FieldError]) -> Check:
    """The finding for a stage with errors. ``errors`` has at least one."""
    code, first = CheckCode.STAGE_INVALID, errors[0]
    params = {
        "errors": len(errors),
        "first": {"pointer": first.pointer, "code": first.code, "params": first.params},
    }
    return Check(
        code=code.value,
        stage=stage,
        pointer="",
        params=params,
        message=_invalid_stage_message(stage, len(errors), first.message),
        severity=_severity(code),
    )


@lru_cache(maxsize=1024)
def _invalid_stage_message(stage: Stage, count: int, first: str) -> str:
    shown = {"errors": count, "stage": TITLES[stage], "first": first.removesuffix(".")}
    return check_message(CheckCode.STAGE_INVALID, shown)


def check_message(code: CheckCode, params: Mapping[str, Any]) -> str:
    return filled(CHECK_TEXTS[text_key(code, VARIANT, params)], dict(params))


def _severity(code: CheckCode) -> Severity:
    return Severity.BLOCK if code in BLOCKING else Severity.WARN
