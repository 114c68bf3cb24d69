"""Patterns of times of day, whose groups :mod:`copilot.understanding.clock` reads.

The groups of a time end with its number: ``h1`` and ``b1`` are the hour of the first time with and
without a mark, ``n1`` is a word such as "noon", ``past1`` is "half past", ``half1`` is "a" or "p",
and the others are minutes.
"""

import re
from typing import Final

from copilot.understanding.vocabulary import NOT_GERMAN_AM, NUMBER_WORDS

_PART: Final = (
    r"(?:in the |at |am |du |de la |da |tonight|this )?"
    r"(?P<{0}>evening|night|afternoon|morning|abends?|nachts|nachmittags?|morgens|vormittags?|soir|"
    r"matin|(?<=am )morgen|apres-midi|tarde|noche|noite|manha|manana|tonight)"
)
# A time: "7 pm", "7:30pm", "19.30 Uhr", "20h30", "noon". A number alone needs a word before it.
_CLEAR: Final = (
    r"(?:(?P<h{0}>\d{{1,2}})(?:(?:[:.](?P<m{0}>\d{{2}}))?\s?(?P<half{0}>p|"
    + NOT_GERMAN_AM
    + r"a)\.?m\b\.?|"
    r":(?P<c{0}>\d{{2}})(?!\d)(?:\s?(?:uhr|h|o'?clock)\b)?|[.](?P<d{0}>\d{{2}})\s?(?:uhr|h)\b|"
    r"\s?h\s?(?P<f{0}>\d{{2}})\b|\s?(?:uhr|h|o'?clock)\b(?:\s?(?P<u{0}>[0-5]\d)\b(?!\s?(?:people|"
    r"personen|eur)))?)|\b(?P<n{0}>noon|midday|midnight|mittag|mitternacht|midi|minuit|mediodia|"
    r"medianoche|meio-dia|meia-noite)\b)"
)
_HOUR_WORDS: Final = "|".join(
    word
    for word, number in NUMBER_WORDS.items()
    if number <= 12 and len(word) > 1  # noqa: PLR2004
)
_BARE: Final = (
    r"(?:(?P<past{0}>half past|quarter past|quarter to|halb|viertel nach|viertel vor)\s)?"
    r"(?P<b{0}>\d{{1,2}}(?=\.\d)|\d{{1,2}}(?!\d|[.,:/]\d|[/%+]|\s?(?:st|nd|rd|th)\b)|"
    rf"(?:{_HOUR_WORDS})\b(?!\s\w+s\b))"
    r"(?:\.(?P<e{0}>00|15|30|45)(?!\d|[.,:/]\d|[/%+])|(?!\.\d))"
)
_NOT_A_COUNT: Final = (
    r"(?!\s{0,2}(?:euros?|eur|dollars?|pounds?|people|ppl|guests?|days?|weeks?|hours?|years?|months?|"
    r"metres?|tickets?|"
    r"seats?|persons?|pax|of|each|€|\$|£|usd|gbp|personen|personas|pessoas|personnes|min))"
)
# A number before another word counts something: "show 20 looks".
_ENDS_THERE: Final = (
    r"(?=\s{0,2}(?:$|[^\w\s]|\x00|(?:on|in|at|and|with|und|mit|im|bei|sharp|doors|tonight|tomorrow|this|next|"
    r"until|till|for|show|start|starts|ends|am|um|le|der|du|de|morgens|abends|evening|night|"
    r"morning|afternoon|a|o'?clock)\b))"
)
_TO: Final = (
    r"\s{0,2}(?:-|–|—|to|until|till|til|bis|a|as|ate(?: as)?|hasta(?: las)?|jusqu'a)\s{0,2}"
)
# Two numbers that are a clause of their own are times of an unknown half, or have minutes.
_ALONE: Final = r"(?:(?P<b{0}>0?[1-9]|1[0-2])|(?P<h{0}>\d{{1,2}})\.(?P<m{0}>00|15|30|45))"
_AT: Final = r"(?:at|@|um|gegen|a las?|as|a|around|from|ab|:|von|de|open|daily)?\s{0,2}"
TIME_OF_PART: Final = re.compile(rf"(?<!\w){_BARE.format(1)},?\s?\b{_PART.format('part')}\b")
_DOORS: Final = (
    r"doors?(?:\s+(?:should\s|will\s)?(?:open(?:ing)?|are))?|(?:einlass|turen)(?: ist| offnen)?|"
    r"ouverture des portes|puertas|portas|portes"
)
_END: Final = (
    r"(?:goes on |lasts )?until|till|til|(?:done|over|finished) by|ends?|ending|finish(?:es)?|"
    r"closes|endet|(?:ende|schluss)(?: ist)?|bis|jusqu'a|hasta|ate"
)
_START: Final = (
    r"(?:show |event |party )?(?:starts?|begins?|starting|beginning|beginnt?|startet|start)|"
    r"los geht['’]?s|show|debut|inicio|(?:start|time|begin)(?: is)?(?: moved)?(?: to)?"
)
_CHANGED: Final = (
    r"(?:\s(?:time|open|is|are|ist|sind|now|jetzt|should|will|be|moved?|moves|to|auf|von)){0,4}"
)
"""Words between what changes and its time, as in "the doors should open at"."""
_OF_EVENT: Final = rf"\b(?:(?P<doors>{_DOORS})|(?P<end>{_END})|(?P<start>{_START}))\b{_CHANGED}"
_ROLE: Final = rf"(?:{_OF_EVENT}[\s:]{{0,2}})?"

