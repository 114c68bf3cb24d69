"""The form of an order: its fields, and the reasons of a refusal."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from api.pages.order_form import EnteredOrder, notice_of
from domain.errors import InvalidRequest, NotOnSale, SoldOut, WizardError
from domain.orders.holding import decide
from domain.orders.order import WantedItem
from tests.unit.api.pages.sample_pages import NOW, a_tier, an_event, sales_of

KEY = "k" * 22


def entered(**fields: str) -> EnteredOrder:
    names = {name.replace("__", "."): value for name, value in fields.items()}
    return EnteredOrder.parse(urlencode({"key": KEY, **names}).encode())


def test_tiers_without_tickets_are_left_out() -> None:
    order = entered(tier__standing="2", tier__seated="0", tier__other="")

    assert order.key == KEY
    assert order.wanted(an_event()) == [WantedItem(tier_id="standing", quantity=2)]


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("25", "eur", 2500),
        ("25,00", "eur", 2500),
        ("€25.5", "eur", 2550),
        (" 25.00 EUR ", "eur", 2500),
        ("2500", "jpy", 2500),
        ("1.250", "kwd", 1250),
        ("", "eur", None),
    ],
)
def test_amounts_are_taken_as_people_type_them(
    text: str, currency: str, amount: int | None
) -> None:
    order = entered(tier__gift="1", amount__gift=text)

    (item,) = order.wanted(an_event(currency=currency))
    assert item.unit_amount == amount


@pytest.mark.parametrize("text", ["-5", "5.001", "1,000.00", "x", "1e9", "9" * 20])
def test_an_amount_with_another_meaning_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="amount"):
        entered(tier__gift="1", amount__gift=text).wanted(an_event())


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "9999999", "\N{SUPERSCRIPT TWO}"])
def test_a_quantity_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="number"):
        entered(tier__standing=text).wanted(an_event())


def test_an_order_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="at least one ticket"):
        entered().wanted(an_event())


@pytest.mark.parametrize(
    "body",
    [
        b"tier.a=1&tier.a=2",
        urlencode({f"tier.{number}": "1" for number in range(1000)}).encode(),
        b"\xff\xfe=%ff&key=%zz",
        b"",
    ],
)
def test_a_malformed_form_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        EnteredOrder.parse(body).wanted(an_event())


def refusal_of(wanted: list[WantedItem], *tiers: Any, **taken: int) -> list[str]:
    event = an_event(ticket_tiers=list(tiers))
    sales = sales_of(event, **taken)
    with pytest.raises(WizardError) as refused:
        decide(event, sales.stocks, wanted, sales.now, account_lost=False)
    return notice_of(refused.value, event, wanted, NOW).texts


def test_a_refusal_names_the_tier_and_what_is_left() -> None:
    two = [WantedItem(tier_id="a", quantity=2)]

    assert refusal_of(two, a_tier("a", name="Floor", quantity=5), a=4) == ["Floor: 1 left."]
    assert refusal_of(two, a_tier("a", name="Floor", quantity=5), a=5) == ["Floor: sold out."]
    (text,) = refusal_of(
        two, a_tier("a", name="Floor", saleStart=(NOW + timedelta(days=1)).isoformat())
    )
    assert text.startswith("Floor: on sale from ")
    (text,) = refusal_of([WantedItem(tier_id="a", quantity=9)], a_tier("a", name="Floor"))
    assert text.startswith("Floor: ")
    assert "4" in text


def test_a_refusal_without_tiers_has_a_text() -> None:
    for error in (SoldOut(), NotOnSale(), InvalidRequest("Choose.")):
        notice = notice_of(error, an_event(), [], NOW)
        assert notice.heading
        assert notice.texts
