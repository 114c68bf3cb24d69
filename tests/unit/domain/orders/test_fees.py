"""The platform's share of an order."""

from decimal import Decimal

import pytest

from domain.orders.fees import FeePolicy


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
        ("0", {"eur": 900}, 500, "eur", 500),
        ("100", {"eur": 50}, 500, "eur", 500),
        ("5", {"eur": 50}, 0, "eur", 0),
    ],
)
def test_fee_is_rounded_half_up_and_at_most_the_order(
    percent: str, fixed: dict[str, int], amount: int, currency: str, fee: int
) -> None:
    assert FeePolicy(Decimal(percent), fixed).fee(amount, currency) == fee
