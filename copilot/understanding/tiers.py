"""Ticket tiers: names, prices and quantities that belong together."""

import re
from dataclasses import dataclass, replace
from typing import Final

from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from copilot.understanding.facts import Fact, Option
from copilot.understanding.prices import (
    AMOUNT,
    Price,
    minor_units,
    number,
    prices_in,
    settle_currency,
)
from copilot.understanding.reading import Reading, capitalized
from copilot.understanding.vocabulary import COUNT, count
from domain.json_values import JsonObject
from domain.schemas.ticket import MAX_TIERS
from domain.stages import Stage

_NAME: Final = (
    r"(?:early[- ]?birds?|general admission|general|front row|second row|on the door|at the door|"
    r"door|vips?|standard|regular|normal|advance|late(?: bird)?|premium|basic|balcony|seated|"
    r"standing|students?|studenten|studierende|etudiants?|estudiantes|estudantes|concessions?|"
    r"reduced|erma(?:ss|ß)igt|tarif reduit|(?:non[- ]?)?members?|adults?|"
    r"(?:kids |children )?under[- ]\d\d'?s?|over[- ]\d\d'?s|children|kids|child|press|presse|"
    r"backstage|group|abendkasse|vorverkauf|plein tarif|seniors?|ga)"
)
_MORE_OF_NAME: Final = r"(?:\s(?:table|seat)s?)?(?:\sfor\s\w{1,6})?(?:\s?\([^()\x00]{1,30}\))?"
_TICKETS: Final = r"(?:tickets?|tiers?|passes|pass|seats?|entry|admission)"
_LINK: Final = (
    r"(?:[:=–-]|at|for|is|are|costs?|a|zu|fur|pour|por|just|only)?\s{0,2}"
    r"(?:just |only |half price,? |full price,? |will be |cost |pay )?\(?"
)
_NAME_BEFORE: Final = re.compile(
    rf"(?<!-)\b(?:(?P<quantity>{COUNT})\s+)?(?P<name>{_NAME})\b(?:\s{_TICKETS}\b)?{_MORE_OF_NAME}"
    rf"(?:\s\x00{{1,30}})?\s{{0,2}}{_LINK}\s{{0,2}}\Z"
)
_NAME_AFTER: Final = re.compile(
    rf"\A\s{{0,2}}(?:[:(/–-]|for|per|fur|pour|para|por)?\s{{0,2}}(?:the "
    rf")?(?P<name>{_NAME})\b(?:\s{_TICKETS}\b)?"
)
_NAMED_BARE: Final = re.compile(
    rf"\b(?P<name>{_NAME})\b(?:\s{_TICKETS}\b)?\s{{0,2}}{_LINK}(?P<amount>{AMOUNT})"
    r"(?!\s{0,2}(?:people|ppl|guests|seats|places|of|tickets?|[ap]\.?m|h\b|uhr|days|weeks|%|:|/|"
    r"only|available|personen|[a-z€£$]|[-–]\s?\d))"
)
_GENERIC_BARE: Final = re.compile(
    rf"\b(?:tickets?|entry|entrance|admission|price|karten|billets?|entradas?|ingressos?|eintritt|"
    rf"entree)(?: (?:price|fee|costs?|is|are|at|for))?:?\s{{1,2}}(?P<amount>{AMOUNT})"
    r"(?!\s{0,2}(?:people|ppl|guests|seats|places|of|tickets?|"
    r"[ap]\.?m|h\b|uhr|days|weeks|%|:|/|[a-z€£$]|[-–]\s?\d))"
)
_GENERIC_BEFORE: Final = re.compile(
    rf"(?:\b(?P<quantity>{COUNT})\s+)?\b(?:tickets?|entry|entrance|admission|price|eintritt|"
    rf"entrada|entree)\b(?:\s(?:price|fee|costs?|is|are|at|for|from))?:?\s{{0,2}}{_LINK}\s{{0,2}}\Z"
)
_FREE_OF_NAME: Final = re.compile(
    rf"\b(?P<name>{_NAME})\b(?:\s{_TICKETS}\b)?\s{{0,2}}(?:[:=–-]|is|are|get in|go|enter)?\s{{0,2}}"
    r"\b(?:for )?(?:free|gratis|frei|kostenlos|gratuits?)\b"
)
_FREE: Final = re.compile(
    r"\b(?:(?:entry|entrance|admission|tickets|it|event|everything|join) (?:is |are )?(?:for )?"
    r"(?:completely |totally )?free\b(?: of charge)?"
    r"|free (?:ente?ry|entrance|admission|tickets?|event|of charge)\b"
    r"|(?:for )?(?<!\d )free\b(?: for (?:all|everyone|everybody)\b)?(?= ?(?:[,.;!)\x00]|$))"
    r"|(?:eintritt|eintritt ist) (?:ist )?(?:frei|kostenlos)\b"
    r"|entree (?:gratuite|libre)\b|entrada (?:gratuita|gratis|libre|franca|livre)\b"
    r"|kostenlos\b|gratis\b)"
)
_DONATION: Final = re.compile(
    r"(?:[€£$]\s?\d{1,4}\s|\b\d{1,4}\s?(?:€|euros?|pounds?|dollars?)\s)"
    r"(?:suggested|recommended|minimum) donations?\b"
    r"|\b(?:pay (?:what|as much as) you (?:want|can|like|wish)"
    r"|donations?(?: welcome| based|-based| only)?"
    r"|by donation|auf spendenbasis|spende|prix libre|donativo|doacao)\b"
)
_QUANTITY: Final = re.compile(
    rf"\A[\s,]{{0,3}}\(?(?:each,? )?(?:only |max(?:imum)? |limited to |x )?({COUNT})\s?"
    r"(?:of them|of those|of these|tickets?|available|pieces|pcs|only)\b(?: only)?(?: of them)?\)?"
)
_QUANTITY_OF: Final = re.compile(
    rf"\b({COUNT})\s+(?P<name>{_NAME})\b(?:\s{_TICKETS}\b)?(?:\sonly)?"
)
_TOTAL: Final = re.compile(rf"\b({COUNT})\s+tickets?\b(?:\s(?:in total|overall|altogether))?")
_ADDED: Final = re.compile(
    r"\b(?:add|create|make|new)\s(?:a\s|an\s)?(?:new\s)?(?:ticket\s)?(?:tier|ticket)s?\b"
)
_NUMBER_ALONE: Final = re.compile(rf"(?<![\w.,:/#+€$£-])({COUNT})(?![\w%:/+€$£-])")
_CLAUSE: Final = re.compile(r"[,.;()/]")


