"""The amounts that Stripe accepts: https://docs.stripe.com/currencies."""

from dev.stripe_stand_in.protocol import errors
from domain.values import money


def read_currency(code: str) -> str:
    """The currency's code in lower case.

    Raises:
        ApiError: Stripe does not support it.
    """
    lower = code.lower()
    if lower not in money.STRIPE_CURRENCIES:
        raise errors.invalid(f"Invalid currency: {lower}.", "currency")
    return lower


def require_amount(amount: int, currency: str, param: str) -> None:
    """
    Raises:
        ApiError: the amount is negative, has too many digits, or is not a multiple of the
            currency's step.
    """
    if amount < 0:
        raise errors.invalid_integer("This value must be greater than or equal to 0.", param)
    rules = money.currency(currency)
    if amount > rules.maximum:
        raise errors.invalid_integer(
            f"This value must be less than or equal to {rules.maximum}.", param
        )
    if amount % rules.step:
        raise errors.invalid_integer(
            f"Amounts in {currency} must be a multiple of {rules.step}.", param
        )


def require_chargeable(amount: int, currency: str, param: str) -> None:
    """Requires 0, or an amount that can be charged.

    Raises:
        ApiError: the amount is too small, too large, or not a multiple of the currency's step.
    """
    rules = money.currency(currency)
    if amount > rules.maximum:
        raise errors.ApiError(
            "The total amount due is too large", code="amount_too_large", param=param
        )
    if 0 < amount < rules.minimum:
        raise errors.ApiError(
            "The total amount due must add up to at least "
            f"{money.format_amount(rules.minimum, currency)}",
            code="amount_too_small",
            param=param,
        )
    require_amount(amount, currency, param)
