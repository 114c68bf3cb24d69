"""Prices, and which currency is meant by words that several countries share."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from copilot.understanding.facts import Fact, Option
from copilot.understanding.gazetteer import currency_of
from copilot.understanding.reading import Reading
from domain.stages import Stage
from domain.values.money import CURRENCIES, currency

DOLLARS: Final = ("usd", "cad", "aud", "nzd", "sgd", "hkd")
_COMMON: Final = ("eur", "usd", "gbp")
_MOST_OPTIONS: Final = 3

_CODES: Final[dict[str, tuple[str, ...]]] = {
    "€": ("eur",), "euro": ("eur",), "euros": ("eur",), "£": ("gbp",), "pound": ("gbp",),
    "pounds": ("gbp",), "quid": ("gbp",), "libras": ("gbp",), "$": DOLLARS, "dollar": DOLLARS,
    "dollars": DOLLARS, "bucks": DOLLARS, "dolares": DOLLARS, "us$": ("usd",), "ca$": ("cad",),
    "c$": ("cad",), "a$": ("aud",), "nz$": ("nzd",), "r$": ("brl",), "reais": ("brl",),
    "¥": ("jpy", "cny"), "yen": ("jpy",), "yuan": ("cny",), "fr.": ("chf",), "francs": ("chf",),
    "franken": ("chf",), "kr": ("sek", "nok", "dkk", "isk"), "kroner": ("dkk", "nok"),
    "kronor": ("sek",), "krona": ("sek",), "pesos": ("mxn", "ars", "clp", "cop"),
    "₹": ("inr",), "rupees": ("inr", "pkr"), "rand": ("zar",), "zl": ("pln",), "zł": ("pln",),
    "zloty": ("pln",), "₩": ("krw",), "won": ("krw",), "lira": ("try",), "₺": ("try",),
}  # fmt: skip
# Codes that are words, too.
_WORDS: Final = frozenset(
    {"all", "try", "top", "mad", "pen", "cup", "gel", "sos", "mop", "bam", "lak", "cop"}
)

AMOUNT: Final = (
    r"(?:\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d{1,2})?|"
    r"\d{1,9}(?:[.,]\d{1,2}(?!\d))?)(?:[.,]-)?(?![.,]?\d)"
)


_NO_PRICE_BEFORE: Final = re.compile(
    r"(?:\d\s?(?:-|–|to|bis|a|and)|"
    r"\b(?:from|ab|desde|a partir d[eo]|starting at|up to|under|over|worth|save|minus))\s?\Z"
)


@dataclass(frozen=True)
class Price:
    amount: Decimal
    codes: tuple[str, ...]
    """Currencies that the words may mean, most likely first; empty if none was said."""
    start: int
    end: int


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    codes = [code for code in CURRENCIES if code not in _WORDS]
    after = "|".join(sorted(map(re.escape, (*_CODES, *codes)), key=len, reverse=True))
    signs = ("us$", "ca$", "nz$", "r$", "c$", "a$", "€", "£", "$", "¥", "₹", "₩", "₺", "kr", "chf",
             "eur", "usd", "gbp", "fr.")  # fmt: skip
    before = "|".join(map(re.escape, signs))
    return (
        re.compile(
            rf"(?<![\w$])(?:(?P<code>{before})\s?|(?P<rand>r)(?=\d\d))(?P<amount>{AMOUNT})"
            rf"(?:\s?(?P<exact>{'|'.join(DOLLARS)})\b)?"
        ),
        re.compile(rf"(?<![\w.,])(?P<amount>{AMOUNT})\s?(?P<code>{after})(?!\w)"),
    )


def prices_in(reading: Reading) -> list[Price]:
    found: list[Price] = []
    for pattern in _patterns():
        for match in reading.find_all(pattern):
            if all(match.end() <= price.start or price.end <= match.start() for price in found):
                found.append(Price(number(match["amount"]), _codes(match), *match.span()))
    found = [price for price in found if not _is_limit(reading, price)]
    return sorted(found, key=lambda price: price.start)


def _is_limit(reading: Reading, price: Price) -> bool:
    """Whether this is no price of a tier, but a limit, such as "20 to 50 euros" or "from 50 €"."""
    return _NO_PRICE_BEFORE.search(reading.open[max(0, price.start - 20) : price.start]) is not None


def _codes(match: re.Match[str]) -> tuple[str, ...]:
    groups = match.groupdict()
    if groups.get("rand"):
        return ("zar",)
    word = groups.get("exact") or match["code"]
    return _CODES.get(word) or (word,)


def number(text: str) -> Decimal:
    """The number that is written with a point or a comma; three digits after one are thousands."""
    digits = text.rstrip(".,-").replace("’", "'").replace("'", "")
    whole, mark, rest = _split_at_last_mark(digits)
    plain = re.sub(r"\D", "", whole)
    if mark and len(rest) == len("000"):
        return Decimal(plain + rest)
    return Decimal(f"{plain}.{rest}" if rest else plain)


def _split_at_last_mark(digits: str) -> tuple[str, str, str]:
    at = max(digits.rfind("."), digits.rfind(","))
    return (digits, "", "") if at < 0 else (digits[:at], digits[at], digits[at + 1 :])


def minor_units(amount: Decimal, code: str) -> int:
    return int((amount * 10 ** currency(code).decimals).to_integral_value())


@dataclass(frozen=True)
class _Choice:
    code: str
    assumed: Assumption | None


def settle_currency(reading: Reading, prices: list[Price]) -> str | None:
    """Adds the currency of the prices as a fact, or asks for it. Returns the code for amounts."""
    if not prices:
        return None
    said = next((price for price in prices if price.codes), prices[0])
    span = (said.start, said.end)
    choice = _choice(reading, said.codes)
    if choice is not None:
        if choice.code != reading.value(Stage.TICKET_SETUP, "/currency"):
            reading.add(Stage.TICKET_SETUP, "/currency", choice.code, span, choice.assumed)
        return choice.code
    codes = _options(reading, said.codes)
    options = tuple(
        Option(
            OptionCode.CURRENCY,
            {"currency": code},
            (Fact(Stage.TICKET_SETUP, "/currency", code, *span),),
        )
        for code in codes
    )
    reading.ask(QuestionCode.WHICH_CURRENCY, Stage.TICKET_SETUP, "/currency", span, options)
    return codes[0]


def _choice(reading: Reading, codes: tuple[str, ...]) -> _Choice | None:
    if len(codes) == 1:
        return _Choice(codes[0], None)
    known = reading.value(Stage.TICKET_SETUP, "/currency") or reading.circumstances.currency
    if isinstance(known, str) and (not codes or known in codes):
        return _Choice(known, Assumption.CURRENCY_OF_SESSION)
    country = reading.value(Stage.VENUE_SETUP, "/address/country")
    code = currency_of(country) if isinstance(country, str) else None
    if code and (not codes or (code in codes and (code == "usd" or codes != DOLLARS))):
        return _Choice(code, Assumption.CURRENCY_OF_COUNTRY)
    return None


def _options(reading: Reading, codes: tuple[str, ...]) -> tuple[str, ...]:
    country = reading.value(Stage.VENUE_SETUP, "/address/country")
    code = currency_of(country) if isinstance(country, str) else None
    if code and code in codes:
        return (code, *[other for other in codes if other != code][:1])
    return codes[:_MOST_OPTIONS] or _COMMON
