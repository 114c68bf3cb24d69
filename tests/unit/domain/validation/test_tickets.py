"""Rules across the fields of the tickets, and between tickets and the event."""

from typing import Any

import pytest

from domain.stages import Stage
from tests.unit.domain.samples import (
    TIER,
    assessment_of,
    codes_at,
    errors_of,
    tier,
    valid_section,
    valid_sections,
)

EVENT, TICKET = Stage.EVENT_SETUP, Stage.TICKET_SETUP

CASES = [
    (
        TICKET,
        {"currency": "irr", **tier(unit_amount=5_000)},
        "/currency",
        "currency_unsupported",
    ),
    (TICKET, {"totalCapacity": 5, **tier(quantity=6)}, "/totalCapacity", "capacity_exceeded"),
    (TICKET, {"refundPolicy": {"kind": "until_days"}}, "/refundPolicy/days", "missing"),
    (TICKET, {"refundPolicy": {"kind": "custom"}}, "/refundPolicy/text", "missing"),
    (TICKET, {"tiers": [TIER, {**TIER, "name": "GENERAL"}]}, "/tiers/1/name", "not_unique"),
    (
        TICKET,
        {"tiers": [TIER, {**TIER, "name": "\uff27eneral\u200b"}]},
        "/tiers/1/name",
        "not_unique",
    ),
    (TICKET, {"tiers": [{**TIER, "id": "tier-1"}] * 2}, "/tiers/1/id", "not_unique"),
    (TICKET, tier(kind="free", unit_amount=100), "/tiers/0/unit_amount", "kind_mismatch"),
    (TICKET, tier(kind="paid", unit_amount=0), "/tiers/0/unit_amount", "kind_mismatch"),
    (TICKET, tier(unit_amount=49), "/tiers/0/unit_amount", "amount_too_small"),
    (TICKET, tier(kind="donation", unit_amount=49), "/tiers/0/unit_amount", "amount_too_small"),
    (
        TICKET,
        {"currency": "jpy", **tier(unit_amount=49)},
        "/tiers/0/unit_amount",
        "amount_too_small",
    ),
    (
        TICKET,
        {"currency": "kwd", **tier(unit_amount=5_125)},
        "/tiers/0/unit_amount",
        "amount_not_chargeable",
    ),
    (
        TICKET,
        {"currency": "isk", **tier(unit_amount=550)},
        "/tiers/0/unit_amount",
        "amount_not_chargeable",
    ),
    (TICKET, tier(unit_amount=100_000_000), "/tiers/0/unit_amount", "amount_not_chargeable"),
    (
        TICKET,
        {"currency": "idr", **tier(unit_amount=999_999_999_999 + 1)},
        "/tiers/0/unit_amount",
        "too_large",
    ),
    (TICKET, tier(minAmount=500), "/tiers/0/minAmount", "kind_mismatch"),
    (TICKET, tier(kind="donation", minAmount=49), "/tiers/0/minAmount", "amount_too_small"),
    (
        TICKET,
        tier(kind="donation", unit_amount=500, minAmount=501),
        "/tiers/0/minAmount",
        "quantity_inconsistent",
    ),
    (
        TICKET,
        {"currency": "kwd", **tier(kind="donation", unit_amount=0, minAmount=5_125)},
        "/tiers/0/minAmount",
        "amount_not_chargeable",
    ),
    (TICKET, tier(minPerOrder=11), "/tiers/0/minPerOrder", "quantity_inconsistent"),
    (
        TICKET,
        tier(minPerOrder=5, maxPerOrder=4),
        "/tiers/0/minPerOrder",
        "quantity_inconsistent",
    ),
    (TICKET, tier(minPerOrder=5, quantity=4), "/tiers/0/quantity", "quantity_inconsistent"),
    (TICKET, tier(saleStart="2030-03-10T02:30"), "/tiers/0/saleStart", "nonexistent_time"),
    (TICKET, tier(saleEnd="2030-03-10T02:30"), "/tiers/0/saleEnd", "nonexistent_time"),
    (
        TICKET,
        tier(saleStart="2030-04-02T10:00", saleEnd="2030-04-02T10:00"),
        "/tiers/0/saleEnd",
        "sale_end_before_start",
    ),
    (
        TICKET,
        tier(saleStart="2030-04-02T10:00-04:00", saleEnd="2030-04-02T13:59:59Z"),
        "/tiers/0/saleEnd",
        "sale_end_before_start",
    ),
    (TICKET, tier(saleEnd="2030-05-10T00:01"), "/tiers/0/saleEnd", "sale_ends_after_event"),
]

