"""The publish checks: findings that block the publication of an event, and warnings.

All findings are returned together. A check *passes* if it has no finding and all stages that it
reads are valid. A check without a finding whose stages are invalid neither passes nor is reported;
the stages have findings with the code ``stage_invalid``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from domain.errors import ErrorCode, FieldError
from domain.json_values import pointer_to
from domain.schemas.ticket import Tier, TierAccess, TierVisibility, default_access
from domain.schemas.venue import IN_PERSON, VenueMode
from domain.stages import Stage
from domain.validation.check_codes import (
    BLOCKING,
    Check,
    CheckCode,
    Severity,
    check,
    check_from_error,
    invalid_stage,
)
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.sections import TypedSections
from domain.values.local_time import instant
from domain.values.payments import Payments

_ORDER: Final[dict[str, int]] = {code: position for position, code in enumerate(CheckCode)}

# Errors of a stage that are reported as a check as well, with this code.
_CHECKS_FROM_ERRORS: Final[dict[Stage, dict[str, CheckCode]]] = {
    Stage.EVENT_SETUP: {ErrorCode.NOT_IN_FUTURE: CheckCode.EVENT_NOT_IN_FUTURE},
    Stage.TICKET_SETUP: {
        ErrorCode.CURRENCY_UNSUPPORTED: CheckCode.CURRENCY_UNSUPPORTED,
        ErrorCode.AMOUNT_TOO_SMALL: CheckCode.AMOUNT_TOO_SMALL,
        ErrorCode.CAPACITY_EXCEEDED: CheckCode.CAPACITY_EXCEEDED,
        ErrorCode.QUANTITY_INCONSISTENT: CheckCode.QUANTITY_INCONSISTENT,
    },
}


@dataclass(frozen=True)
class AssessmentContext:
    """Everything that an assessment depends on besides the sections and the time."""

    payments: Payments
    published: bool
    sponsors_completed: bool
    """The user has completed the stage of the sponsors, which is valid when empty."""
    terms_current: bool
    """Nothing has changed since the terms were accepted."""
    slug_taken: bool = False
    may_publish: bool = True
    publish_at: datetime | None = None
    refuses_ended_sales: bool = True
    """Whether a tier whose sale is over blocks. Not in runs that began before it did."""
    follows_real_events: bool = True
    """Whether an event may have begun, and so on (:mod:`domain.session.run_rules`)."""
    tiers_issued: int | None = None
    """How many tier ids the session has ever issued; None if unknown."""


@dataclass(frozen=True)
class PublishCandidate:
    """The data of a session that the checks read."""

    data: TypedSections
    errors: dict[Stage, list[FieldError]]
    context: AssessmentContext
    now: datetime

    @property
    def published_at(self) -> datetime:
        """The time of the publication: now, or the planned time."""
        return max(self.now, self.context.publish_at or self.now)

    @cached_property
    def schedule(self) -> Schedule:
        return schedule_of(self.data.event, crosses_midnight=self.context.follows_real_events)

    @property
    def tiers(self) -> list[Tier]:
        return self.data.ticket.tiers or []

    @cached_property
    def _invalid(self) -> frozenset[Stage]:
        return frozenset(stage for stage, errors in self.errors.items() if errors)

    def valid(self, stages: tuple[Stage, ...]) -> bool:
        return self._invalid.isdisjoint(stages)

    def is_sale_over(self, tier: Tier) -> bool:
        zone = self.schedule.zone
        return tier.sale_end is not None and instant(tier.sale_end, zone) <= self.published_at

    def opens_too_late(self, tier: Tier) -> bool:
        """Whether the event is over before the sale starts. A sale with an end of its own may start
        later, if the event has no end."""
        schedule = self.schedule
        if tier.sale_start is None or tier.sale_end is not None or schedule.over_at is None:
            return False
        return instant(tier.sale_start, schedule.zone) >= schedule.over_at

    def access(self, tier: Tier) -> TierAccess | None:
        return tier.access or default_access(self.data.venue.mode)


def run_checks(candidate: PublishCandidate) -> list[Check]:
    """Every finding, in the order of :class:`CheckCode`."""
    found = [finding for findings_of in _CHECKS for finding in findings_of(candidate)]
    return sorted(found, key=lambda finding: _ORDER[finding.code])


def passed_checks(candidate: PublishCandidate) -> list[str]:
    """Codes of the blocking checks that pass.

    Only the findings of checks whose stages are valid decide this. While most stages are
    incomplete, it takes a small part of the time of :func:`run_checks`.
    """
    undecided = [code for code, stages in BLOCKING.items() if candidate.valid(stages)]
    failed = {
        finding.code
        for findings_of, codes in _CHECKS.items()
        if not codes.isdisjoint(undecided)
        for finding in findings_of(candidate)
    }
    if not candidate.context.refuses_ended_sales:
        failed.add(CheckCode.SALE_OVER)
    return [code.value for code in undecided if code not in failed]


def _invalid_stages(candidate: PublishCandidate) -> Iterator[Check]:
    for stage in BLOCKING[CheckCode.STAGE_INVALID]:
        errors = candidate.errors[stage]
        if errors:
            yield invalid_stage(stage, errors)


def _errors_as_checks(candidate: PublishCandidate) -> Iterator[Check]:
    for stage, codes in _CHECKS_FROM_ERRORS.items():
        for error in candidate.errors[stage]:
            if error.code in codes:
                yield check_from_error(codes[error.code], stage, error)


def _over_before_publication(candidate: PublishCandidate) -> Iterator[Check]:
    schedule, follows = candidate.schedule, candidate.context.follows_real_events
    over_at = schedule.over_at if follows else schedule.starts_at
    if over_at is not None and candidate.now < over_at <= candidate.published_at:
        yield check(
            CheckCode.EVENT_NOT_IN_FUTURE,
            Stage.EVENT_SETUP,
            "/date",
            reason="publish_at",
        )


def _payments_not_ready(candidate: PublishCandidate) -> Iterator[Check]:
    payments = candidate.context.payments
    if not candidate.data.ticket.takes_payment or payments.obstacle is None:
        return
    finding = check(
        CheckCode.PAYMENTS_NOT_READY, Stage.TICKET_SETUP, "/tiers", reason=payments.obstacle
    )
    if payments.is_unknown:  # a publication fetches the account before it refuses anything
        finding = finding.model_copy(update={"severity": Severity.WARN})
    yield finding


def _nothing_for_sale(candidate: PublishCandidate) -> Iterator[Check]:
    if not candidate.valid(BLOCKING[CheckCode.NO_TIER_FOR_SALE]):
        return
    if not any(_can_be_bought(candidate, tier) for tier in candidate.tiers):
        yield check(CheckCode.NO_TIER_FOR_SALE, Stage.TICKET_SETUP, "/tiers")


def _can_be_bought(candidate: PublishCandidate, tier: Tier) -> bool:
    if candidate.context.follows_real_events and candidate.opens_too_late(tier):
        return False
    is_offered = tier.is_sold_here and tier.visibility is not TierVisibility.HIDDEN
    return is_offered and not candidate.is_sale_over(tier)


def _ended_sales(candidate: PublishCandidate) -> Iterator[Check]:
    if not candidate.context.refuses_ended_sales:
        return
    if not candidate.valid(BLOCKING[CheckCode.SALE_OVER]):
        return
    for index, tier in enumerate(candidate.tiers):
        if candidate.is_sale_over(tier):
            pointer = pointer_to(("tiers", index, "saleEnd"))
            yield check(CheckCode.SALE_OVER, Stage.TICKET_SETUP, pointer)


def _exceeded_venue_capacity(candidate: PublishCandidate) -> Iterator[Check]:
    venue = candidate.data.venue
    if venue.capacity is None or not IN_PERSON.applies_to(venue):
        return
    seated = [tier for tier in candidate.tiers if candidate.access(tier) is not TierAccess.ONLINE]
    total = sum(tier.quantity or 0 for tier in seated)
    if total > venue.capacity:
        yield check(CheckCode.CAPACITY_EXCEEDED, Stage.VENUE_SETUP, "/capacity", reason="venue")


def _incomplete_access(candidate: PublishCandidate) -> Iterator[Check]:
    if not candidate.valid((Stage.VENUE_SETUP, Stage.TICKET_SETUP)):
        return
    mode = candidate.data.venue.mode
    offered = {candidate.access(tier) for tier in candidate.tiers}
    if mode is VenueMode.HYBRID and TierAccess.BOTH not in offered and len(offered) < 2:  # noqa: PLR2004
        missing = "online" if TierAccess.IN_PERSON in offered else "in_person"
        yield check(
            CheckCode.ACCESS_INCOMPLETE,
            Stage.TICKET_SETUP,
            "/tiers",
            reason=f"{missing}_missing",
        )
    contradicting = {
        VenueMode.PHYSICAL: (TierAccess.ONLINE, TierAccess.BOTH),
        VenueMode.VIRTUAL: (TierAccess.IN_PERSON, TierAccess.BOTH),
    }
    for index, tier in enumerate(candidate.tiers):
        if mode in contradicting and tier.access in contradicting[mode]:
            yield check(
                CheckCode.ACCESS_INCOMPLETE,
                Stage.TICKET_SETUP,
                pointer_to(("tiers", index, "access")),
                reason=f"venue_is_{mode.value}",
            )


def _unmet_formalities(candidate: PublishCandidate) -> Iterator[Check]:
    if candidate.context.slug_taken:
        yield check(CheckCode.SLUG_TAKEN, Stage.EVENT_SETUP, "/slug")
    yield from _terms_not_accepted(candidate)
    if not candidate.context.may_publish:
        yield check(CheckCode.NOT_ALLOWED, Stage.REVIEW_PUBLISH, "")


def _terms_not_accepted(candidate: PublishCandidate) -> Iterator[Check]:
    errors = candidate.errors[Stage.REVIEW_PUBLISH]
    if not errors:
        return
    is_outdated = any(error.code == ErrorCode.TERMS_OUTDATED for error in errors)
    reason = {"reason": "outdated"} if is_outdated else {}
    yield check(CheckCode.TERMS_NOT_ACCEPTED, Stage.REVIEW_PUBLISH, "/acceptedTerms", **reason)


def _images_without_text(candidate: PublishCandidate) -> Iterator[Check]:
    sponsor = candidate.data.sponsor
    stage = Stage.SPONSORS_MEDIA
    if sponsor.media is None or sponsor.media.cover is None:
        yield check(CheckCode.COVER_MISSING, stage, "/media/cover")
    for error in candidate.errors[stage]:
        if error.code == ErrorCode.MISSING and error.pointer.endswith("/alt"):
            yield check(CheckCode.ALT_TEXT_MISSING, stage, error.pointer)
    for index, listed in enumerate(sponsor.sponsors or []):
        if listed.logo is not None and listed.logo.alt is None:
            pointer = pointer_to(("sponsors", index, "logo", "alt"))
            yield check(CheckCode.ALT_TEXT_MISSING, stage, pointer)
    logo = candidate.data.organizer.logo
    if logo is not None and logo.alt is None:
        yield check(CheckCode.ALT_TEXT_MISSING, Stage.ORGANIZER_SETUP, "/logo/alt")


def _event_has_begun(candidate: PublishCandidate) -> Iterator[Check]:
    """A finding if the event is on when it is published."""
    schedule = candidate.schedule
    if not candidate.context.follows_real_events or candidate.errors[Stage.EVENT_SETUP]:
        return
    if schedule.starts_at is None or schedule.over_at is None:
        return
    if schedule.starts_at <= candidate.published_at < schedule.over_at:
        planned = {} if schedule.starts_at <= candidate.now else {"reason": "publish_at"}
        yield check(CheckCode.EVENT_HAS_BEGUN, Stage.EVENT_SETUP, "/date", **planned)


def _late_sales(candidate: PublishCandidate) -> Iterator[Check]:
    schedule = candidate.schedule
    for index, tier in enumerate(candidate.tiers):
        if tier.sale_start is None or schedule.starts_at is None:
            continue
        if instant(tier.sale_start, schedule.zone) > schedule.starts_at:
            yield check(
                CheckCode.SALE_OPENS_LATE,
                Stage.TICKET_SETUP,
                pointer_to(("tiers", index, "saleStart")),
            )


def _unused_translations(candidate: PublishCandidate) -> Iterator[Check]:
    ids = {tier.id for tier in candidate.tiers}
    if not ids:  # the tickets are not entered yet
        return
    for index, translation in enumerate(candidate.data.event.translations or []):
        for tier_id in translation.tiers or {}:
            if tier_id not in ids:
                pointer = pointer_to(("translations", index, "tiers", tier_id))
                yield check(CheckCode.TRANSLATION_UNUSED, Stage.EVENT_SETUP, pointer)


def _account_warnings(candidate: PublishCandidate) -> Iterator[Check]:
    payments, ticket = candidate.context.payments, candidate.data.ticket
    if not ticket.takes_payment:
        return
    if payments.payouts_enabled is False:
        yield check(CheckCode.PAYOUTS_DISABLED, Stage.TICKET_SETUP, "/tiers")
    account_currency = payments.default_currency
    if account_currency and account_currency.lower() != ticket.effective_currency:
        yield check(
            CheckCode.CURRENCY_DIFFERS,
            Stage.TICKET_SETUP,
            "/currency",
            currency=account_currency.upper(),
        )


_CHECKS: Final[dict[Callable[[PublishCandidate], Iterator[Check]], frozenset[CheckCode]]] = {
    _invalid_stages: frozenset({CheckCode.STAGE_INVALID}),
    _errors_as_checks: frozenset(
        code for codes in _CHECKS_FROM_ERRORS.values() for code in codes.values()
    ),
    _over_before_publication: frozenset({CheckCode.EVENT_NOT_IN_FUTURE}),
    _payments_not_ready: frozenset({CheckCode.PAYMENTS_NOT_READY}),
    _nothing_for_sale: frozenset({CheckCode.NO_TIER_FOR_SALE}),
    _ended_sales: frozenset({CheckCode.SALE_OVER}),
    _exceeded_venue_capacity: frozenset({CheckCode.CAPACITY_EXCEEDED}),
    _incomplete_access: frozenset({CheckCode.ACCESS_INCOMPLETE}),
    _unmet_formalities: frozenset(
        {CheckCode.SLUG_TAKEN, CheckCode.TERMS_NOT_ACCEPTED, CheckCode.NOT_ALLOWED}
    ),
    _images_without_text: frozenset({CheckCode.COVER_MISSING, CheckCode.ALT_TEXT_MISSING}),
    _event_has_begun: frozenset({CheckCode.EVENT_HAS_BEGUN}),
    _late_sales: frozenset({CheckCode.SALE_OPENS_LATE}),
    _unused_translations: frozenset({CheckCode.TRANSLATION_UNUSED}),
    _account_warnings: frozenset({CheckCode.PAYOUTS_DISABLED, CheckCode.CURRENCY_DIFFERS}),
}
"""The functions that find something, each with the codes of its findings."""
