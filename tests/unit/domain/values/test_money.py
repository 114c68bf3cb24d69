"""Currencies and their limits at Stripe."""

import pytest

from domain.values.money import (
    CURRENCIES,
    MINIMUM_CHARGES,
    STRIPE_CURRENCIES,
    THREE_DECIMAL,
    ZERO_DECIMAL,
    currency,
    format_amount,
)


@pytest.mark.parametrize(
    ("code", "decimals", "step", "minimum"),
    [
        ("usd", 2, 1, 50),
        ("eur", 2, 1, 50),
        ("gbp", 2, 1, 30),
        ("czk", 2, 1, 1_500),
        ("huf", 2, 1, 17_500),
        ("mxn", 2, 1, 1_000),
        ("twd", 2, 1, 50),
        ("jpy", 0, 1, 50),
        ("krw", 0, 1, 50),
        ("xpf", 0, 1, 50),
        ("kwd", 3, 10, 500),
        ("bhd", 3, 10, 500),
        ("isk", 2, 100, 100),
        ("ugx", 2, 100, 100),
        ("zar", 2, 1, 50),
    ],
)
def test_rules(code: str, decimals: int, step: int, minimum: int) -> None:
    rules = currency(code)
    assert (rules.decimals, rules.step, rules.minimum) == (decimals, step, minimum)


@pytest.mark.parametrize(
    ("amount", "code", "text"),
    [
        (1_250, "usd", "12.50 USD"),
        (5, "usd", "0.05 USD"),
        (0, "usd", "0.00 USD"),
        (-1_250, "usd", "-12.50 USD"),
        (500, "jpy", "500 JPY"),
        (5_120, "kwd", "5.120 KWD"),
        (500, "isk", "5.00 ISK"),
    ],
)
def test_amounts_are_formatted_in_their_currency(amount: int, code: str, text: str) -> None:
    assert format_amount(amount, code) == text


def test_the_tables_agree() -> None:
    assert ZERO_DECIMAL | THREE_DECIMAL | MINIMUM_CHARGES.keys() <= STRIPE_CURRENCIES < CURRENCIES
    assert not ZERO_DECIMAL & THREE_DECIMAL
    assert len(STRIPE_CURRENCIES) > 135
    assert all(len(code) == 3 and code.islower() for code in CURRENCIES)


@pytest.mark.parametrize("code", sorted(STRIPE_CURRENCIES))
def test_the_smallest_charge_can_be_charged(code: str) -> None:
    rules = currency(code)
    assert rules.minimum % rules.step == 0