FINE = [
    (TICKET, {"currency": "irr"}),
    (TICKET, {"currency": "jpy", **tier(unit_amount=50)}),
    (TICKET, {"currency": "kwd", **tier(unit_amount=5_120)}),
    (TICKET, {"currency": "isk", **tier(unit_amount=500)}),
    (TICKET, {"currency": "gbp", **tier(unit_amount=30)}),
    (TICKET, tier(kind="donation", unit_amount=0)),
    (TICKET, tier(kind="donation", unit_amount=500)),
    (TICKET, tier(kind="donation", unit_amount=500, minAmount=500)),
    (TICKET, tier(kind="donation", unit_amount=0, minAmount=500)),
    (TICKET, tier(quantity=0)),
    (TICKET, {"currency": "idr", **tier(unit_amount=150_000_000)}),
    (TICKET, {"totalCapacity": 5, **tier(quantity=5)}),
    (TICKET, tier(saleStart="2030-03-02T10:00", saleEnd="2030-05-10T00:00")),
    (TICKET, tier(saleStart="2030-03-02T10:00:00.5Z", saleEnd="2030-03-02T10:00:01+00:00")),
    (TICKET, {"refundPolicy": {"kind": "until_days", "days": 0}}),
    (TICKET, {"refundPolicy": {"kind": "custom", "text": "Ask us"}}),
]


@pytest.mark.parametrize(("stage", "fields", "pointer", "code"), CASES)
def test_rule_broken_has_an_error_code(
    stage: Stage, fields: dict[str, Any], pointer: str, code: str
) -> None:
    assert codes_at(stage, fields, pointer) == [code]


@pytest.mark.parametrize(("stage", "fields"), FINE)
def test_rule_at_its_limit_has_no_error(stage: Stage, fields: dict[str, Any]) -> None:
    assert errors_of(stage, valid_section(stage, **fields)) == []


def test_sale_end_in_a_repeated_hour_is_after_its_start() -> None:
    """From 01:30 before clocks go back to 01:15 after: three quarters of an hour."""
    sale = tier(saleStart="2030-11-03T01:30:00-04:00", saleEnd="2030-11-03T01:15:00-05:00")
    event = {**valid_section(EVENT), "date": "2030-11-09"}

    assessment = assessment_of(valid_sections(event=event, ticket=sale))

    assert assessment.stages[TICKET].errors == []


@pytest.mark.parametrize(
    ("sale_end", "codes"),
    [("2030-05-10T04:00", []), ("2030-05-10T04:01", ["sale_ends_after_event"])],
)
def test_sale_can_last_until_the_event_ends_after_midnight(sale_end: str, codes: list[str]) -> None:
    sections = valid_sections(
        event=valid_section(EVENT, startTime="22:00", endTime="04:00"),
        ticket=tier(saleEnd=sale_end),
    )
    errors = assessment_of(sections).stages[TICKET].errors
    assert [error.code for error in errors] == codes


@pytest.mark.parametrize(
    ("currency", "amount", "message"),
    [
        ("usd", 100_000_000, "Ticket price must be at most 999999.99 USD."),
        ("jpy", 100_000_000, "Ticket price must be at most 99999999 JPY."),
        ("isk", 99_999_950, "Ticket price must be at most 999999.00 ISK."),
        ("isk", 550, "Ticket price must be a multiple of 1.00 ISK."),
        ("kwd", 5_125, "Ticket price must be a multiple of 0.010 KWD."),
    ],
)
def test_an_amount_that_cannot_be_charged_names_the_limit_it_breaks(
    currency: str, amount: int, message: str
) -> None:
    ticket = valid_section(TICKET) | {"currency": currency, **tier(unit_amount=amount)}

    [error] = assessment_of({**valid_sections(), TICKET.section: ticket}).stages[TICKET].errors

    assert error.message == message
