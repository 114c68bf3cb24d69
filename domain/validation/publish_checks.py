"""The publish checks: everything that blocks publishing an event, or deserves a warning.

All findings are returned at once. A check is *passed* when the stages that it looks at are valid
and it has no finding. While one of them is invalid, it is neither passed nor, without a finding,
reported: ``stage_invalid`` says what to do first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from domain.errors import ErrorCode, FieldError
from domain.json_values import pointer_to
from domain.schemas.ticket import Tier, TierAccess, TierVisibility, default_access
from domain.schemas.venue import IN_PERSON, VenueMode
from domain.stages import Stage
from domain.validation.check_codes import BLOCKING, Check, CheckCode, Severity
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.sections import TypedSections
from domain.values.local_time import instant
from domain.values.payments import Payments, PaymentStatus


@dataclass(frozen=True)
class Facts:
    """``sponsors_completed``: the person went on from that stage, also with nothing in it.
    ``terms_current``: terms were accepted and nothing was changed since. ``tiers_issued``: how
    many tier ids were given out; None where it is not known."""

    payments: Payments
    published: bool
    sponsors_completed: bool
    terms_current: bool
    slug_taken: bool = False
    may_publish: bool = True
    publish_at: datetime | None = None
    tiers_issued: int | None = None


_E, _V, _T = Stage.EVENT_SETUP, Stage.VENUE_SETUP, Stage.TICKET_SETUP

# What is already an error of its stage, and is told again as a check under this code.
_FROM_ERRORS: Final[dict[Stage, dict[str, CheckCode]]] = {
    _E: {ErrorCode.NOT_IN_FUTURE: CheckCode.EVENT_NOT_IN_FUTURE},
    _T: {
        ErrorCode.CURRENCY_UNSUPPORTED: CheckCode.CURRENCY_UNSUPPORTED,
        ErrorCode.AMOUNT_TOO_SMALL: CheckCode.AMOUNT_TOO_SMALL,
        ErrorCode.CAPACITY_EXCEEDED: CheckCode.CAPACITY_EXCEEDED,
        ErrorCode.QUANTITY_INCONSISTENT: CheckCode.QUANTITY_INCONSISTENT,
    },
}


@dataclass(frozen=True)
class Inspected:
    """All that a check may look at."""

    data: TypedSections
    errors: dict[Stage, list[FieldError]]
    facts: Facts
    now: datetime

    @property
    def published_at(self) -> datetime:
        """When the event goes out: now, or when that is planned for."""
        return max(self.now, self.facts.publish_at or self.now)

    @cached_property
    def schedule(self) -> Schedule:
        return schedule_of(self.data.event)

    @property
    def tiers(self) -> list[Tier]:
        return self.data.ticket.tiers or []

    def valid(self, stages: tuple[Stage, ...]) -> bool:
        return not any(self.errors[stage] for stage in stages)

    def access(self, tier: Tier) -> TierAccess | None:
        return tier.access or default_access(self.data.venue.mode)


def run_checks(inspected: Inspected) -> list[Check]:
    """Every finding, in the order of :class:`CheckCode`."""
    found = [
        check
        for findings in (
            _stages,
            _start,
            _payments,
            _for_sale,
            _venue_capacity,
            _access,
            _formalities,
            _errors_as_checks,
            _images,
            _late_sales,
            _account,
        )
        for check in findings(inspected)
    ]
    order = list(CheckCode)
    return sorted(found, key=lambda check: order.index(CheckCode(check.code)))


def passed(inspected: Inspected, found: list[Check]) -> list[str]:
    """Codes of the blocking checks that are known to be in order."""
    open_codes = {check.code for check in found}
    return [
        code.value
        for code, stages in BLOCKING.items()
        if code not in open_codes and inspected.valid(stages)
    ]


def _check(code: CheckCode, stage: Stage, pointer: str, message: str) -> Check:
    severity = Severity.BLOCK if code in BLOCKING else Severity.WARN
    return Check(code=code.value, stage=stage, pointer=pointer, message=message, severity=severity)


def _stages(inspected: Inspected) -> Iterator[Check]:
    for stage in BLOCKING[CheckCode.STAGE_INVALID]:
        errors = inspected.errors[stage]
        if errors:
            yield _check(
                CheckCode.STAGE_INVALID,
                stage,
                "",
                f"{stage.value} is not valid yet: {len(errors)} to correct, "
                f"the first is: {errors[0].message}",
            )


def _errors_as_checks(inspected: Inspected) -> Iterator[Check]:
    for stage, codes in _FROM_ERRORS.items():
        for error in inspected.errors[stage]:
            if error.code in codes:
                yield _check(codes[error.code], stage, error.pointer, error.message)


def _start(inspected: Inspected) -> Iterator[Check]:
    starts_at = inspected.schedule.starts_at
    if starts_at is not None and inspected.now < starts_at <= inspected.published_at:
        yield _check(
            CheckCode.EVENT_NOT_IN_FUTURE,
            _E,
            "/date",
            "The event would have begun before it is published: publish earlier.",
        )


def _payments(inspected: Inspected) -> Iterator[Check]:
    status = inspected.facts.payments.status
    if inspected.data.ticket.takes_payment and status is not PaymentStatus.READY:
        yield _check(
            CheckCode.PAYMENTS_NOT_READY,
            _T,
            "/tiers",
            "Tickets that cost money need a Stripe account that is ready, and it is "
            f"{status.value}: connect one, or offer free tickets only.",
        )


def _for_sale(inspected: Inspected) -> Iterator[Check]:
    if not inspected.valid(BLOCKING[CheckCode.NO_TIER_FOR_SALE]):
        return
    if not any(_can_be_bought(inspected, tier) for tier in inspected.tiers):
        yield _check(
            CheckCode.NO_TIER_FOR_SALE,
            _T,
            "/tiers",
            "No tier is visible with a sale that has not ended: nobody could get a ticket.",
        )


def _can_be_bought(inspected: Inspected, tier: Tier) -> bool:
    if tier.visibility is TierVisibility.HIDDEN:
        return False
    zone = inspected.schedule.zone
    return tier.sale_end is None or instant(tier.sale_end, zone) > inspected.published_at


def _venue_capacity(inspected: Inspected) -> Iterator[Check]:
    venue = inspected.data.venue
    if venue.capacity is None or not IN_PERSON.applies_to(venue):
        return
    seated = [tier for tier in inspected.tiers if inspected.access(tier) is not TierAccess.ONLINE]
    total = sum(tier.quantity or 0 for tier in seated)
    if total > venue.capacity:
        yield _check(
            CheckCode.CAPACITY_EXCEEDED,
            _V,
            "/capacity",
            f"The venue holds {venue.capacity}, and {total} tickets let people in.",
        )


def _access(inspected: Inspected) -> Iterator[Check]:
    if not inspected.valid((_V, _T)):
        return
    mode = inspected.data.venue.mode
    offered = {inspected.access(tier) for tier in inspected.tiers}
    if mode is VenueMode.HYBRID and TierAccess.BOTH not in offered and len(offered) < 2:  # noqa: PLR2004
        lacking = "online" if TierAccess.IN_PERSON in offered else "in person"
        yield _check(
            CheckCode.ACCESS_INCOMPLETE,
            _T,
            "/tiers",
            f"The event is hybrid, and no ticket lets people take part {lacking}.",
        )
    contradicting = {
        VenueMode.PHYSICAL: (TierAccess.ONLINE, TierAccess.BOTH),
        VenueMode.VIRTUAL: (TierAccess.IN_PERSON, TierAccess.BOTH),
    }
    for index, tier in enumerate(inspected.tiers):
        if mode in contradicting and tier.access in contradicting[mode]:
            lacking = "address to go online" if mode is VenueMode.PHYSICAL else "place to go to"
            yield _check(
                CheckCode.ACCESS_INCOMPLETE,
                _T,
                pointer_to(("tiers", index, "access")),
                f"The ticket promises more than the venue has: there is no {lacking}.",
            )


def _formalities(inspected: Inspected) -> Iterator[Check]:
    if inspected.facts.slug_taken:
        yield _check(
            CheckCode.SLUG_TAKEN, _E, "/slug", "Another event has this address: choose another."
        )
    if inspected.errors[Stage.REVIEW_PUBLISH]:
        yield _check(
            CheckCode.TERMS_NOT_ACCEPTED,
            Stage.REVIEW_PUBLISH,
            "/acceptedTerms",
            "The terms have to be accepted, after the last change: please accept them.",
        )
    if not inspected.facts.may_publish:
        yield _check(
            CheckCode.NOT_ALLOWED,
            Stage.REVIEW_PUBLISH,
            "",
            "You may not publish for this organization: ask someone who may.",
        )


def _images(inspected: Inspected) -> Iterator[Check]:
    sponsor = inspected.data.sponsor
    stage = Stage.SPONSORS_MEDIA
    if sponsor.media is None or sponsor.media.cover is None:
        yield _check(
            CheckCode.COVER_MISSING, stage, "/media/cover", "A cover image makes the event visible."
        )
    for error in inspected.errors[stage]:
        if error.code == ErrorCode.MISSING and error.pointer.endswith("/alt"):
            yield _alt_missing(stage, error.pointer)
    for index, each in enumerate(sponsor.sponsors or []):
        if each.logo is not None and each.logo.alt is None:
            yield _alt_missing(stage, pointer_to(("sponsors", index, "logo", "alt")))
    logo = inspected.data.organizer.logo
    if logo is not None and logo.alt is None:
        yield _alt_missing(Stage.ORGANIZER_SETUP, "/logo/alt")


def _alt_missing(stage: Stage, pointer: str) -> Check:
    return _check(
        CheckCode.ALT_TEXT_MISSING,
        stage,
        pointer,
        "The image has no text for people who do not see it: describe it in a few words.",
    )


def _late_sales(inspected: Inspected) -> Iterator[Check]:
    schedule = inspected.schedule
    for index, tier in enumerate(inspected.tiers):
        if tier.sale_start is None or schedule.starts_at is None:
            continue
        if instant(tier.sale_start, schedule.zone) > schedule.starts_at:
            yield _check(
                CheckCode.SALE_OPENS_LATE,
                _T,
                pointer_to(("tiers", index, "saleStart")),
                "The sale opens after the event has begun.",
            )


def _account(inspected: Inspected) -> Iterator[Check]:
    payments, ticket = inspected.facts.payments, inspected.data.ticket
    if not ticket.takes_payment:
        return
    if payments.payouts_enabled is False:
        yield _check(
            CheckCode.PAYOUTS_DISABLED,
            _T,
            "/tiers",
            "The Stripe account cannot pay out yet: money is held until it can.",
        )
    account_currency = payments.default_currency
    if account_currency and account_currency.lower() != ticket.effective_currency:
        yield _check(
            CheckCode.CURRENCY_DIFFERS,
            _T,
            "/currency",
            f"Payments are converted to {account_currency.upper()}, the account's own currency.",
        )