# The half of the day of a range, before or after it.
_PART_BEFORE: Final = rf"(?:\b{_PART.format('before')},?\s)?"
_PART_AFTER: Final = rf"(?:,?\s?\b{_PART.format('part')}\b)?"
_DAILY: Final = r"(?:open(?: daily)?|daily|taglich|every day|each day|jeden tag|geoffnet)"
RANGES: Final = (
    re.compile(
        rf"\bbetween\s{{1,2}}(?:{_CLEAR.format(1)}|{_BARE.format(1)})\sand\s{_CLEAR.format(2)}"
    ),
    re.compile(rf"\b{_AT}\b(?:{_CLEAR.format(1)}|{_BARE.format(1)}){_TO}{_CLEAR.format(2)}"),
    re.compile(
        rf"\b{_AT}\b{_CLEAR.format(1)}\s{{0,2}}(?:-|–|—|to|until|till|til|bis)\s{{0,2}}"
        rf"{_BARE.format(2)}{_NOT_A_COUNT}"
    ),
    re.compile(
        rf"{_PART_BEFORE}\b(?:(?:{_DAILY}|runs|(?:opening )?hours|offnungszeiten),?:?\s{{1,2}}"
        r"(?:(?:from|von)\s{1,2})?|(?:from|von|between)\s{1,2})"
        rf"{_BARE.format(1)}(?:{_TO}|\sand\s){_BARE.format(2)}{_NOT_A_COUNT}{_PART_AFTER}"
    ),
    re.compile(
        rf"(?:^|(?<=[,;.(\n\x00]))\s?{_ALONE.format(1)}\s?(?:-|–|to|till?|bis)\s?"
        rf"{_ALONE.format(2)}{_PART_AFTER}(?=\s?(?:$|[,;.)!\n\x00]|{_DAILY}\b))"
    ),
)
TIME: Final = re.compile(
    rf"{_ROLE}{_AT}(?<!\d)(?:{_CLEAR.format(1)})(?:,?\s?\b{_PART.format('part')}\b)?"
)
BARE_TIME: Final = re.compile(
    rf"(?:{_OF_EVENT}:?\s{{1,2}}"
    r"(?:(?:at|um|ab|gegen)\s{1,2})?"
    rf"|(?:\b(?:at|um|a las|from(?!\s\d+\.))\s{{1,2}}|@\s{{0,2}}))"
    rf"{_BARE.format(1)}{_NOT_A_COUNT}{_ENDS_THERE}(?:,?\s?\b{_PART.format('part')}\b)?"
)
DURATION: Final = re.compile(rf"\bfor\s+(\d{{1,2}}|{'|'.join(NUMBER_WORDS)}|an)\s+hours?\b")
DOORS_BEFORE: Final = re.compile(
    r"\bdoors?(?:\s+(?:open|are open))?:?\s+(\d{1,3}|an|one|two|half an)\s(minutes?|mins?|hours?)\s"
    r"(?:before|earlier|prior)\b(?: the (?:show|start|event))?"
)
LATE_WORDS: Final = re.compile(r"\b(?:tonight|evening|night|abend|soir|noche|noite|afternoon)\b")
EARLY_WORDS: Final = re.compile(r"\bmorning\b|\bbreakfast\b")
NIGHTLIFE: Final = re.compile(
    r"\b(?:(?:after|opening|closing|release)?part(?:y|ies)|club\w*|rave|dj|disco|concert|gig|dinner|"
    r"konzert|nachtclub|tanz\w*)\b|party\b"
)
"""Events that may begin late in the evening and end in the early morning."""
