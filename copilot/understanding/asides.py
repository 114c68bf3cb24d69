"""Words about something else than the values of the event, which would be read as its values.

Deadlines, days that recur or are excluded, times of preparations, discounts: they are set aside, so
that their dates, times and prices become no fact. They are reported as unused.
"""

import re
from functools import cache
from typing import Final

from copilot.understanding.reading import Reading
from copilot.understanding.vocabulary import alternatives, months, weekdays

_TIME: Final = (
    r"(?:\d{1,2}(?:[:.]\d{2})?\s?(?:[ap]\.?m\b\.?|uhr\b|h\b|o'?clock\b)|\d{1,2}[:h]\d{2}\b|noon\b|"
    r"midday\b|midnight\b)"
)
_HOUR: Final = rf"(?:{_TIME}|\d{{1,2}}\b(?![.,/:]?\d))"
_PRICE: Final = (
    r"(?:[€£$]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|(?:euros?|eur|pounds?|quid|dollars?|usd|gbp)\b))"
)
_GOODS: Final = (
    r"(?:coffee|tea|cakes?|drinks?|beers?|wine|cocktails?|lunch|(?:tote )?bags?|dress(?:es)?|"
    r"(?:t-)?shirts?|jackets?|trousers|jeans|shoes|sneakers|scar(?:f|ves)|hats?|rings?|merch\w*|"
    r"catalogues?|posters?|materials?|fabrics?|deposit|prizes?|awards?|budget|rent|parking|"
    r"cloakroom|vouchers?)"
)
# A part of a sentence that is about an earlier time, not "like last year" or "last season's".
_EARLIER: Final = re.compile(
    r"(?:^|(?<=[,.;\n]))[^,.;\n]*\b(?:(?<!as )(?<!like )(?<!than )(?<!since )(?<!from )"
    r"last (?:year|time|season|edition)(?!['’])|the last one|previously|was born|"
    r"(?:we|have|has) raised|cost (?:us|me)|(?:we|i) (?:paid|spent)|hat uns|wir haben bezahlt|"
    r"(?:letztes|vergangenes|voriges) (?:jahr|mal)|beim letzten mal)\b"
    r"[^,.;\n]*"
)
# A sentence that begins with an earlier time is about it, up to what is said of this time.
_EARLIER_FIRST: Final = re.compile(
    r"(?:^|(?<=[.;\n]))\s*(?:last (?:year|time|season)|(?:letztes|voriges) (?:jahr|mal))\b"
    r"(?:(?!\b(?:but|this|now|aber|dies\w*|jetzt)\b)[^.;\n])*"
)
# Not when the event is, but when its page appears.
_PUBLICATION: Final = re.compile(
    r"(?:^|(?<=[,.;\n]))[^,.;\n]*\b(?:publish|go live|veroffentlich(?:en?|t))\b[^,.;\n]*"
)
# A fee or a difference is no price of a ticket.
_PART_OF_PRICE: Final = re.compile(
    rf"(?:\b(?:plus|minus|um)\s)?{_PRICE}\s(?:(?:booking|service|handling|card|online)\s)?"
    r"(?:fees?|off|discount|cheaper|less|more|gebuhr(?:en)?|rabatt|billiger|gunstiger|teurer|weniger|"
    rf"mehr)\b|\b(?:by|um)\s{_PRICE}"
)
_GOODS_PRICED: Final = re.compile(
    r"(?<!with )(?<!with a )(?<!plus )(?<!including )(?<!tote )\b"
    rf"{_GOODS}\s?(?:(?:is|are|costs?|for|of|at|from)\b|:)?\s?(?:only\s)?{_PRICE}"
    rf"|{_PRICE}\s(?:for|towards)\s(?:the\s|some\s)?{_GOODS}\b"
)
_NEAR: Final = re.compile(
    r"\b(?:minutes?|mins?|walk|steps|km|miles?)\s(?:walk\s)?(?:from|to)\s[^,;.\n]{1,40}"
)
# Where the people who write are from is not where the event is.
_ORIGIN: Final = re.compile(
    r"\b(?:(?:we|i|wir|ich)(?:['’]re|['’]m|\s(?:are|am|sind|bin|kommen|come))\b[^,.;\n]{0,60}?"
    r"\b(?:from|aus)|(?:we|i)(?:['’]re|['’]m|\s(?:are|am)) based in)\s[\w-]+"
)
_PREPARATION: Final = re.compile(
    r"\b(?:set[- ]?up|(?:press|vip) (?:preview|view|day)|load[- ]?(?:in|out)|build[- ]?up|"
    r"rehearsals?|sound ?check|fittings?|call time|press call|photo ?call|be there|"
    r"(?:guests |please )?arriv(?:e|es|al|als|ing))"
    rf"\s(?:is\s|starts?\s)?(?:(?:from|at|by|between)\s)?{_HOUR}"
)
_SERVICE: Final = re.compile(
    r"\b(?:free |complimentary )?(?:drinks?|bar|happy hour|food|canapes|parking|cloakroom)"
    r"\s(?:is\s|open\s)?"
    rf"(?:until|till|til|from|at)\s{_HOUR}"
)
_TIME_LIMIT: Final = re.compile(
    rf"(?<!done )(?<!over )(?<!finished )\b(?:by|after|before)\s{_TIME}"
)
# An event has one start: none of several times is chosen.
_SEVERAL_TIMES: Final = re.compile(
    rf"(?<!between )(?<!from )\b(?:at\s)?(?:{_TIME}|\d{{1,2}})\s?(?:or|and|&|/)\s?(?:at\s)?{_TIME}"
)
# In "moved from 12 May to 19 May", the first day is no longer true; in "250, not 200", the second
# number.
_FORMER: Final = re.compile(
    r"\b(?:moved?|postponed?|shift(?:ed)?|reschedul(?:e|ed)|chang(?:e|ed|ing)|moving|switch(?:ed)?|"
    r"brought forward|bring|push(?:ed)?|raise|lower|increase|reduce)\s"
    r"(?P<what>(?:(?!from\b|hours\b|times\b)[\w'’-]+\s){0,5})from\s[^,;\n]{1,30}?\s(?=to\s)"
)
_FORMER_NUMBER: Final = re.compile(r"\bvon\s\d[\d.:]*\s(?:(?:uhr|euro|€)\s)?(?=auf\s\d)")
_REPLACED: Final = re.compile(
    r"\b(?:not|instead of|rather than|nicht|statt)\s(?:(?:in|at|on|um|am|im)\s[\w:.-]+|"
    rf"{_PRICE}|{_TIME}|\d[\d.,:]*(?:\s(?:people|guests|seats|personen|gaste|leute))?)"
)
_OFFER: Final = re.compile(
    r"\bbuy \w+,? (?:and )?get (?:\w+ )?\w+ free\b|\b\d for \d\b(?!\s?(?:\d|[ap]\.?m)|[:.h]\d)"
)
_SOLD_ONLINE: Final = re.compile(
    r"\b(?:tickets?|book(?:ing|able)?|buy|order|register|rsvp|pay|available|sold|sales?|shop|"
    r"reserve)\s(?:only\s)?online\b|(?<=[\d€£$])\s?online\b|(?<=euros)\sonline\b"
)
_ASIDES: Final = (
    _EARLIER_FIRST,
    _EARLIER,
    _PUBLICATION,
    _PART_OF_PRICE,
    _GOODS_PRICED,
    _NEAR,
    _ORIGIN,
    _PREPARATION,
    _SERVICE,
    _TIME_LIMIT,
    _SEVERAL_TIMES,
    _OFFER,
    _SOLD_ONLINE,
)


