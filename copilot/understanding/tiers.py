"""Ticket tiers: names, prices and quantities that belong together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from copilot.understanding.codes import Assumption, OptionCode, QuestionCode
from copilot.understanding.dates import last_day_of, read_dates
from copilot.understanding.facts import Fact, Option
from copilot.understanding.found_tier import FoundTier
from copilot.understanding.prices import Price, minor_units, number, prices_in, settle_currency
from copilot.understanding.reading import Reading, capitalized, folded
from copilot.understanding.tier_limits import (
    FoundLimit,
    add_limits,
    find_counts,
    find_limits,
    with_limits,
)
from copilot.understanding.tier_patterns import (
    ADDED,
    CLAUSE,
    COUNT_AT_PRICE,
    DONATION,
    FREE,
    GENERIC_BARE,
    GENERIC_BEFORE,
    NUMBER_ALONE,
    PRICE_OF_SALE,
    QUANTITY,
    TOTAL,
    TierPatterns,
    patterns,
    sale_end,
)
from copilot.understanding.vocabulary import count, months
from domain.json_values import JsonObject
from domain.schemas.ticket import MAX_TIERS
from domain.stages import Section, Stage

_NAMEABLE: Final = re.compile(r"\w(?:.*\w)?")
"""A name that has word boundaries around it."""


@dataclass(frozen=True)
class FoundTiers:
    tiers: list[FoundTier]
    limits: list[FoundLimit]
    """Of tiers that the sentence does not have."""
    saved: dict[str, JsonObject]
    """The event's tiers that have a name, by its folded form."""


def find_sale_ends(reading: Reading) -> list[FoundLimit]:
    """Takes the words of the last days on which saved tiers are sold, as in "VIP until 1 May".

    Those of other tiers are set aside: they are not the date of the event.
    """
    saved = _saved(reading)
    ends = []
    for match in reading.find_all(patterns(tuple(saved)).sold):
        found = _last_day(reading, match.end())
        if found is None:
            continue
        day, end = found
        if match["name"] in saved:
            ends.append(FoundLimit("saleEnd", day, match["name"], False, match.start(), end))
            reading.take(match.start(), end)
        else:
            reading.set_aside(match.end() + 1, end)
    return ends


def find_tiers(reading: Reading, sale_ends: Sequence[FoundLimit]) -> FoundTiers:
    """Takes the words of tiers. They become facts once the place, and so the currency, is known.

    More tiers than an event can have remain unused."""
    saved = _saved(reading)
    words = patterns(tuple(saved))
    limits = find_limits(reading, words)
    tiers = [*_donations(reading), *_priced(reading, words), *_free(reading, words)]
    tiers.sort(key=lambda tier: tier.start)
    if tiers:
        for match in reading.find_all(COUNT_AT_PRICE):
            reading.set_aside(*match.span())
    for tier in tiers[MAX_TIERS:]:
        reading.set_aside(tier.start, tier.end)
    tiers = tiers[:MAX_TIERS]
    tiers = [_with_quantity(reading, _with_sale_end(reading, tier), words) for tier in tiers]
    tiers, limits = with_limits(tiers, limits)
    limits += [*find_counts(reading, words), *sale_ends]
    for match in reading.find_all(ADDED):
        reading.take(*match.span())
    if total := reading.find(TOTAL):
        reading.add(Stage.TICKET_SETUP, "/totalCapacity", count(total[1]), total.span())
    return FoundTiers(tiers, limits, saved)


def add_tiers(reading: Reading, found: FoundTiers) -> None:
    tiers, saved = found.tiers, _names(found.saved)
    add_limits(reading, found.limits, list(found.saved.values()))
    prices = [tier.price for tier in tiers if tier.price and tier.price.amount]
    if len({price.codes for price in prices if price.codes}) > 1:
        _ask_which_prices(reading, tiers, saved)
        return
    code = settle_currency(reading, prices)
    seen: set[str] = set()
    for tier in tiers:
        value = _value(tier, code or "usd", saved)
        if value["name"].casefold() in seen and tier.name is None:
            value["name"] = f"Ticket {len(seen) + 1}"
        if value["name"].casefold() not in seen:
            seen.add(value["name"].casefold())
            assumed = None if tier.name else Assumption.TIER_NAME
            reading.add(Stage.TICKET_SETUP, "/tiers/-", value, (tier.start, tier.end), assumed)


def _ask_which_prices(reading: Reading, tiers: list[FoundTier], saved: Mapping[str, str]) -> None:
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
                value = _value(tier, code, saved)
                facts.append(Fact(Stage.TICKET_SETUP, "/tiers/-", value, *span, assumed))
        options.append(Option(OptionCode.CURRENCY, {"currency": code}, tuple(facts)))
    span = (start, end)
    reading.ask(QuestionCode.WHICH_CURRENCY, Stage.TICKET_SETUP, "/currency", span, tuple(options))


def _saved(reading: Reading) -> dict[str, JsonObject]:
    tiers = reading.circumstances.known.get(Section.TICKET, {}).get("tiers")
    entries = [tier for tier in tiers if isinstance(tier, dict)] if isinstance(tiers, list) else []
    named = [tier for tier in entries if isinstance(tier.get("name"), str)]
    return {folded(tier["name"]): tier for tier in named if _NAMEABLE.fullmatch(tier["name"])}


def _names(saved: Mapping[str, JsonObject]) -> dict[str, str]:
    return {name: tier["name"] for name, tier in saved.items()}


