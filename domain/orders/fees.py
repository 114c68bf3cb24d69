"""The platform's share of an order.

An application fee is a fixed amount in the currency's minor unit.
Source: https://docs.stripe.com/connect/direct-charges#collect-fees.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from domain.values.money import STRIPE_CURRENCIES, currency

_FIXED: Final = re.compile(r"([A-Za-z]{3})\s*:\s*([0-9]{1,8})")


@dataclass(frozen=True)
class FeePolicy:
    """None by default. ``percent`` is of the listed prices; ``fixed`` is per order, in minor units
    by currency."""

    percent: Decimal = Decimal(0)
    fixed: Mapping[str, int] = field(default_factory=dict)

    def fee(self, amount: int, currency_code: str) -> int:
        """The share of an order: the percentage, rounded half up to an amount that can be charged,
        and the fixed part. It is always less than the order, as Stripe requires."""
        step = currency(currency_code).step
        steps = (Decimal(amount) * self.percent / 100 / step).to_integral_value(ROUND_HALF_UP)
        share = int(steps) * step + self.fixed.get(currency_code, 0)
        return min(share, max(amount - step, 0))


def fixed_fees(text: str) -> dict[str, int]:
    """Reads a list such as ``eur:50,usd:50``, in minor units.

    Raises:
        ValueError: the list is malformed, or an amount cannot be charged in its currency.
    """
    fees: dict[str, int] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        match = _FIXED.fullmatch(part)
        if match is None:
            raise ValueError("must be currencies and amounts in minor units, like eur:50,usd:50")
        code, amount = match[1].lower(), int(match[2])
        if code not in STRIPE_CURRENCIES:
            raise ValueError(f"has {code}, which Stripe does not support")
        if code in fees:
            raise ValueError(f"has {code} twice")
        step = currency(code).step
        if amount % step:
            raise ValueError(f"has an amount for {code} that is not a multiple of {step}")
        fees[code] = amount
    return fees