@dataclass(frozen=True)
class FoundTier:
    """A tier as the sentence has it; its amount is known once its currency is."""

    name: str | None
    kind: str
    price: Price | None
    start: int
    end: int
    quantity: int | None = None


def find_tiers(reading: Reading) -> list[FoundTier]:
    """Takes the words of tiers. They become facts once the place, and so the currency, is known.

    More tiers than an event can have remain unused."""
    tiers = [*_donations(reading), *_priced(reading), *_free(reading)]
    tiers.sort(key=lambda tier: tier.start)
    for tier in tiers[MAX_TIERS:]:
        reading.set_aside(tier.start, tier.end)
    tiers = tiers[:MAX_TIERS]
    tiers = [_with_quantity(reading, tier) for tier in tiers]
    for match in reading.find_all(_ADDED):
        reading.take(*match.span())
    if total := reading.find(_TOTAL):
        reading.add(Stage.TICKET_SETUP, "/totalCapacity", count(total[1]), total.span())
    return tiers


def add_tiers(reading: Reading, tiers: list[FoundTier]) -> None:
    prices = [tier.price for tier in tiers if tier.price and tier.price.amount]
    if len({price.codes for price in prices if price.codes}) > 1:
        _ask_which_prices(reading, tiers)
        return
    code = settle_currency(reading, prices)
    seen: set[str] = set()
    for tier in tiers:
        value = _value(tier, code or "usd")
        if value["name"].casefold() in seen and tier.name is None:
            value["name"] = f"Ticket {len(seen) + 1}"
        if value["name"].casefold() not in seen:
            seen.add(value["name"].casefold())
            assumed = None if tier.name else Assumption.TIER_NAME
            reading.add(Stage.TICKET_SETUP, "/tiers/-", value, (tier.start, tier.end), assumed)


def _ask_which_prices(reading: Reading, tiers: list[FoundTier]) -> None:
    """Asks which prices are meant, if they have several currencies: an event has one."""
    spoken = dict.fromkeys(tier.price.codes[0] for tier in tiers if tier.price and tier.price.codes)
    start, end = tiers[0].start, max(tier.end for tier in tiers)
    options = []
    for code in spoken:
        facts = [Fact(Stage.TICKET_SETUP, "/currency", code, start, end)]
        for tier in tiers:
            if tier.price and tier.price.codes[:1] == (code,):
                assumed = None if tier.name else Assumption.TIER_NAME
                span = (tier.start, tier.end)
                value = _value(tier, code)
                facts.append(Fact(Stage.TICKET_SETUP, "/tiers/-", value, *span, assumed))
        options.append(Option(OptionCode.CURRENCY, {"currency": code}, tuple(facts)))
    span = (start, end)
    reading.ask(QuestionCode.WHICH_CURRENCY, Stage.TICKET_SETUP, "/currency", span, tuple(options))