def _value(tier: FoundTier, code: str, saved: Mapping[str, str]) -> JsonObject:
    """``saved``: the names of the event's tiers, by their folded form. A price without a name is of
    the only one."""
    names = {"paid": "Standard", "free": "Free", "donation": "Donation"}
    if len(saved) == 1 and tier.kind == "paid":
        names["paid"] = next(iter(saved.values()))
    value: JsonObject = {
        "name": _shown(tier.name, saved) if tier.name else names[tier.kind],
        "kind": tier.kind,
        "unit_amount": minor_units(tier.price.amount, code) if tier.price else 0,
    }
    entered = {
        "quantity": tier.quantity,
        "maxPerOrder": tier.max_per_order,
        "saleEnd": tier.sale_end,
    }
    return value | {name: part for name, part in entered.items() if part is not None}


def _shown(name: str, saved: Mapping[str, str]) -> str:
    plain = re.sub(r"^vips?$", "VIP", name, flags=re.IGNORECASE)
    plain = re.sub(r"^ga$", "General admission", plain, flags=re.IGNORECASE)
    plain = re.sub(r"^(early[- ]bird)s$", r"\1", plain, flags=re.IGNORECASE)
    return saved.get(folded(name)) or saved.get(folded(plain)) or capitalized(plain)


def _donations(reading: Reading) -> list[FoundTier]:
    matches = list(reading.find_all(DONATION))
    for match in matches:
        reading.take(*match.span())
    return [FoundTier(None, "donation", None, *match.span()) for match in matches[:1]]


def _priced(reading: Reading, words: TierPatterns) -> list[FoundTier]:
    prices = [*prices_in(reading), *_bare_prices(reading, words)]
    prices.sort(key=lambda price: price.start)
    tiers = [_named_before(reading, price, words) for price in prices]
    for tier in tiers:
        reading.take(tier.start, tier.end)
    return [tier if tier.name else _named_after(reading, tier, words) for tier in tiers]


def _bare_prices(reading: Reading, words: TierPatterns) -> list[Price]:
    """Numbers after a name of a tier or a word such as "tickets", without a currency."""
    patterns_of_numbers = (words.named_bare, GENERIC_BARE, PRICE_OF_SALE)
    matches = [match for pattern in patterns_of_numbers for match in reading.find_all(pattern)]
    return [Price(number(match["amount"]), (), *match.span("amount")) for match in matches]


def _named_before(reading: Reading, price: Price, words: TierPatterns) -> FoundTier:
    window = max(0, price.start - 60)
    before = reading.open[window : price.start]
    named = words.name_before.search(before)
    match = named or GENERIC_BEFORE.search(before)
    kind = "paid" if price.amount else "free"
    if match is None:
        return FoundTier(None, kind, price, price.start, price.end)
    name = reading.said(window + named.start("name"), window + named.end("name")) if named else None
    quantity = count(match["quantity"]) if match["quantity"] else None
    return FoundTier(name, kind, price, window + match.start(), price.end, quantity)


def _named_after(reading: Reading, tier: FoundTier, words: TierPatterns) -> FoundTier:
    match = words.name_after.search(reading.open[tier.end : tier.end + 60])
    if match is None:
        return tier
    end = tier.end + match.end()
    name = reading.said(tier.end + match.start("name"), tier.end + match.end("name"))
    if words.free_of_name.match(reading.open, tier.end + match.start("name")):
        return tier
    reading.take(tier.end, end)
    return replace(tier, name=name, end=end)


def _free(reading: Reading, words: TierPatterns) -> list[FoundTier]:
    tiers = []
    for match in reading.find_all(words.free_of_name):
        tiers.append(FoundTier(reading.said(*match.span("name")), "free", None, *match.span()))
        reading.take(*match.span())
    for match in reading.find_all(FREE):
        tiers.append(FoundTier(None, "free", None, *match.span()))
        reading.take(*match.span())
    return tiers


def _with_sale_end(reading: Reading, tier: FoundTier) -> FoundTier:
    """The last day of the sale of a named tier, as in "early bird 18 euros until the end of April".

    Without a name, "6 euros until 17 May" is about the event.
    """
    found = _last_day(reading, tier.end) if tier.name else None
    if found is None:
        return tier
    day, end = found
    reading.take(tier.end, end)
    return replace(tier, sale_end=day, end=end)


def _last_day(reading: Reading, start: int) -> tuple[str, int] | None:
    """The end of a sale that words such as "until the end of April" say, and where they end."""
    after = sale_end().match(reading.open[start : start + 60])
    if after is None:
        return None
    if after["month"]:
        last = last_day_of(reading, months()[after["month"]])
        return f"{last}T23:59", start + after.end()
    inner = Reading(after["day"], reading.circumstances)
    read_dates(inner)
    fact = inner.fact(Stage.EVENT_SETUP, "/date")
    if fact is None:
        return None
    return f"{fact.value}T23:59", start + after.start("day") + fact.end


def _with_quantity(reading: Reading, tier: FoundTier, words: TierPatterns) -> FoundTier:
    if tier.quantity is not None:
        return tier
    after = QUANTITY.match(reading.open[tier.end : tier.end + 60])
    if after:
        end = tier.end + after.end()
        reading.take(tier.end, end)
        return replace(tier, quantity=count(after[1]), end=end)
    for match in reading.find_all(words.quantity_of):
        if tier.name and match["name"].rstrip("s") == tier.name.lower().rstrip("s"):
            reading.take(*match.span())
            return replace(tier, quantity=count(match[1]))
    return tier


def ask_about_numbers(reading: Reading) -> None:
    """Asks what a number means that has nothing beside it."""
    for match in reading.find_all(NUMBER_ALONE):
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
    before = CLAUSE.split(reading.open[max(0, start - 60) : start])[-1]
    after = CLAUSE.split(reading.open[end : end + 60])[0]
    return bool(re.search(r"\w", before + after))