@cache
def _dated_asides() -> tuple[re.Pattern[str], ...]:
    month, weekday = alternatives(months()), alternatives(weekdays())
    day = (
        rf"(?:the\s)?(?:(?:{weekday})\b,?\s?)?(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s(?:of\s)?(?:{month})\b|"
        rf"(?:{month})\s\d{{1,2}}(?:st|nd|rd|th)?\b|\d{{1,2}}(?:st|nd|rd|th)\b|"
        rf"\d{{1,2}}[/.]\d{{1,2}}\b|(?<=\s)(?:{weekday})\b|(?<=\s)tomorrow\b)"
    )
    deadline = re.compile(
        r"\b(?:rsvp|apply|applications?|register|registrations?|sign up|submissions?|submit|"
        r"entries|deadline|reply|orders?|bookings?)\b[a-z ]{0,20}?\s"
        rf"(?:by|until|till|before|close[sd]?|ends?|due|is)\s(?:on\s)?(?:{day}|{_TIME})"
    )
    sale = re.compile(
        r"\b(?:on sale|sales? (?:starts?|opens?|ends?)|discount|\d\s?% off|voting|offer|valid)\s"
        rf"(?:(?:from|on|until|till|by)\s)?{day}"
        rf"|\b(?:sell|selling|sold)\b[^,.;\n]{{0,25}}?\s(?:from|on|until|till|by)\s{day}"
    )
    hours_of_week = re.compile(
        r"\bopening (?:hours|times)\b[^,.;\n]{0,80}"
        rf"(?:,\s(?:and\s)?(?:{weekday})\b[^,.;\n]{{0,40}})*"
    )
    recurrent = re.compile(
        rf"\b(?:every|each)\s(?:other\s|second\s|first\s|last\s)?(?:{weekday})s?\b"
        rf"(?:\s(?:in|of)\s(?:{month})\b)?"
    )
    of_a_month = re.compile(
        r"\b(?:first|second|third|fourth|last|1st|2nd|3rd|4th)\s(?:(?:"
        rf"{weekday})|week|weekend)\s(?:of|in)\s(?:the\s|every\s|each\s)?(?:\w+\s)?(?:month|{month})\b"
    )
    excluded = re.compile(
        r"\b(?:not|never|except|closed)\s(?:on\s|the\s)*"
        rf"(?:(?:{weekday})\b|\d{{1,2}}\s(?:{month})\b)"
    )
    several_days = re.compile(
        rf"\b(?:on\s)?(?:{weekday}|\d{{1,2}}(?:\s(?:{month}))?)\sor\s"
        rf"(?:(?:{weekday})\b|\d{{1,2}}\s(?:{month})\b)"
    )
    limit = re.compile(rf"(?<=early bird )until\s{day}|(?<=early birds )until\s{day}")
    uncertain = re.compile(rf"\b(?:maybe|perhaps|possibly)\s(?:on\s)?{day}")
    after_next = re.compile(rf"\b(?:(?:{weekday})|week|weekend)\safter\snext\b")
    return (
        deadline,
        sale,
        limit,
        hours_of_week,
        recurrent,
        of_a_month,
        excluded,
        several_days,
        uncertain,
        after_next,
    )


def read_asides(reading: Reading) -> None:
    for match in reading.find_all(_FORMER):
        reading.take(match.start(), match.start("what"))
        reading.take(match.end("what"), match.end())
    for pattern in (_FORMER_NUMBER, _REPLACED):
        for match in reading.find_all(pattern):
            reading.take(*match.span())
    for pattern in (*_ASIDES, *_dated_asides()):
        for match in reading.find_all(pattern):
            reading.set_aside(*match.span())
