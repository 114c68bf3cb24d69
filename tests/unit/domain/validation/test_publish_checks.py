"""Every publish check: findings beyond its limit, none within it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from domain.json_values import JsonObject
from domain.stages import STAGES, Stage
from domain.validation.assessment import Assessment
from domain.validation.check_codes import BLOCKING, CHECK_MEANINGS, Check, CheckCode, Severity
from domain.values.payments import PaymentReason, Payments, PaymentStatus
from tests.unit.domain.samples import (
    HYBRID,
    NOW,
    READY,
    VIRTUAL,
    assessment_context,
    assessment_of,
    valid_section,
)
from tests.unit.domain.samples import valid_sections as sections_with
from tests.unit.domain.strategies import sections

ORGANIZER, EVENT, VENUE = Stage.ORGANIZER_SETUP, Stage.EVENT_SETUP, Stage.VENUE_SETUP
TICKET, SPONSOR, REVIEW = Stage.TICKET_SETUP, Stage.SPONSORS_MEDIA, Stage.REVIEW_PUBLISH

STARTS_AT = datetime(2030, 5, 9, 23, 30, tzinfo=UTC)
SPRING_ENDS_AT = datetime(2030, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
URL = "https://cdn.example.com/a.jpg"


@dataclass(frozen=True)
class Situation:
    """Sections that replace the valid ones, and fields of the context."""

    changed: dict[str, JsonObject] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def assessment(self) -> Assessment:
        return assessment_of(sections_with(**self.changed), **self.context)

    @property
    def checks(self) -> list[Check]:
        return self.assessment.checks


@dataclass(frozen=True)
class Case:
    code: CheckCode
    stage: Stage
    pointer: str
    found: Situation
    not_found: Situation


def given_that(*, context: dict[str, Any] | None = None, **changed: JsonObject) -> Situation:
    return Situation(changed, context or {})


def tickets(*tiers: JsonObject, **fields: Any) -> JsonObject:
    named = [{"name": f"Tier {n}", "unit_amount": 0, **tier} for n, tier in enumerate(tiers)]
    return {"tiers": named, **fields}


def account(**fields: Any) -> dict[str, Any]:
    return {"payments": READY.model_copy(update=fields)}


def planned_for(moment: datetime) -> dict[str, Any]:
    return {"publish_at": moment}


def translated(tiers: JsonObject) -> JsonObject:
    return valid_section(EVENT, translations=[{"language": "fr", "tiers": tiers}])


def invalid(stage: Stage) -> Case:
    section = {"hashtag": "two words"} if stage is SPONSOR else {}
    return Case(
        CheckCode.STAGE_INVALID, stage, "", Situation({stage.section.value: section}), Situation()
    )


PAID = tickets({"unit_amount": 5_000})
FREE = tickets({})
LAST_MINUTE = valid_section(EVENT, date="2030-03-01", startTime="12:01", timezone="UTC")
ALL_SPRING = valid_section(EVENT, date="2030-02-01", endDate="2030-05-31", timezone="UTC")
LAST_SPRING = valid_section(EVENT, date="2029-02-01", endDate="2029-05-31", timezone="UTC")
TOO_LATE = valid_section(EVENT, date="2030-03-01", startTime="12:00", timezone="UTC")


def cover(**fields: Any) -> JsonObject:
    return {"media": {"cover": {"url": URL, "alt": "Hall", **fields}}}


CASES = [
    *[invalid(stage) for stage in STAGES[:5]],
    # Online tickets without a URL: the venue is the invalid stage.
    Case(
        CheckCode.STAGE_INVALID,
        VENUE,
        "",
        given_that(venue={**HYBRID, "url": None}, ticket=tickets({"access": "online"})),
        given_that(venue=HYBRID),
    ),
    Case(
        CheckCode.EVENT_NOT_IN_FUTURE,
        EVENT,
        "/date",
        given_that(event=TOO_LATE),
        given_that(event=LAST_MINUTE),
    ),
    Case(
        CheckCode.EVENT_NOT_IN_FUTURE,
        EVENT,
        "/date",
        given_that(context=planned_for(STARTS_AT)),
        given_that(context=planned_for(STARTS_AT - SECOND)),
    ),
    Case(
        CheckCode.EVENT_NOT_IN_FUTURE,
        EVENT,
        "/endDate",
        given_that(event=LAST_SPRING),
        given_that(event=ALL_SPRING),
    ),
    Case(
        CheckCode.EVENT_NOT_IN_FUTURE,
        EVENT,
        "/date",
        given_that(event=ALL_SPRING, context=planned_for(SPRING_ENDS_AT)),
        given_that(event=ALL_SPRING, context=planned_for(SPRING_ENDS_AT - SECOND)),
    ),
    Case(
        CheckCode.EVENT_HAS_BEGUN,
        EVENT,
        "/date",
        given_that(event=ALL_SPRING),
        given_that(event=LAST_SPRING),
    ),
    Case(
        CheckCode.EVENT_HAS_BEGUN,
        EVENT,
        "/date",
        given_that(event=valid_section(EVENT, endTime="22:00"), context=planned_for(STARTS_AT)),
        given_that(
            event=valid_section(EVENT, endTime="22:00"), context=planned_for(STARTS_AT - SECOND)
        ),
    ),
    Case(
        CheckCode.NO_TIER_FOR_SALE,
        TICKET,
        "/tiers",
        given_that(ticket=tickets({"saleStart": "2030-05-09T20:00"})),
        given_that(
            ticket=tickets({"saleStart": "2030-05-09T20:00", "saleEnd": "2030-05-09T21:00"})
        ),
    ),
    Case(
        CheckCode.NO_TIER_FOR_SALE,
        TICKET,
        "/tiers",
        given_that(event=ALL_SPRING, ticket=tickets({"saleStart": "2030-06-01T00:00Z"})),
        given_that(event=ALL_SPRING, ticket=tickets({"saleStart": "2030-05-31T23:59Z"})),
    ),
    *[
        Case(
            CheckCode.PAYMENTS_NOT_READY,
            TICKET,
            "/tiers",
            given_that(
                ticket=ticket, context={"payments": Payments(status=status, checked_at=NOW)}
            ),
            given_that(ticket=ticket, context={"payments": READY}),
        )
        for ticket in (PAID, tickets({"kind": "donation", "unit_amount": 0}))
        for status in PaymentStatus
        if status is not PaymentStatus.READY
    ],
    Case(
        CheckCode.PAYMENTS_NOT_READY,
        TICKET,
        "/tiers",
        given_that(
            ticket=tickets({}, {"unit_amount": 50}), context={"payments": Payments(checked_at=NOW)}
        ),
        given_that(ticket=tickets({}, {})),
    ),
    Case(
        CheckCode.CURRENCY_UNSUPPORTED,
        TICKET,
        "/currency",
        given_that(ticket={**PAID, "currency": "irr"}, context=account()),
        given_that(ticket={**FREE, "currency": "irr"}, context=account()),
    ),
    Case(
        CheckCode.AMOUNT_TOO_SMALL,
        TICKET,
        "/tiers/1/unit_amount",
        given_that(ticket=tickets({}, {"unit_amount": 49}), context=account()),
        given_that(ticket=tickets({}, {"unit_amount": 50}), context=account()),
    ),
    Case(
        CheckCode.NO_TIER_FOR_SALE,
        TICKET,
        "/tiers",
        given_that(ticket=tickets({"visibility": "hidden"})),
        given_that(ticket=tickets({"visibility": "hidden"}, {"visibility": "visible"})),
    ),
    Case(
        CheckCode.NO_TIER_FOR_SALE,
        TICKET,
        "/tiers",
        given_that(ticket=tickets({"saleEnd": "2030-03-01T12:00:00Z"})),
        given_that(ticket=tickets({"saleEnd": "2030-03-01T12:00:01Z"})),
    ),
    Case(
        CheckCode.NO_TIER_FOR_SALE,
        TICKET,
        "/tiers",
        given_that(
            ticket=tickets({"saleEnd": "2030-04-01T00:00"}),
            context=planned_for(datetime(2030, 4, 1, 4, 0, tzinfo=UTC)),
        ),
        given_that(
            ticket=tickets({"saleEnd": "2030-04-01T00:00"}),
            context=planned_for(datetime(2030, 4, 1, 3, 59, 59, tzinfo=UTC)),
        ),
    ),
    Case(
        CheckCode.SALE_OVER,
        TICKET,
        "/tiers/1/saleEnd",
        given_that(ticket=tickets({}, {"saleEnd": "2030-03-01T12:00:00Z"})),
        given_that(ticket=tickets({}, {"saleEnd": "2030-03-01T12:00:01Z"})),
    ),
    Case(
        CheckCode.SALE_OVER,
        TICKET,
        "/tiers/1/saleEnd",
        given_that(
            ticket=tickets({}, {"saleEnd": "2030-04-01T00:00", "visibility": "hidden"}),
            context=planned_for(datetime(2030, 4, 1, 4, 0, tzinfo=UTC)),
        ),
        given_that(
            ticket=tickets({}, {"saleEnd": "2030-04-01T00:00", "visibility": "hidden"}),
            context=planned_for(datetime(2030, 4, 1, 3, 59, 59, tzinfo=UTC)),
        ),
    ),
    Case(
        CheckCode.CAPACITY_EXCEEDED,
        TICKET,
        "/totalCapacity",
        given_that(ticket=tickets({"quantity": 6}, {"quantity": 5}, totalCapacity=10)),
        given_that(ticket=tickets({"quantity": 6}, {"quantity": 4}, totalCapacity=10)),
    ),
    Case(
        CheckCode.CAPACITY_EXCEEDED,
        VENUE,
        "/capacity",
        given_that(
            venue=valid_section(VENUE, capacity=10),
            ticket=tickets({"quantity": 6}, {"quantity": 5}, {"quantity": None}),
        ),
        given_that(
            venue=valid_section(VENUE, capacity=10),
            ticket=tickets({"quantity": 6}, {"quantity": 4}, {"quantity": None}),
        ),
    ),
    *[
        Case(
            CheckCode.CAPACITY_EXCEEDED,
            VENUE,
            "/capacity",
            given_that(
                venue={**HYBRID, "capacity": 10},
                ticket=tickets({"quantity": 1}, {"quantity": 10, "access": access}),
            ),
            given_that(
                venue={**HYBRID, "capacity": 10},
                ticket=tickets({"quantity": 1}, {"quantity": 10, "access": "online"}),
            ),
        )
        for access in ("in_person", "both")
    ],
    Case(
        CheckCode.CAPACITY_EXCEEDED,
        VENUE,
        "/capacity",
        given_that(venue={**HYBRID, "capacity": 10}, ticket=tickets({"quantity": 11})),
        given_that(venue={**VIRTUAL, "capacity": 10}, ticket=tickets({"quantity": 11})),
    ),
    Case(
        CheckCode.CAPACITY_EXCEEDED,
        VENUE,
        "/capacity",
        given_that(
            venue={**HYBRID, "capacity": 10}, ticket=tickets({"quantity": 11, "access": "both"})
        ),
        given_that(
            venue={**VIRTUAL, "capacity": 10}, ticket=tickets({"quantity": 11, "access": "both"})
        ),
    ),
    Case(
        CheckCode.QUANTITY_INCONSISTENT,
        TICKET,
        "/tiers/0/quantity",
        given_that(ticket=tickets({"minPerOrder": 3, "quantity": 2})),
        given_that(ticket=tickets({"minPerOrder": 3, "quantity": 3})),
    ),
    Case(
        CheckCode.QUANTITY_INCONSISTENT,
        TICKET,
        "/tiers/1/minPerOrder",
        given_that(ticket=tickets({}, {"minPerOrder": 3, "maxPerOrder": 2})),
        given_that(ticket=tickets({}, {"minPerOrder": 3, "maxPerOrder": 3})),
    ),
    *[
        Case(
            CheckCode.ACCESS_INCOMPLETE,
            TICKET,
            "/tiers",
            given_that(venue=HYBRID, ticket=tickets({"access": access})),
            given_that(venue=HYBRID, ticket=tickets({"access": access}, {"access": added})),
        )
        for access, added in (("in_person", "online"), ("online", "in_person"), ("online", "both"))
    ],
    Case(
        CheckCode.ACCESS_INCOMPLETE,
        TICKET,
        "/tiers",
        given_that(venue=HYBRID, ticket=tickets({"access": "online"})),
        given_that(venue=HYBRID, ticket=FREE),
    ),
    *[
        Case(
            CheckCode.ACCESS_INCOMPLETE,
            TICKET,
            "/tiers/1/access",
            given_that(venue=venue, ticket=tickets({}, {"access": access})),
            given_that(venue=venue, ticket=tickets({}, {"access": allowed})),
        )
        for venue, access, allowed in (
            (valid_section(VENUE), "online", "in_person"),
            (valid_section(VENUE), "both", "in_person"),
            (VIRTUAL, "in_person", "online"),
            (VIRTUAL, "both", "online"),
        )
    ],
    Case(
        CheckCode.SLUG_TAKEN, EVENT, "/slug", given_that(context={"slug_taken": True}), Situation()
    ),
    Case(
        CheckCode.TERMS_NOT_ACCEPTED, REVIEW, "/acceptedTerms", given_that(review={}), Situation()
    ),
    Case(
        CheckCode.TERMS_NOT_ACCEPTED,
        REVIEW,
        "/acceptedTerms",
        given_that(context={"terms_current": False}),
        given_that(context={"terms_current": True}),
    ),
    Case(
        CheckCode.TERMS_NOT_ACCEPTED,
        REVIEW,
        "/acceptedTerms",
        given_that(review={"acceptedTerms": {"version": "1999-01", "at": NOW.isoformat()}}),
        Situation(),
    ),
    Case(
        CheckCode.NOT_ALLOWED, REVIEW, "", given_that(context={"may_publish": False}), Situation()
    ),
    Case(CheckCode.COVER_MISSING, SPONSOR, "/media/cover", given_that(sponsor={}), Situation()),
    Case(
        CheckCode.COVER_MISSING,
        SPONSOR,
        "/media/cover",
        given_that(sponsor={"media": {"gallery": [{"url": URL, "alt": "A hall"}]}}),
        given_that(sponsor={"media": {"cover": {"url": URL, "decorative": True}}}),
    ),
    Case(
        CheckCode.ALT_TEXT_MISSING,
        SPONSOR,
        "/media/cover/alt",
        given_that(sponsor=cover(alt=None)),
        given_that(sponsor=cover(alt=None, decorative=True)),
    ),
    Case(
        CheckCode.ALT_TEXT_MISSING,
        SPONSOR,
        "/media/gallery/0/alt",
        given_that(sponsor={"media": {"gallery": [{"url": URL}]}}),
        given_that(sponsor={"media": {"gallery": [{"url": URL, "alt": "A hall"}]}}),
    ),
    Case(
        CheckCode.ALT_TEXT_MISSING,
        SPONSOR,
        "/sponsors/0/logo/alt",
        given_that(sponsor={"sponsors": [{"name": "Acme", "logo": {"url": URL}}]}),
        given_that(sponsor={"sponsors": [{"name": "Acme", "logo": {"url": URL, "alt": "A"}}]}),
    ),
    Case(
        CheckCode.ALT_TEXT_MISSING,
        ORGANIZER,
        "/logo/alt",
        given_that(organizer={"name": "Ada", "logo": {"url": URL}}),
        given_that(organizer={"name": "Ada", "logo": {"url": URL, "alt": "A"}}),
    ),
    Case(
        CheckCode.SALE_OPENS_LATE,
        TICKET,
        "/tiers/0/saleStart",
        given_that(ticket=tickets({"saleStart": "2030-05-09T19:31"})),
        given_that(ticket=tickets({"saleStart": "2030-05-09T19:30"})),
    ),
    Case(
        CheckCode.TRANSLATION_UNUSED,
        EVENT,
        "/translations/0/tiers/tier-9",
        given_that(event=translated({"tier-1": "Gradin", "tier-9": "Balcon"})),
        given_that(event=translated({"tier-1": "Gradin"})),
    ),
    Case(
        CheckCode.PAYOUTS_DISABLED,
        TICKET,
        "/tiers",
        given_that(ticket=PAID, context=account(payouts_enabled=False)),
        given_that(ticket=PAID, context=account(payouts_enabled=None)),
    ),
    Case(
        CheckCode.PAYOUTS_DISABLED,
        TICKET,
        "/tiers",
        given_that(ticket=PAID, context=account(payouts_enabled=False)),
        given_that(ticket=FREE, context=account(payouts_enabled=False)),
    ),
    Case(
        CheckCode.CURRENCY_DIFFERS,
        TICKET,
        "/currency",
        given_that(ticket=PAID, context=account(default_currency="eur")),
        given_that(ticket=PAID, context=account(default_currency="USD")),
    ),
    Case(
        CheckCode.CURRENCY_DIFFERS,
        TICKET,
        "/currency",
        given_that(ticket=PAID, context=account(default_currency="eur")),
        given_that(ticket=FREE, context=account(default_currency="eur")),
    ),
]

WARNINGS = {
    CheckCode.COVER_MISSING,
    CheckCode.ALT_TEXT_MISSING,
    CheckCode.EVENT_HAS_BEGUN,
    CheckCode.SALE_OPENS_LATE,
    CheckCode.TRANSLATION_UNUSED,
    CheckCode.PAYOUTS_DISABLED,
    CheckCode.CURRENCY_DIFFERS,
}


def places(checks: list[Check], code: CheckCode) -> list[tuple[Stage, str]]:
    return [(check.stage, check.pointer) for check in checks if check.code == code]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.stage}{case.pointer}")
def test_check_is_found_only_beyond_its_limit(case: Case) -> None:
    assert (case.stage, case.pointer) in places(case.found.checks, case.code)
    assert places(case.not_found.checks, case.code) == []


@pytest.mark.parametrize("code", CheckCode)
def test_every_check_has_a_case_and_a_meaning(code: CheckCode) -> None:
    assert code in {case.code for case in CASES}
    assert CHECK_MEANINGS[code].endswith(".")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_only_warnings_do_not_block_publishing(case: Case) -> None:
    severity = Severity.WARN if case.code in WARNINGS else Severity.BLOCK
    found = [check for check in case.found.checks if check.code == case.code]
    assert {check.severity for check in found} == {severity}
    assert (case.code in BLOCKING) is (severity is Severity.BLOCK)


@pytest.mark.parametrize(
    ("payments", "reason", "severity"),
    [
        (Payments(), "unknown", Severity.WARN),
        (Payments(checked_at=NOW), "not_connected", Severity.BLOCK),
        (Payments(status=PaymentStatus.ONBOARDING), "onboarding", Severity.BLOCK),
        (
            Payments(status=PaymentStatus.DISCONNECTED, reason=PaymentReason.ACCOUNT_GONE),
            "disconnected",
            Severity.BLOCK,
        ),
        (
            Payments(status=PaymentStatus.DISCONNECTED, reason=PaymentReason.CLOSED),
            "disconnected",
            Severity.BLOCK,
        ),
        (
            Payments(status=PaymentStatus.RESTRICTED, reason=PaymentReason.REJECTED),
            "rejected",
            Severity.BLOCK,
        ),
        (
            READY.model_copy(update={"reason": PaymentReason.UNAUTHORIZED}),
            "unauthorized",
            Severity.BLOCK,
        ),
    ],
)
def test_an_account_that_cannot_sell_names_the_reason(
    payments: Payments, reason: str, severity: Severity
) -> None:
    assessment = assessment_of(sections_with(ticket=PAID), payments=payments)
    (found,) = [check for check in assessment.checks if check.code == CheckCode.PAYMENTS_NOT_READY]
    assert (found.params, found.severity) == ({"reason": reason}, severity)
    assert CheckCode.PAYMENTS_NOT_READY not in assessment.passed_checks


def test_the_text_for_a_disconnected_account_says_to_connect_again() -> None:
    gone = Payments(status=PaymentStatus.DISCONNECTED, checked_at=NOW)
    (found,) = assessment_of(sections_with(ticket=PAID), payments=gone).blocking
    assert "Connect again" in found.message


def test_the_text_for_an_unknown_account_does_not_say_to_connect_one() -> None:
    (found,) = assessment_of(sections_with(ticket=PAID)).checks
    assert "Connect one" not in found.message


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.stage}{case.pointer}")
def test_a_check_passes_without_a_finding_if_its_stages_are_valid(case: Case) -> None:
    for assessment in (case.found.assessment, case.not_found.assessment):
        found = {check.code for check in assessment.checks}
        assert assessment.passed_checks == [
            code
            for code, stages in BLOCKING.items()
            if code not in found and all(assessment.stages[stage].valid for stage in stages)
        ]


def test_complete_session_has_no_findings() -> None:
    assessment = assessment_of(sections_with())
    assert assessment.checks == []
    assert assessment.passed_checks == list(BLOCKING)


def test_assessment_context_defaults_need_no_lookup() -> None:
    assert assessment_context().may_publish
    assert not assessment_context().slug_taken


def test_checks_that_read_the_event_need_a_valid_one() -> None:
    passed = assessment_of(sections_with(event={})).passed_checks
    assert passed == [CheckCode.TERMS_NOT_ACCEPTED, CheckCode.NOT_ALLOWED]


def test_warnings_do_not_block() -> None:
    assessment = assessment_of(sections_with(sponsor={}))
    assert [check.code for check in assessment.checks] == [CheckCode.COVER_MISSING]
    assert assessment.blocking == []


def test_image_without_alt_is_one_warning_and_an_invalid_stage() -> None:
    checks = given_that(sponsor=cover(alt=None)).checks
    assert [(check.code, check.severity) for check in checks] == [
        (CheckCode.STAGE_INVALID, Severity.BLOCK),
        (CheckCode.ALT_TEXT_MISSING, Severity.WARN),
    ]


def test_all_findings_are_returned_at_once_in_a_fixed_order() -> None:
    checks = assessment_of(
        sections_with(
            event=TOO_LATE,
            ticket=tickets({"unit_amount": 49}, {"minPerOrder": 3, "quantity": 2}),
            sponsor={},
            review={},
        ),
        slug_taken=True,
        may_publish=False,
    ).checks
    assert [(check.code, check.stage) for check in checks] == [
        (CheckCode.STAGE_INVALID, EVENT),
        (CheckCode.STAGE_INVALID, TICKET),
        (CheckCode.EVENT_NOT_IN_FUTURE, EVENT),
        (CheckCode.PAYMENTS_NOT_READY, TICKET),
        (CheckCode.AMOUNT_TOO_SMALL, TICKET),
        (CheckCode.QUANTITY_INCONSISTENT, TICKET),
        (CheckCode.SLUG_TAKEN, EVENT),
        (CheckCode.TERMS_NOT_ACCEPTED, REVIEW),
        (CheckCode.NOT_ALLOWED, REVIEW),
        (CheckCode.COVER_MISSING, SPONSOR),
    ]


@pytest.mark.parametrize(
    ("situation", "params", "message"),
    [
        (given_that(review={}), {}, "Accept the terms."),
        (
            given_that(context={"terms_current": False}),
            {"reason": "outdated"},
            "Accept the terms again after your last change.",
        ),
    ],
)
def test_terms_say_whether_they_were_accepted_before(
    situation: Situation, params: JsonObject, message: str
) -> None:
    [found] = [check for check in situation.checks if check.code == CheckCode.TERMS_NOT_ACCEPTED]
    assert (found.params, found.message) == (params, message)


def test_publish_at_in_the_past_means_now() -> None:
    yesterday = planned_for(NOW - timedelta(days=1))
    assert given_that(event=LAST_MINUTE, context=yesterday).checks == []
    ended = given_that(ticket=tickets({"saleEnd": "2030-03-01T11:00:00Z"}), context=yesterday)
    assert [check.code for check in ended.checks] == [
        CheckCode.NO_TIER_FOR_SALE,
        CheckCode.SALE_OVER,
    ]


def test_run_of_an_earlier_version_refuses_an_event_that_has_begun() -> None:
    earlier = given_that(event=ALL_SPRING, context={"follows_real_events": False})
    assert [check.code for check in earlier.checks] == [
        CheckCode.STAGE_INVALID,
        CheckCode.EVENT_NOT_IN_FUTURE,
    ]


def test_run_of_an_earlier_version_publishes_ended_sales() -> None:
    ticket = tickets({}, {"saleEnd": "2030-03-01T11:00:00Z"})
    earlier = given_that(ticket=ticket, context={"refuses_ended_sales": False})
    assert earlier.checks == []


@pytest.mark.parametrize(
    "situation",
    [
        given_that(venue={**HYBRID, "url": None}, ticket=tickets({"access": "in_person"})),
        given_that(venue=HYBRID, ticket=tickets({"access": "in_person", "name": None})),
        given_that(ticket={}),
        given_that(event={}, ticket=tickets({"visibility": "hidden"})),
    ],
)
def test_check_of_an_invalid_stage_is_not_reported(situation: Situation) -> None:
    codes = {check.code for check in situation.checks}
    assert CheckCode.STAGE_INVALID in codes
    assert codes <= {CheckCode.STAGE_INVALID}


@pytest.mark.parametrize("context", [{}, account(payouts_enabled=False), account()])
def test_free_events_need_no_account(context: dict[str, Any]) -> None:
    assert given_that(ticket=FREE, context=context).checks == []


@given(sections())
@settings(max_examples=100)
def test_a_check_is_passed_found_or_needs_a_valid_stage(drafts: Any) -> None:
    assessment = assessment_of(drafts, payments=READY)
    found = {check.code for check in assessment.checks}
    passed = set(assessment.passed_checks)
    assert not found & passed
    for code, stages in BLOCKING.items():
        stage_is_invalid = any(not assessment.stages[stage].valid for stage in stages)
        assert (code in found) or stage_is_invalid or (code in passed)
    assert all(check.message.endswith((".", "!")) for check in assessment.checks)
    blocks = any(check.severity is Severity.BLOCK for check in assessment.checks)
    assert blocks is (passed != set(BLOCKING))
