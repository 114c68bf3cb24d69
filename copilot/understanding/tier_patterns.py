"""Patterns of ticket tiers, whose groups :mod:`copilot.understanding.tiers` reads."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from copilot.understanding.prices import AMOUNT
from copilot.understanding.vocabulary import COUNT, NUMBER_WORDS, alternatives, months

_USUAL_NAMES: Final = (
    r"early[- ]?birds?|general admission|general|front row|second row|on the door|at the door|"
    r"door|vips?|standard|regular|normal|advance|pre-?sale|late(?: bird)?|premium|basic|balcony|"
    r"seated|standing|students?|studenten|studierende|etudiants?|estudiantes|estudantes|concessions?|"
    r"reduced|erma(?:ss|ß)igt(?:e[rn]?)?|tarif reduit|(?:non[- ]?)?members?|adults?|"
    r"(?:kids |children )?under[- ]\d\d'?s?|(?:kinder )?unter[- ]\d\d|over[- ]\d\d'?s|children|"
    r"kids|child|presse?|backstage|group|abendkasse|vorverkauf|plein tarif|seniors?|"
    r"ga|fruhbucher|normalpreis|stehplatz|stehplatze|sitzplatz|sitzplatze|"
    r"erste reihe|kinder|mitglieder|erwachsene"
)
_MORE_OF_NAME: Final = r"(?:\s(?:table|seat)s?)?(?:\sfor\s\w{1,6})?(?:\s?\([^()\x00]{1,30}\))?"
_TICKETS: Final = r"(?:tickets?|tiers?|passes|pass|seats?|entry|admission)"
_LINK: Final = (
    r"(?:[:=–-]|at|for|is|are|costs?|kostet|kosten|a|je|zu|fur|pour|por)?\s{0,2}"
    r"(?:(?:just|only|half price,?|full price,?|now|should|will|be|cost|pays?|to|"
    r"(?:gets?|comes?) in for|nur|jetzt|doch|lieber|soll|sollen|auf|zahlen|zahlt)\s){0,3}\(?"
)
_NO_PRICE: Final = r"(?!\s{0,2}(?:(?!(?:and|und|plus|with|mit)\b)[a-z]|[€£$%:/]|[-–]\s?\d))"
"""After a number without a currency: it is counted, or it is a time or a range."""

GENERIC_BARE: Final = re.compile(
    rf"\b(?:tickets?|entry|entrance|admission|price|karten|billets?|entradas?|ingressos?|eintritt|"
    rf"entree)(?: (?:price|fee|costs?|is|are|at|for))?:?\s{{1,2}}(?P<amount>{AMOUNT})"
    rf"{_NO_PRICE}"
)
PRICE_OF_SALE: Final = re.compile(
    rf"(?<![\w.,:/€£$-])(?<!at )(?<!um )(?<!from )(?<!until )(?<!bis )(?<!von )(?P<amount>{AMOUNT})"
    r"(?=\s(?:in advance|(?:on|at) the door|im vorverkauf|"
    r"an der (?:abend)?kasse)\b)"
)
"""A number that where the ticket is bought makes a price."""
GENERIC_BEFORE: Final = re.compile(
    rf"(?:\b(?P<quantity>{COUNT})\s+)?\b(?:tickets?|karten|entry|entrance|admission|price|eintritt|"
    rf"entrada|entree)\b(?:\s(?:price|fee|costs?|is|are|at|for|from))?:?\s{{0,2}}{_LINK}\s{{0,2}}\Z"
)
FREE: Final = re.compile(
    r"\b(?:(?:entry|entrance|admission|tickets|it|event|everything|join) (?:is |are )?(?:for )?"
    r"(?:completely |totally )?free\b(?: of charge)?"
    r"|free (?:ente?ry|entrance|admission|tickets?|event|of charge)\b"
    r"|(?:for )?(?<!\d )(?<![-\w])free\b(?: for (?:all|everyone|everybody)\b)?"
    r"(?= ?(?:[,.;!)\x00]|$))"
    r"|(?:eintritt|eintritt ist) (?:ist )?(?:frei|kostenlos)\b|freier eintritt\b"
    r"|entree (?:gratuite|libre)\b|entrada (?:gratuita|gratis|libre|franca|livre)\b"
    r"|kostenlos\b|gratis\b)"
)
DONATION: Final = re.compile(
    r"(?:[€£$]\s?\d{1,4}\s|\b\d{1,4}\s?(?:€|euros?|pounds?|dollars?)\s)"
    r"(?:suggested|recommended|minimum) donations?\b"
    r"|\b(?:pay (?:what|as much as) you (?:want|can|like|wish)"
    r"|donations?(?: welcome| based|-based| only)?"
    r"|by donation|auf spendenbasis|spende|prix libre|donativo|doacao)\b"
)
QUANTITY: Final = re.compile(
    rf"\A[\s,]{{0,3}}\(?(?:each,? )?(?:only |max(?:imum)? |limited to |x )?({COUNT})\s?"
    r"(?:of them|of those|of these|tickets?|available|pieces|pcs|only|stuck)\b(?: only)?"
    r"(?: of them)?\)?"
)
TOTAL: Final = re.compile(rf"\b({COUNT})\s+tickets?\b(?:\s(?:in total|overall|altogether))?")
ADDED: Final = re.compile(
    r"\b(?:add|create|make|new)\s(?:a\s|an\s)?(?:new\s)?(?:ticket\s)?(?:tier|ticket)s?\b"
)
COUNT_AT_PRICE: Final = re.compile(
    rf"(?<=[,;]\s){COUNT}\s(?:at|zu|fur)\s{AMOUNT}(?!\s?(?:[ap]\.?m\b|uhr\b|o'?clock|[:.]\d))"
)
"""After tickets with a price: "30 at 15 euros, 20 at 10". It has no name, and is not a time."""
NUMBER_ALONE: Final = re.compile(rf"(?<![\w.,:/#+€$£-])({COUNT})(?![\w%:/+€$£-])")
CLAUSE: Final = re.compile(r"[,.;()/]")


# The most tickets of an order: "max 4 per person", "two tickets per customer".
_ALL_TIERS: Final = (
    r"(?:all|every|each)(?: the)? (?:tickets?|tiers?)|alle (?:tickets|karten)|jedes ticket"
)
_MOST: Final = (
    r"(?:max(?:imum|imal|\.)?(?: of)?|at most|(?:no|not) more than|up to|(?:a )?limit(?:ed)?"
    r"(?: of| to| is|:)?|hochstens|nicht mehr als|bis zu|begrenzt auf|only|nur)"
)
_MAXIMUM: Final = r"(?:max(?:imum|imal|\.)?|at most|hochstens)(?!\w)"
_BUYER: Final = (
    r"(?:person|customer|buyer|order|booking|purchase|head|guest|visitor|checkout|transaction|"
    r"kopf|bestellung|kund(?:e|in)|kauf|gast|buchung|besucher)"
)
_PER_BUYER: Final = rf"(?:(?:per|for each|a|pro|je|fur jede[nr]?)\s{_BUYER}\b)"
_EACH: Final = r"(?P<each>(?:each|apiece|everyone)\b)"
_SOME: Final = rf"(?P<most>{COUNT}|{'|'.join(word for word in NUMBER_WORDS if len(word) > 1)})"
_PIECES: Final = r"(?:tickets?|karten?|seats?|places|spots|stuck|platze|of them)"


@dataclass(frozen=True)
class TierPatterns:
    """Patterns that need the names of tiers: the usual ones, and those that the event has."""

    name_before: re.Pattern[str]
    """A name, its quantity, and the words between it and a price."""
    name_after: re.Pattern[str]
    named_bare: re.Pattern[str]
    """A name and a number without a currency."""
    free_of_name: re.Pattern[str]
    quantity_of: re.Pattern[str]
    limits: tuple[re.Pattern[str], ...]
    """The most tickets of an order. ``before``, ``within``, ``of`` and ``after`` are names, ``all``
    is every tier, and ``each`` may also mean a quantity."""
    counts: tuple[re.Pattern[str], ...]
    """How many of a tier there are, without a price beside it."""
    sold: re.Pattern[str]
    """A clause up to the last day of the sale of a tier."""


@lru_cache(maxsize=256)
def patterns(names: tuple[str, ...]) -> TierPatterns:
    """``names``: of the tiers of the event, folded."""
    own = sorted(map(re.escape, names), key=len, reverse=True)
    name = rf"(?P<name>{'|'.join([*own, _USUAL_NAMES])})\b(?:[- ]{_TICKETS}\b)?"
    return TierPatterns(
        re.compile(
            rf"(?<!-)\b(?:(?P<quantity>{COUNT})\s+)?{name}{_MORE_OF_NAME}"
            rf"(?:\s\x00{{1,30}})?\s{{0,2}}{_LINK}\s{{0,2}}\Z"
        ),
        re.compile(
            rf"\A\s{{0,2}}(?:[:(/–-]|for|per|fur|pour|para|por|in|im|an)?\s{{0,2}}"
            rf"(?:the |die |der )?{name}"
        ),
        re.compile(rf"\b{name}\s{{0,2}}{_LINK}(?P<amount>{AMOUNT}){_NO_PRICE}"),
        re.compile(
            rf"\b{name}\s{{0,2}}(?:[:=–-]|is|are|get in|go|enter|sind|haben)?\s{{0,2}}"
            r"\b(?:for )?(?:free|gratis|frei(?:en eintritt)?|kostenlos|gratuits?)\b"
        ),
        re.compile(rf"\b({COUNT})\s+{name}(?:\sonly)?"),
        _limits("|".join([*own, _USUAL_NAMES])),
        _counts("|".join([*own, _USUAL_NAMES])),
        re.compile(
            rf"(?:^|(?<=[,.;\n]))\s?(?:(?:sell|stop selling|the|die|das|der)\s){{0,2}}{name}"
            r"(?:\s(?:is|are|will be|sold|on sale|for sale|available|only|nur|noch|"
            r"gibt es|ist|sind|im verkauf|erhaltlich|zu haben)){0,4}(?=\s(?:until|till|til|bis)\s)"
        ),
    )


def _counts(names: str) -> tuple[re.Pattern[str], ...]:
    name = rf"(?P<name>{names})\b(?:[- ]{_TICKETS}\b)?"
    there_are = (
        r"(?:there (?:are|will be)|we (?:only )?have|es gibt|gibt es|haben wir|wir haben)"
        r"(?: only| nur)?"
    )
    return (
        re.compile(rf"\b(?:{there_are}|only|just|nur)\s(?P<most>{COUNT})\s{name}"),
        re.compile(
            rf"\b(?:of|for|von|vom|bei)\s(?:the\s)?{name},?\s{there_are}\s(?P<most>{COUNT})"
            rf"(?:\s{_PIECES})?"
        ),
        re.compile(
            rf"\b{name}:?\s(?:(?:is|are|ist|sind)\s)?(?:(?:limited to|begrenzt auf)\s"
            rf"(?P<most>{COUNT})(?:\s{_PIECES})?|(?:only|just|nur)\s(?P<pieces>{COUNT})\s{_PIECES})"
        ),
    )


def _limits(names: str) -> tuple[re.Pattern[str], ...]:
    before, within, of, after = (
        rf"(?P<{place}>{names})\b(?:[- ]{_TICKETS}\b)?"
        for place in ("before", "within", "of", "after")
    )
    subject = (
        rf"(?:(?:(?<!\d\s)\b{before}|\b(?P<all>{_ALL_TIERS})\b|\btickets)[:,]?\s"
        r"(?:(?:should|must|to|is|are|be|has|have|hat|haben|sind|auf)\s){0,3})?"
    )
    of_the = r"\s(?:for|of|fur|bei|beim|von)\s(?:the\s|die\s|das\s)?"
    pieces = rf"\s(?:{within}|{_PIECES})"
    buys = (
        r"(?:people|guests|customers|everyone|buyers|you) (?:can|may) (?:only )?"
        r"(?:buy|order|book|get)"
    )
    limits = (
        rf"\b{_MOST}\s{_SOME}(?:{pieces})?,?\s(?:{_PER_BUYER}|{_EACH})",
        (
            rf"\b(?:max(?:imum|imal)?|limit|hochstens)(?:\stickets)?\s{_PER_BUYER}(?:{of_the}{of})?,?:?\s"
            rf"(?:(?:is|to|at|of|auf|ist|von)\s)?{_SOME}\b"
        ),
        rf"\b{_SOME}(?:{pieces}(?:\s{_MOST})?|\s{_MOST})\s{_PER_BUYER}(?:\s{_MAXIMUM})?",
        rf"\b{_SOME}\s{_PER_BUYER}\s{_MAXIMUM}",
        rf"\b{_PER_BUYER}\s{_MOST}\s{_SOME}\b(?!\s?[€£$%])(?:{pieces})?",
        (
            rf"\b(?:limit|cap)\s(?:(?:each|every)\s)?(?:{_BUYER}s?|people|everyone)\s(?:to|at)\s{_SOME}"
            rf"(?:{pieces})?\b"
        ),
        rf"\b{buys}\s(?:{_MOST}\s)?{_SOME}(?:\s{_PIECES})?\b(?: each)?",
        (
            rf"\b(?:jede[rs]?|alle|gaste|man) (?:darf|kann|durfen|konnen)\s{_MOST}\s{_SOME}"
            rf"(?:\s{_PIECES})?\s(?:kaufen|bestellen|buchen|nehmen)\b"
        ),
    )
    return tuple(re.compile(rf"{subject}{limit}(?:{of_the}{after})?") for limit in limits)


@lru_cache(maxsize=1)
def sale_end() -> re.Pattern[str]:
    """The end of a sale, after a price: the end of a month, or other words of a day."""
    return re.compile(
        r"\A\s(?:only\s)?(?:until|till|til|bis)\s(?:the\s|zum\s)?"
        rf"(?:(?:end\sof|ende)\s(?P<month>{alternatives(months())})\b|(?P<day>[^,;()\n]{{3,30}}))"
    )
