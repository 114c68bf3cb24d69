"""Rules across the fields of the tickets, and between the tickets and the event."""

from collections.abc import Iterator
from typing import Any

from domain.errors import ErrorCode, FieldError
from domain.schemas.event import EventSection
from domain.schemas.ticket import (
    DEFAULT_MAX_PER_ORDER,
    DEFAULT_MIN_PER_ORDER,
    RefundKind,
    TicketSection,
    Tier,
    TierKind,
)
from domain.stages import Stage
from domain.validation.parsing import missing
from domain.validation.schedule import Schedule, schedule_of
from domain.validation.texts import Path, field_error
from domain.values.local_time import exists, in_zone, instant
from domain.values.money import STRIPE_CURRENCIES, Currency, charge_fault, currency
from domain.values.text import as_seen
from domain.values.tier_ids import number_of


def ticket_errors(
    ticket: TicketSection,
    event: EventSection,
    *,
    tiers_issued: int | None = None,
    follows_real_events: bool = True,
) -> Iterator[FieldError]:
    """``tiers_issued`` is how many tier ids the session has ever issued; None if unknown."""
    tiers = ticket.tiers or []
    schedule = schedule_of(event, crosses_midnight=follows_real_events)
    rules = currency(ticket.effective_currency)
    yield from _currency_errors(ticket)
    yield from _capacity_errors(ticket)
    yield from _refund_errors(ticket)
    yield from _repetition_errors(tiers, tiers_issued)
    for index, tier in enumerate(tiers):
        path: Path = ("tiers", index)
        yield from _amount_errors(tier, path, rules)
        yield from _quantity_errors(tier, path)
        yield from _sale_period_errors(tier, path, schedule)


def _currency_errors(ticket: TicketSection) -> Iterator[FieldError]:
    code = ticket.effective_currency
    if ticket.takes_payment and code not in STRIPE_CURRENCIES:
        yield _error(("currency",), ErrorCode.CURRENCY_UNSUPPORTED)


def _capacity_errors(ticket: TicketSection) -> Iterator[FieldError]:
    total = sum(tier.quantity or 0 for tier in ticket.tiers or [])
    if ticket.total_capacity is not None and total > ticket.total_capacity:
        yield _error(("totalCapacity",), ErrorCode.CAPACITY_EXCEEDED)


def _refund_errors(ticket: TicketSection) -> Iterator[FieldError]:
    policy = ticket.refund_policy
    if policy is None:
        return
    if policy.kind is RefundKind.UNTIL_DAYS and policy.days is None:
        yield missing(Stage.TICKET_SETUP, ("refundPolicy", "days"))
    if policy.kind is RefundKind.CUSTOM and policy.text is None:
        yield missing(Stage.TICKET_SETUP, ("refundPolicy", "text"))


def _repetition_errors(tiers: list[Tier], tiers_issued: int | None) -> Iterator[FieldError]:
    names: set[str] = set()
    ids: set[str] = set()
    for index, tier in enumerate(tiers):
        name = as_seen(tier.name or "")
        if name and name in names:
            yield _error(("tiers", index, "name"), ErrorCode.NOT_UNIQUE, value="name")
        if tier.id and tier.id in ids:
            yield _error(("tiers", index, "id"), ErrorCode.NOT_UNIQUE, value="id")
        if tier.id and tiers_issued is not None and number_of(tier.id) > tiers_issued:
            yield _error(("tiers", index, "id"), ErrorCode.UNKNOWN_ID)
        names.add(name)
        ids.add(tier.id or "")


def _amount_errors(tier: Tier, path: Path, rules: Currency) -> Iterator[FieldError]:
    yield from _price_errors(tier, (*path, "unit_amount"), rules)
    yield from _least_amount_errors(tier, (*path, "minAmount"), rules)


def _price_errors(tier: Tier, amount_path: Path, rules: Currency) -> Iterator[FieldError]:
    amount = tier.unit_amount
    if amount is None:
        return
    if tier.kind is TierKind.FREE and amount > 0:
        yield _error(amount_path, ErrorCode.KIND_MISMATCH, kind="free")
    elif tier.kind is TierKind.PAID and amount == 0:
        yield _error(amount_path, ErrorCode.KIND_MISMATCH, kind="paid")
    elif 0 < amount < rules.minimum:
        yield _error(
            amount_path,
            ErrorCode.AMOUNT_TOO_SMALL,
            min=rules.minimum,
            currency=rules.code,
        )
    elif fault := charge_fault(amount, rules):
        yield _error(amount_path, ErrorCode.AMOUNT_NOT_CHARGEABLE, **fault)


def _least_amount_errors(tier: Tier, path: Path, rules: Currency) -> Iterator[FieldError]:
    """Of the least that a buyer of a donation can give."""
    least = tier.min_amount
    if least is None:
        return
    if tier.effective_kind is not TierKind.DONATION:
        yield _error(path, ErrorCode.KIND_MISMATCH, kind="donation")
    elif least < rules.minimum:
        yield _error(
            path,
            ErrorCode.AMOUNT_TOO_SMALL,
            min=rules.minimum,
            currency=rules.code,
            value="donation",
        )
    elif fault := charge_fault(least, rules):
        yield _error(path, ErrorCode.AMOUNT_NOT_CHARGEABLE, **fault)
    elif tier.unit_amount and least > tier.unit_amount:
        yield _error(path, ErrorCode.QUANTITY_INCONSISTENT, value="min_amount")


def _quantity_errors(tier: Tier, path: Path) -> Iterator[FieldError]:
    least = tier.min_per_order or DEFAULT_MIN_PER_ORDER
    most = tier.max_per_order or DEFAULT_MAX_PER_ORDER
    if least > most:
        yield _error((*path, "minPerOrder"), ErrorCode.QUANTITY_INCONSISTENT, value="min_per_order")
    if tier.quantity and tier.quantity < least:
        yield _error((*path, "quantity"), ErrorCode.QUANTITY_INCONSISTENT, value="quantity")


def _sale_period_errors(tier: Tier, path: Path, schedule: Schedule) -> Iterator[FieldError]:
    start = instant(tier.sale_start, schedule.zone) if tier.sale_start else None
    end = instant(tier.sale_end, schedule.zone) if tier.sale_end else None
    for name, given in (("saleStart", tier.sale_start), ("saleEnd", tier.sale_end)):
        if given and given.tzinfo is None and not exists(in_zone(given, schedule.zone)):
            yield _error((*path, name), ErrorCode.NONEXISTENT_TIME)
    if start and end and end <= start:
        yield _error((*path, "saleEnd"), ErrorCode.SALE_END_BEFORE_START)
    if end and schedule.sales_end_at and end > schedule.sales_end_at:
        yield _error((*path, "saleEnd"), ErrorCode.SALE_ENDS_AFTER_EVENT)


def _error(path: Path, code: ErrorCode, **params: Any) -> FieldError:
    return field_error(Stage.TICKET_SETUP, path, code, **params)
