"""How many tickets are left."""

import pytest

from domain.orders.inventory import (
    WHOLE_EVENT,
    Stock,
    event_left,
    fits,
    initial_stocks,
    tickets_left,
)
from domain.publishing.event import Event
from tests.unit.domain.orders.sold_events import sold_event, tier

HALL_OF_50 = {"mode": "hybrid", "name": "Hall", "capacity": 50}


def stocks_of(event: Event, **taken: int) -> dict[str, Stock]:
    """Half of the taken tickets of each tier are sold, and half are held."""
    return {
        tier_id: stock.model_copy(
            update={"sold": taken.get(tier_id, 0) // 2, "held": -(-taken.get(tier_id, 0) // 2)}
        )
        for tier_id, stock in initial_stocks(event).items()
    }


@pytest.mark.parametrize(
    ("event", "taken", "left"),
    [
        (sold_event(tier("a")), {}, {"a": None}),
        (sold_event(tier("a", quantity=5)), {"a": 3}, {"a": 2}),
        (sold_event(tier("a", quantity=5)), {"a": 9}, {"a": 0}),
        (
            sold_event(tier("a", quantity=5), tier("b"), total_capacity=6),
            {"a": 4},
            {"a": 1, "b": 2},
        ),
        (sold_event(tier("a"), venue_data=HALL_OF_50), {"a": 49}, {"a": 1}),
        (
            sold_event(tier("a"), tier("b", access="online"), venue_data=HALL_OF_50),
            {"a": 48, "b": 90},
            {"a": 2, "b": None},
        ),
        (
            sold_event(tier("a", access="both"), tier("b"), venue_data=HALL_OF_50),
            {"a": 20, "b": 29},
            {"a": 1, "b": 1},
        ),
        (
            sold_event(
                tier("a"), tier("b", access="online"), venue_data=HALL_OF_50, total_capacity=60
            ),
            {"a": 10, "b": 45},
            {"a": 5, "b": 5},
        ),
    ],
)
def test_left_is_the_least_of_all_limits(
    event: Event, taken: dict[str, int], left: dict[str, int | None]
) -> None:
    stocks = stocks_of(event, **taken)
    assert {tier_id: tickets_left(event, stocks, tier_id) for tier_id in left} == left


def test_tickets_that_are_sold_elsewhere_have_no_stock() -> None:
    event = sold_event(tier("a"), tier("b", quantity=0))
    assert initial_stocks(event).keys() == {WHOLE_EVENT, "a"}


def test_tickets_of_several_tiers_fit_only_together() -> None:
    event = sold_event(tier("a"), tier("b"), total_capacity=5)
    stocks = stocks_of(event, a=1)
    assert fits(event, stocks, {"a": 2, "b": 2})
    assert not fits(event, stocks, {"a": 3, "b": 2})


@pytest.mark.parametrize(
    ("event", "quantity"),
    [
        (sold_event(tier("a", quantity=3)), None),
        (sold_event(total_capacity=9), 9),
        (sold_event(total_capacity=90, venue_data=HALL_OF_50), 50),
        (sold_event(total_capacity=9, venue_data=HALL_OF_50), 9),
        (sold_event(tier("a"), tier("b", access="online"), venue_data=HALL_OF_50), None),
    ],
)
def test_the_whole_event_has_the_least_capacity(event: Event, quantity: int | None) -> None:
    assert initial_stocks(event)[WHOLE_EVENT].quantity == quantity


def test_free_tiers_have_no_stock() -> None:
    free = tier("free", kind="free", unit_amount=0, quantity=5)
    assert set(initial_stocks(sold_event(free, tier("a")))) == {WHOLE_EVENT, "a"}
    assert initial_stocks(sold_event(free)) == {}


@pytest.mark.parametrize(
    ("event", "taken", "left"),
    [
        (sold_event(), {}, None),
        (sold_event(tier("a", quantity=5), tier("b", quantity=5)), {"a": 1}, 9),
        (sold_event(tier("a", quantity=5), tier("b", quantity=5), total_capacity=6), {"a": 1}, 5),
        (sold_event(tier("a", quantity=5), tier("b"), total_capacity=60), {"a": 5}, 55),
        (sold_event(tier("a", quantity=5), tier("b")), {"a": 5}, None),
        (
            sold_event(tier("a"), tier("b", access="online", quantity=9), venue_data=HALL_OF_50),
            {"a": 50},
            9,
        ),
    ],
)
def test_left_of_the_whole_event(event: Event, taken: dict[str, int], left: int | None) -> None:
    assert event_left(event, stocks_of(event, **taken)) == left
