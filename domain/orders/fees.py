"""The platform's share of an order.

An application fee is a fixed amount in the currency's minor unit.
Source: https://docs.stripe.com/connect/direct-charges#collect-fees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from domain.values.money import currency


@dataclass(frozen=True)
class FeePolicy:
    """None by default. ``percent`` is of the listed prices; ``fixed`` is per order, in minor units
    by currency."""

    percent: Decimal = Decimal(0)
    fixed: Mapping[str, int] = field(default_factory=dict)

    def fee(self, amount: int, currency_code: str) -> int:
        """The share of an order: the percentage, rounded half up to an amount that can be charged,
        and the fixed part; never more than the order."""
        step = currency(currency_code).step
        steps = (Decimal(amount) * self.percent / 100 / step).to_integral_value(ROUND_HALF_UP)
        return min(amount, int(steps) * step + self.fixed.get(currency_code, 0))
