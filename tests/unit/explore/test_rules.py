"""Each rule of a publication finds what breaks it, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from tests.explore.rules import (
    MOST_STEPS,
    Ending,
    OrderEnding,
    PriceAtStripe,
    ProductAtStripe,
    SessionRow,
    StoredEvent,
    breaches_of,
    breaches_of_order,
    busy,
)
from tests.sales.judge import ChargeAtStripe, CheckoutAtStripe, Counts, Evidence, StoredOrder

FLOOR = ProductAtStripe("prod_floor", "Floor", active=True)
BALCONY = ProductAtStripe("prod_balcony", "Balcony", active=True)
FLOOR_PRICE = PriceAtStripe("price_floor", "prod_floor", 2500, active=True)
BALCONY_PRICE = PriceAtStripe("price_balcony", "prod_balcony", 4000, active=True)
EVENT = StoredEvent(
    "published", "Show", {"Floor": (2500, "price_floor"), "Balcony": (4000, "price_balcony")}
)

PUBLISHED = Ending(
    title="Show",
    amounts={"Floor": 2500, "Balcony": 4000},
    is_settled=True,
    publication="published",
    status="completed",
    revision=3,
    is_closed=True,
    row=SessionRow("completed", "published", 3, [1, 2, 3]),
    events=[EVENT],
    products=[FLOOR, BALCONY],
    prices=[FLOOR_PRICE, BALCONY_PRICE],
)

FAILED = replace(
    PUBLISHED,
    publication="failed",
    status="in_progress",
    is_closed=False,
    row=SessionRow("in_progress", "failed", 3, [1, 2, 3]),
    events=[],
    products=[replace(FLOOR, active=False), replace(BALCONY, active=False)],
    prices=[replace(FLOOR_PRICE, active=False), replace(BALCONY_PRICE, active=False)],
)


def broken_in(ending: Ending) -> set[str]:
    return {breach.rule for breach in breaches_of(ending)}


@pytest.mark.parametrize("ending", [PUBLISHED, FAILED])
def test_a_right_ending_breaks_no_rule(ending: Ending) -> None:
    assert breaches_of(ending) == []


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("stuck", {"is_settled": False}),
        ("stuck", {"is_closed": False}),
        ("event", {"events": []}),
        ("event", {"events": [EVENT, EVENT]}),
        ("event", {"events": [replace(EVENT, status="draft")]}),
        ("data", {"events": [replace(EVENT, title="Earlier title")]}),
        (
            "data",
            {"events": [replace(EVENT, prices={**EVENT.prices, "Floor": (2, "price_floor")})]},
        ),
        ("catalogue", {"products": [FLOOR, replace(BALCONY, active=False)]}),
        ("catalogue", {"prices": [FLOOR_PRICE, replace(BALCONY_PRICE, active=False)]}),
        ("catalogue", {"prices": [replace(FLOOR_PRICE, amount=2), BALCONY_PRICE]}),
        (
            "catalogue",
            {"prices": [FLOOR_PRICE, replace(FLOOR_PRICE, price_id="price_2"), BALCONY_PRICE]},
        ),
        (
            "doubled",
            {"products": [FLOOR, BALCONY, replace(FLOOR, product_id="prod_2", active=False)]},
        ),
        (
            "doubled",
            {
                "prices": [
                    FLOOR_PRICE,
                    BALCONY_PRICE,
                    replace(FLOOR_PRICE, price_id="price_2", active=False),
                ]
            },
        ),
        ("read model", {"row": None}),
        ("read model", {"row": SessionRow("in_progress", "running", 3, [1, 2, 3])}),
        ("read model", {"row": SessionRow("completed", "published", 3, [1, 3])}),
        ("read model", {"row": SessionRow("completed", "published", 3, [1, 2, 2, 3])}),
    ],
)
def test_a_wrong_publication_breaks_its_rule(rule: str, changed: dict[str, Any]) -> None:
    assert rule in broken_in(replace(PUBLISHED, **changed))


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        (
            "stuck",
            {"publication": "running", "row": SessionRow("in_progress", "running", 3, [1, 2, 3])},
        ),
        ("stuck", {"is_closed": True}),
        ("stuck", {"status": "expired", "row": SessionRow("expired", "failed", 3, [1, 2, 3])}),
        ("event", {"events": [replace(EVENT, status="draft")]}),
        ("event", {"events": [EVENT]}),
        ("on sale", {"products": [FLOOR]}),
        ("on sale", {"prices": [FLOOR_PRICE]}),
    ],
)
def test_a_wrong_failure_breaks_its_rule(rule: str, changed: dict[str, Any]) -> None:
    assert rule in broken_in(replace(FAILED, **changed))


def test_a_declined_compensation_may_leave_tickets() -> None:
    left = replace(FAILED, products=[FLOOR], prices=[FLOOR_PRICE], may_be_left=True)
    assert breaches_of(left) == []


def test_prices_of_a_failed_publication_are_not_doubled() -> None:
    repaired = replace(
        PUBLISHED,
        earlier_prices=2,
        prices=[FLOOR_PRICE, BALCONY_PRICE, replace(FLOOR_PRICE, price_id="p", active=False)],
    )
    assert breaches_of(repaired) == []


def test_an_abandoned_session_is_not_published() -> None:
    assert "status" in broken_in(replace(PUBLISHED, ends_as=frozenset({"abandoned"})))
    abandoned = replace(
        FAILED,
        status="abandoned",
        is_closed=True,
        ends_as=frozenset({"abandoned"}),
        row=SessionRow("abandoned", "failed", 3, [1, 2, 3]),
    )
    assert breaches_of(abandoned) == []
    assert broken_in(replace(abandoned, ends_as=frozenset({"in_progress"}))) == {"status"}


def test_an_acknowledged_edit_is_in_the_session_and_its_event() -> None:
    assert broken_in(replace(FAILED, shown_title="Earlier title")) == {"data"}
    assert broken_in(replace(PUBLISHED, title="Later title", shown_title="Later title")) == {"data"}


def test_an_erased_session_leaves_nothing_but_a_published_event() -> None:
    erased = replace(FAILED, is_erased=True, status="erased", is_closed=True, row=None)
    assert breaches_of(erased) == []
    assert breaches_of(replace(PUBLISHED, is_erased=True, row=None)) == []
    assert broken_in(replace(erased, row=FAILED.row)) == {"erased"}
    assert broken_in(replace(erased, is_closed=False)) == {"erased"}
    assert broken_in(replace(erased, products=[FLOOR])) == {"on sale"}


PAID_ORDER = OrderEnding(
    wanted="paid",
    state="paid",
    is_settled=True,
    evidence=Evidence(
        quantities={"floor": 10},
        capacity=10,
        inventory={"floor": Counts(2, 0, 5000, 0), "": Counts(2, 0, 5000, 0)},
        orders=[StoredOrder("order", "paid", {"floor": 2}, 5000, 0, "pi_1")],
        checkouts=[CheckoutAtStripe("cs_1", "order", "complete", "paid")],
        charges=[ChargeAtStripe("pi_1", "order", succeeded=True, amount=5000, amount_refunded=0)],
        orders_by_key={},
        refused=(),
        open_workflows=(),
    ),
)


def test_a_paid_order_breaks_no_rule() -> None:
    assert breaches_of_order(PAID_ORDER) == []


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("charged", {"charges": [*PAID_ORDER.evidence.charges] * 2}),
        ("charged", {"charges": []}),
        ("miscounted", {"inventory": {"floor": Counts(2, 2, 5000, 0), "": Counts(2, 2, 5000, 0)}}),
        ("checkouts", {"checkouts": [CheckoutAtStripe("cs_1", "order", "open", "unpaid")]}),
        ("still running", {"open_workflows": ["ticket-order-1"]}),
    ],
)
def test_a_wrong_order_breaks_its_rule(rule: str, changed: dict[str, Any]) -> None:
    wrong = replace(PAID_ORDER, evidence=replace(PAID_ORDER.evidence, **changed))
    assert rule in {breach.rule for breach in breaches_of_order(wrong)}


def test_an_order_ends_as_its_buyer_wants() -> None:
    assert [breach.rule for breach in breaches_of_order(replace(PAID_ORDER, wanted="expired"))] == [
        "end"
    ]
    assert "refused" in {
        breach.rule for breach in breaches_of_order(replace(PAID_ORDER, wanted=None))
    }
    stuck = breaches_of_order(replace(PAID_ORDER, is_settled=False))
    assert [breach.rule for breach in stuck] == ["stuck"]


def test_a_raced_order_ends_as_its_charge_says() -> None:
    raced = replace(PAID_ORDER, wanted="cancelled", is_raced=True)
    assert breaches_of_order(raced) == []
    cancelled = breaches_of_order(replace(raced, state="cancelled"))
    assert [breach.rule for breach in cancelled] == ["end"]


@pytest.mark.parametrize("told", [("cancel", "cancelled", None), ("order_again", "open", "cs_2")])
def test_an_answer_that_the_order_contradicts_is_wrong(told: tuple[str, str, str | None]) -> None:
    right = replace(PAID_ORDER, checkout_id="cs_1", told=[("order_again", "open", "cs_1")])
    assert breaches_of_order(right) == []
    wrong = breaches_of_order(replace(right, told=[told]))
    assert [breach.rule for breach in wrong] == ["answer"]


def test_a_run_that_repeats_a_step_is_busy() -> None:
    assert busy(MOST_STEPS) == []
    assert [breach.rule for breach in busy(MOST_STEPS + 1)] == ["busy"]