def _value(tier: FoundTier, code: str) -> JsonObject:
    names = {"paid": "Standard", "free": "Free", "donation": "Donation"}
    value: JsonObject = {
        "name": _shown(tier.name) if tier.name else names[tier.kind],
        "kind": tier.kind,
        "unit_amount": minor_units(tier.price.amount, code) if tier.price else 0,
    }
    return value if tier.quantity is None else {**value, "quantity": tier.quantity}


def _shown(name: str) -> str:
    plain = re.sub(r"^vips?$", "VIP", name, flags=re.IGNORECASE)
    plain = re.sub(r"^ga$", "General admission", plain, flags=re.IGNORECASE)
    plain = re.sub(r"^(early[- ]bird)s$", r"\1", plain, flags=re.IGNORECASE)
    return capitalized(plain)


def _donations(reading: Reading) -> list[FoundTier]:
    matches = list(reading.find_all(_DONATION))
    for match in matches:
        reading.take(*match.span())
    return [FoundTier(None, "donation", None, *match.span()) for match in matches[:1]]


def _priced(reading: Reading) -> list[FoundTier]:
    prices = [*prices_in(reading), *_bare_prices(reading)]
    prices.sort(key=lambda price: price.start)
    tiers = [_named_before(reading, price) for price in prices]
    for tier in tiers:
        reading.take(tier.start, tier.end)
    return [tier if tier.name else _named_after(reading, tier) for tier in tiers]


def _bare_prices(reading: Reading) -> list[Price]:
    """Numbers after a name of a tier or a word such as "tickets", without a currency."""
    matches = [*reading.find_all(_NAMED_BARE), *reading.find_all(_GENERIC_BARE)]
    return [Price(number(match["amount"]), (), *match.span("amount")) for match in matches]


def _named_before(reading: Reading, price: Price) -> FoundTier:
    window = max(0, price.start - 60)
    before = reading.open[window : price.start]
    named = _NAME_BEFORE.search(before)
    match = named or _GENERIC_BEFORE.search(before)
    kind = "paid" if price.amount else "free"
    if match is None:
        return FoundTier(None, kind, price, price.start, price.end)
    name = reading.said(window + named.start("name"), window + named.end("name")) if named else None
    quantity = count(match["quantity"]) if match["quantity"] else None
    return FoundTier(name, kind, price, window + match.start(), price.end, quantity)


def _named_after(reading: Reading, tier: FoundTier) -> FoundTier:
    match = _NAME_AFTER.search(reading.open[tier.end : tier.end + 60])
    if match is None:
        return tier
    end = tier.end + match.end()
    name = reading.said(tier.end + match.start("name"), tier.end + match.end("name"))
    if _FREE_OF_NAME.match(reading.open, tier.end + match.start("name")):
        return tier
    reading.take(tier.end, end)
    return replace(tier, name=name, end=end)


def _free(reading: Reading) -> list[FoundTier]:
    tiers = []
    for match in reading.find_all(_FREE_OF_NAME):
        tiers.append(FoundTier(reading.said(*match.span("name")), "free", None, *match.span()))
        reading.take(*match.span())
    for match in reading.find_all(_FREE):
        tiers.append(FoundTier(None, "free", None, *match.span()))
        reading.take(*match.span())
    return tiers


def _with_quantity(reading: Reading, tier: FoundTier) -> FoundTier:
    if tier.quantity is not None:
        return tier
    after = _QUANTITY.match(reading.open[tier.end : tier.end + 60])
    if after:
        end = tier.end + after.end()
        reading.take(tier.end, end)
        return replace(tier, quantity=count(after[1]), end=end)
    for match in reading.find_all(_QUANTITY_OF):
        if tier.name and match["name"].rstrip("s") == tier.name.lower().rstrip("s"):
            reading.take(*match.span())
            return replace(tier, quantity=count(match[1]))
    return tier


def ask_about_numbers(reading: Reading) -> None:
    """Asks what a number means that has nothing beside it."""
    for match in reading.find_all(_NUMBER_ALONE):
        start, end = match.span()
        if _words_beside(reading, start, end):
            continue
        value = count(match[1])
        tier = {"name": "Standard", "kind": "paid" if value else "free", "unit_amount": value * 100}
        options = (
            Option(OptionCode.PRICE, {"number": value}, (Fact(
                Stage.TICKET_SETUP, "/tiers/-", tier, start, end, Assumption.TIER_NAME),)),
            Option(OptionCode.CAPACITY, {"number": value}, (Fact(
                Stage.VENUE_SETUP, "/capacity", value, start, end),)),
        )  # fmt: skip
        reading.ask(QuestionCode.WHAT_NUMBER, Stage.TICKET_SETUP, "/tiers/-", (start, end), options)


def _words_beside(reading: Reading, start: int, end: int) -> bool:
    before = _CLAUSE.split(reading.open[max(0, start - 60) : start])[-1]
    after = _CLAUSE.split(reading.open[end : end + 60])[0]
    return bool(re.search(r"\w", before + after))
