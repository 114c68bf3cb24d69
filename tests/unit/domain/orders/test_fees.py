"""The platform's share of an order."""

from decimal import Decimal

import pytest

from domain.orders.fees import FeePolicy, fixed_fees


@pytest.mark.parametrize(
    ("percent", "fixed", "amount", "currency", "fee"),
    [
        ("0", {}, 5000, "eur", 0),
        ("2.5", {}, 5000, "eur", 125),
        ("2.5", {}, 1020, "eur", 26),  # 25.5
        ("2.5", {}, 1019, "eur", 25),  # 25.475
        ("2.5", {"eur": 50, "usd": 70}, 5000, "eur", 175),
        ("2.5", {"usd": 70}, 5000, "eur", 125),
        ("10", {}, 1005, "jpy", 101),  # 100.5
        ("10", {}, 10_150, "kwd", 1020),  # 1015, in steps of 10
        ("10", {}, 10_100, "isk", 1000),  # 1010, in steps of 100
        ("0", {"eur": 900}, 500, "eur", 499),
        ("100", {"eur": 50}, 500, "eur", 499),
        ("0", {"kwd": 9_000}, 5_000, "kwd", 4_990),
        ("0", {"isk": 9_000}, 5_000, "isk", 4_900),
        ("5", {"eur": 50}, 0, "eur", 0),
    ],
)
def test_fee_is_rounded_half_up_and_less_than_the_order(
    percent: str, fixed: dict[str, int], amount: int, currency: str, fee: int
) -> None:
    assert FeePolicy(Decimal(percent), fixed).fee(amount, currency) == fee


def test_fixed_fees_are_read_by_currency() -> None:
    assert fixed_fees("") == {}
    assert fixed_fees("eur:50, USD : 70 ,") == {"eur": 50, "usd": 70}
    assert fixed_fees("jpy:80,kwd:150") == {"jpy": 80, "kwd": 150}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("eur", "like eur:50"),
        ("eur:0.50", "like eur:50"),
        ("eur:-50", "like eur:50"),
        ("eur:\u0665\u0660", "like eur:50"),
        ("eur:999999999", "like eur:50"),
        ("50:eur", "like eur:50"),
        ("eur:50;usd:50", "like eur:50"),
        ("xxx:50", "xxx, which Stripe does not support"),
        ("eur:50,EUR:60", "eur twice"),
        ("kwd:155", "multiple of 10"),
        ("isk:150", "multiple of 100"),
    ],
)
def test_fixed_fees_that_cannot_be_charged_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fixed_fees(text)
