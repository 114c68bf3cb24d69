"""Whether an event sells what an order wants."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.errors import InvalidRequest, NotOnSale, SalesPaused, SoldOut, WizardError
from domain.json_values import JsonObject
from domain.orders.holding import decide
from domain.orders.inventory import initial_stocks
from domain.orders.order import OrderItem, WantedItem
from domain.orders.sales import SaleState, sale_state, sales_view
from domain.publishing.event import Event, SalesSwitch
from tests.unit.domain.orders.sold_events import NOW, STARTS_AT, sold_event, tier

TICK = timedelta(microseconds=1)
DONATION = tier("gift", kind="donation", unit_amount=1000)
FREE = tier("free", kind="free", unit_amount=0)


def wanted(tier_id: str = "floor", quantity: int = 1, amount: int | None = None) -> WantedItem:
    return WantedItem(tier_id=tier_id, quantity=quantity, unit_amount=amount)


def decided(
    event: Event, *items: WantedItem, at: datetime = NOW, lost: bool = False
) -> list[OrderItem]:
    return decide(event, initial_stocks(event), items, at, account_lost=lost)


def test_items_have_the_names_and_prices_of_their_tiers() -> None:
    event = sold_event(tier("floor"), DONATION)
    assert decided(event, wanted("floor", 2), wanted("gift", 1, 700)) == [
        OrderItem(tier_id="floor", name="Floor", quantity=2, unit_amount=2500),
        OrderItem(tier_id="gift", name="Gift", quantity=1, unit_amount=700),
    ]


def test_a_donation_without_an_amount_is_the_suggested_one() -> None:
    assert decided(sold_event(DONATION), wanted("gift"))[0].unit_amount == 1000


def test_a_donation_is_at_least_the_amount_of_the_organizer() -> None:
    event = sold_event({**DONATION, "minAmount": 800})
    assert decided(event, wanted("gift", 1, 800))[0].unit_amount == 800


def test_an_order_in_rupiah_may_have_twelve_digits() -> None:
    event = sold_event(tier(unit_amount=100_000_000), currency="idr")
    (item,) = decided(event, wanted(quantity=2))
    assert item.listed_amount == 200_000_000


@pytest.mark.parametrize(
    ("tiers", "items", "errors"),
    [
        ([tier(quantity=0)], [wanted()], [("/items/0/tier_id", "not_supported")]),
        (
            [{**DONATION, "minAmount": 800}],
            [wanted("gift", 1, 799)],
            [("/items/0/unit_amount", "amount_too_small")],
        ),
        ([tier()], [], [("/items", "missing")]),
        ([tier()], [wanted("x")], [("/items/0/tier_id", "unknown_id")]),
        ([tier(), FREE], [wanted(), wanted("free")], [("/items/1/tier_id", "not_supported")]),
        (
            [tier()],
            [wanted(), wanted()],
            [("/items/0/tier_id", "not_unique"), ("/items/1/tier_id", "not_unique")],
        ),
        ([tier(minPerOrder=3)], [wanted(quantity=2)], [("/items/0/quantity", "too_small")]),
        ([tier(maxPerOrder=3)], [wanted(quantity=4)], [("/items/0/quantity", "too_large")]),
        ([tier()], [wanted(amount=2500)], [("/items/0/unit_amount", "not_supported")]),
        ([DONATION], [wanted("gift", 1, 49)], [("/items/0/unit_amount", "amount_too_small")]),
        (
            [tier("gift", kind="donation", unit_amount=0)],
            [wanted("gift")],
            [("/items/0/unit_amount", "amount_too_small")],
        ),
        (
            [DONATION],
            [wanted("gift", 1, 100_000_000)],
            [("/items/0/unit_amount", "amount_not_chargeable")],
        ),
        ([tier(unit_amount=99_999_999)], [wanted(quantity=2)], [("/items", "too_large")]),
    ],
)
def test_what_is_never_sold_is_refused_with_its_pointer(
    tiers: list[JsonObject], items: list[WantedItem], errors: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        decided(sold_event(*tiers), *items)
    assert [(error.pointer, error.code) for error in refusal.value.errors] == errors
    assert all(error.message.endswith(".") for error in refusal.value.errors)


def sale(start: datetime | None = None, end: datetime | None = None, **changed: Any) -> JsonObject:
    times = {"saleStart": start, "saleEnd": end}
    return tier(**{name: at.isoformat() for name, at in times.items() if at}, **changed)


CASES: dict[str, tuple[Event, bool, SaleState, type[WizardError] | None]] = {
    "no window": (sold_event(), False, SaleState.ON_SALE, None),
    "starts now": (sold_event(sale(NOW)), False, SaleState.ON_SALE, None),
    "starts later": (sold_event(sale(NOW + TICK)), False, SaleState.SCHEDULED, NotOnSale),
    "ends later": (sold_event(sale(None, NOW + TICK)), False, SaleState.ON_SALE, None),
    "ended now": (sold_event(sale(None, NOW)), False, SaleState.ENDED, NotOnSale),
    "event over": (sold_event(ends_at=NOW), False, SaleState.ENDED, NotOnSale),
    "event ends later": (sold_event(ends_at=NOW + TICK), False, SaleState.ON_SALE, None),
    "started, no end": (
        sold_event(starts_at=NOW, ends_at=None),
        False,
        SaleState.ENDED,
        NotOnSale,
    ),
    "started, no end, but of the sale": (
        sold_event(sale(None, NOW + TICK), starts_at=NOW, ends_at=None),
        False,
        SaleState.ON_SALE,
        None,
    ),
    "started, no end, sale of another": (
        sold_event(tier(), sale(None, NOW + TICK, tier_id="b"), starts_at=NOW, ends_at=None),
        False,
        SaleState.ENDED,
        NotOnSale,
    ),
    "on since yesterday": (
        sold_event(starts_at=NOW - timedelta(days=1), ends_at=NOW + TICK),
        False,
        SaleState.ON_SALE,
        None,
    ),
    "sale beyond the event": (
        sold_event(sale(None, NOW + TICK), ends_at=NOW),
        False,
        SaleState.ENDED,
        NotOnSale,
    ),
    "paused": (sold_event(sales=SalesSwitch.PAUSED), False, SaleState.PAUSED, SalesPaused),
    "closed": (sold_event(sales=SalesSwitch.CLOSED), False, SaleState.ENDED, NotOnSale),
    "account lost": (sold_event(), True, SaleState.PAUSED, SalesPaused),
    "sold by a link": (
        sold_event({name: value for name, value in tier().items() if name != "priceId"}),
        False,
        SaleState.PAUSED,
        SalesPaused,
    ),
    "nothing left": (
        sold_event(tier(), total_capacity=0),
        False,
        SaleState.SOLD_OUT,
        SoldOut,
    ),
    "hidden": (sold_event(tier(visibility="hidden")), False, SaleState.ON_SALE, None),
    "closed and sold out": (
        sold_event(tier(), total_capacity=0, sales=SalesSwitch.CLOSED),
        False,
        SaleState.ENDED,
        NotOnSale,
    ),
}


@pytest.mark.parametrize(("event", "lost", "state", "refusal"), CASES.values(), ids=CASES)
def test_sale_state_decides_the_order(
    event: Event, lost: bool, state: SaleState, refusal: type[WizardError] | None
) -> None:
    stocks = initial_stocks(event)
    assert sale_state(event, event.ticket_tiers[0], stocks, NOW, account_lost=lost) is state
    if refusal is None:
        assert decided(event, wanted(), lost=lost)
        return
    with pytest.raises(refusal) as refused:
        decided(event, wanted(), lost=lost)
    assert refused.value.extra["tiers"][0]["sale_state"] == state


def test_fewer_tickets_than_the_least_order_are_sold_out() -> None:
    event = sold_event(tier(quantity=3, minPerOrder=2))
    stocks = initial_stocks(event)
    stocks["floor"] = stocks["floor"].model_copy(update={"sold": 2})
    assert sale_state(event, event.ticket_tiers[0], stocks, NOW, account_lost=False) == "sold_out"


def test_order_beyond_what_is_left_learns_what_is_left() -> None:
    event = sold_event(tier("a", quantity=2), tier("b"), total_capacity=3)
    with pytest.raises(SoldOut) as refusal:
        decided(event, wanted("a", 2), wanted("b", 2))
    assert [(shown["tier_id"], shown["left"]) for shown in refusal.value.extra["tiers"]] == [
        ("a", 2),
        ("b", 3),
    ]


@pytest.mark.parametrize(
    ("changed", "lost", "reason"),
    [
        ({}, False, None),
        ({"sales": SalesSwitch.PAUSED}, True, "organizer"),
        ({"sales": SalesSwitch.CLOSED}, False, "organizer"),
        ({"starts_at": STARTS_AT, "ends_at": NOW}, True, "event_over"),
        ({"starts_at": NOW, "ends_at": None}, False, "event_over"),
        ({}, True, "account_lost"),
    ],
)
def test_sales_view_says_why_nothing_is_sold(
    changed: dict[str, Any], lost: bool, reason: str | None
) -> None:
    event = sold_event(tier("a", quantity=4), FREE, **changed)
    view = sales_view(event, {}, NOW, account_lost=lost)
    assert view.reason == reason
    assert [shown.tier_id for shown in view.tiers] == ["a"]
    assert (view.total.sold, view.total.left) == (0, 4)
