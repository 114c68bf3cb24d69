"""Money in Stripe's minor units, and the rules of currencies.

An amount is an integer in the currency's minor unit: cents for usd, yen for jpy, thousandths of a
dinar for kwd. Source of the rules: https://docs.stripe.com/currencies.
"""

from dataclasses import dataclass
from typing import Final

from domain.json_values import JsonObject
from domain.values.text import plain

DEFAULT_CURRENCY: Final = "usd"

_MAX_AMOUNT: Final = 99_999_999
"""Stripe accepts eight digits in most currencies."""

_MAX_AMOUNTS: Final[dict[str, int]] = {"idr": 999_999_999_999}
"""Currencies in which it accepts more."""

LARGEST_AMOUNT: Final = max(_MAX_AMOUNTS.values())
"""Of any currency."""

_TWO_DECIMALS: Final = """
usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf
cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils
inr jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad
ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std
szl thb tjs top try ttd twd tzs uah uyu uzs wst xcd xcg yer zar zmw
"""
_ZERO_DECIMALS: Final = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_NOT_AT_STRIPE: Final = "btn cup ern ghs iqd irr kpw lyd mru sdg ssp stn svc syp tmt ves zwg"

ZERO_DECIMAL: Final[frozenset[str]] = frozenset(_ZERO_DECIMALS.split())

THREE_DECIMAL: Final[frozenset[str]] = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})

# Currencies without decimals, whose amounts Stripe expects with two decimals that are always 00.
# (twd and huf have no decimals in payouts only; charges have two.)
WHOLE_UNITS_ONLY: Final[frozenset[str]] = frozenset({"isk", "ugx"})

STRIPE_CURRENCIES: Final[frozenset[str]] = (
    frozenset(_TWO_DECIMALS.split()) | ZERO_DECIMAL | THREE_DECIMAL | WHOLE_UNITS_ONLY
)

CURRENCIES: Final[frozenset[str]] = STRIPE_CURRENCIES | frozenset(_NOT_AT_STRIPE.split())
"""Currencies in circulation (ISO 4217). Free events may use those that Stripe does not support."""


def currency_code(text: str) -> str | None:
    """The code that is meant, if there is one: ``USD`` and ``usd`` are ``usd``."""
    code = plain(text).lower()
    return code if code in CURRENCIES else None


MINIMUM_CHARGES: Final[dict[str, int]] = {
    "aed": 200,
    "aud": 50,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1_500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17_500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1_000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1_000,
    "usd": 50,
}
"""Stripe's published minimum charges, in minor units."""

_DEFAULT_MINIMUM: Final = {0: 50, 2: 50, 3: 500}
"""The minimum by number of decimals, for currencies without a published one. It is a lower bound:
Stripe converts the charge, and applies the minimum of the account's own currency."""


@dataclass(frozen=True)
class Currency:
    """The number of decimals of a currency, and which amounts can be charged."""

    code: str
    decimals: int
    step: int
    """Amounts must be multiples of this, in minor units."""
    minimum: int
    """The smallest charge, in minor units."""
    maximum: int
    """The largest charge, in minor units."""


def currency(code: str) -> Currency:
    """The rules of a currency, including currencies that Stripe does not support."""
    if code in ZERO_DECIMAL:
        decimals, step = 0, 1
    elif code in THREE_DECIMAL:
        decimals, step = 3, 10
    else:
        decimals, step = 2, 100 if code in WHOLE_UNITS_ONLY else 1
    minimum = MINIMUM_CHARGES.get(code, _DEFAULT_MINIMUM[decimals])
    maximum = _MAX_AMOUNTS.get(code, _MAX_AMOUNT)
    return Currency(code, decimals, step, max(minimum, step), maximum // step * step)


def charge_fault(amount: int, rules: Currency) -> JsonObject | None:
    """Why an amount of at least the minimum cannot be charged, as the parameters of the error;
    None if it can."""
    if amount > rules.maximum:
        return {"value": "too_large", "max": rules.maximum, "currency": rules.code}
    if amount % rules.step:
        return {"value": "multiple", "multiple_of": rules.step, "currency": rules.code}
    return None


def format_amount(amount: int, code: str) -> str:
    """An amount for display: ``format_amount(1250, "usd")`` is ``"12.50 USD"``."""
    decimals = currency(code).decimals
    if decimals == 0:
        return f"{amount} {code.upper()}"
    whole, fraction = divmod(abs(amount), 10**decimals)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{fraction:0{decimals}d} {code.upper()}"
