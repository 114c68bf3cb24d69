"""Patterns of dates, whose groups :mod:`copilot.understanding.dates` reads.

``d1`` and ``d2`` are the first and the last day, ``mo1`` and ``mo`` their months, ``y1`` and ``y``
their years, and ``w1`` and ``w2`` weekdays.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from copilot.understanding.vocabulary import GERMAN_AM, NUMBER_WORDS, alternatives, months, weekdays

_DAY: Final = r"(?P<d{0}>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?"
_YEAR: Final = r"(?:,?\s{1,2}(?:de\s|del\s)?(?P<y>20\d{2})\b)?"
_FIRST_YEAR: Final = r"(?:,?\s{1,2}(?P<y1>20\d{2})\b)?"
_TO: Final = (
    r"\s{0,2}(?:-|–|—|to|until|till|til|bis|au|al|a|ao|ate|and|und|et|y|e|&)\s{0,2}(?:the\s|"
    r"el\s|o\s|zum\s)?"
)
_BEFORE: Final = (
    rf"(?:\b(?:on|from|{GERMAN_AM}|vom|von|du|le|el|em|no|na|dia|the)\s)?(?:the\s|dia\s)?"
)
_OF: Final = r"\s?(?:of\s|de\s|do\s)?"


@dataclass(frozen=True)
class DatePatterns:
    """Patterns that need the names of months and weekdays."""

    day_range: re.Pattern[str]
    two_months: re.Pattern[str]
    to_ordinal: re.Pattern[str]
    month_range: re.Pattern[str]
    day_month: re.Pattern[str]
    month_day: re.Pattern[str]
    weekday_range: re.Pattern[str]
    weekday: re.Pattern[str]
    weekday_before: re.Pattern[str]
    weekday_after: re.Pattern[str]
    month_of_day: re.Pattern[str]
    """The month after the number of a day."""


@cache
def patterns() -> DatePatterns:
    month, day = alternatives(months()), alternatives(weekdays())
    weekday = rf"(?:{day})(?:-feira)?"
    optional = rf"(?:\b{weekday}\b\.?,?\s{{0,2}})?"
    first, last = _DAY.format(1), _DAY.format(2)
    return DatePatterns(
        re.compile(
            rf"{_BEFORE}{optional}\b{first}{_TO}{optional}{last}{_OF}(?P<mo>{month})\b\.?{_YEAR}"
        ),
        re.compile(
            rf"{_BEFORE}{optional}\b{first}{_OF}(?P<mo1>{month})\b\.?{_FIRST_YEAR}{_TO}{optional}"
            rf"{last}{_OF}(?P<mo>{month})\b\.?{_YEAR}"
        ),
        re.compile(
            rf"{_BEFORE}{optional}\b{first}{_OF}(?P<mo1>{month})\b\.?{_TO}{optional}"
            rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th)\b{_YEAR}"
        ),
        re.compile(
            rf"{_BEFORE}(?<!\d\s)(?<!\d\.\s)(?<!th\s)(?<!of\s)"
            rf"\b(?P<mo1>{month})\b\.?\s(?:the\s)?{first}{_FIRST_YEAR}{_TO}"
            rf"(?:(?P<mo>{month})\s)?{last}\b"
            rf"(?![:])(?!\s?[ap]\.?m)(?!\s?(?:h|uhr)\b){_YEAR}"
        ),
        re.compile(rf"{_BEFORE}\b{first}{_OF}(?P<mo>{month})\b\.?{_YEAR}"),
        re.compile(
            rf"{_BEFORE}\b(?P<mo>{month})\b\.?\s(?:the\s)?{first}(?!\d|:\d|\s?[ap]\.?m\b){_YEAR}"
        ),
        re.compile(rf"{_BEFORE}\b(?P<w1>{weekday})\b{_TO}(?P<w2>{weekday})\b"),
        re.compile(
            rf"{_BEFORE}(?:\b(?P<which>next week|next|this coming|this|coming|kommenden|"
            rf"nachsten)\s)?"
            rf"\b(?P<w1>{weekday})\b(?P<after>\s(?:prochain|que viene|que vem|next week|week)\b)?"
        ),
        re.compile(rf"\b(?P<w1>{weekday})\b\.?,?\s{{0,2}}(?:the\s|den\s|dem\s|le\s|el\s)?\Z"),
        re.compile(rf"\A,?\s{{0,2}}\(?\b(?P<w1>{weekday})\b\)?"),
        re.compile(rf"(?:st|nd|rd|th|\.)?{_OF}(?:{month})\b"),
    )


LAST_DAY: Final = re.compile(
    r"\b(?:(?:last|final) day|end date|ends|ending|finish(?:es)?|closes|letzte[rn]? tag|enddatum|"
    r"endet)(?:\s(?:is|now|moved|to|on|ist|auf|am|der|den|the)){0,3}:?\s{0,2}\Z"
)
"""Words before a date that is not the first day of the event."""
TO_ANOTHER_DAY: Final = re.compile(
    r"(?:\s(?:to|until|till|til|through|bis(?:\szum)?)\s|\s?[-–—]\s?)(?=[^;\n]{0,40}\d)"
)
ISO: Final = re.compile(r"(?:\bon\s)?\b(20\d\d)([-/.])(\d\d)\2(\d\d)\b")
ISO_TO: Final = re.compile(r"\A\s{0,2}(?:-|–|to|until|bis)\s{0,2}(20\d\d)-(\d\d)-(\d\d)\b")
DOTS: Final = re.compile(r"(?:\b(?:am|on)\s)?\b(\d{1,2})\.(\d{1,2})\.(20\d\d|\d\d)?(?!\d)")
SLASHES: Final = re.compile(r"(?:\bon\s)?(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(20\d\d|\d\d))?(?![\d/])")
ORDINAL: Final = re.compile(
    r"(?:(?:\bon\s)?(?:\bthe\s)?\b(?P<d1>\d{1,2})(?:st|nd|rd|th)\b"
    r"(?:\sof\s(?P<month>next|this)\smonth\b)?|\b(?:am|den|der|zum)\s(?P<d2>\d{1,2})\.)"
    # a word after it is what is counted: "3rd floor"
    r"(?=\s?(?:$|[^\w\s]|\x00|\d|(?:at|from|in|on|and|to|until|till|with|for|we|doors|show|"
    r"starting|tickets)\b))"
)
WEEKEND: Final = re.compile(r"\b(this|next|the|coming)\sweekend\b|\bam wochenende\b")
IN: Final = re.compile(
    rf"\bin\s(?:about\s)?(\d{{1,3}}|{'|'.join(NUMBER_WORDS)})\s"
    r"(day|week|fortnight|tag|woche)(?:s|e?n)?(?:'?\stime)?\b"
)
RELATIVE: Final = (
    (2, re.compile(r"\b(?:the\s)?day after tomorrow\b|\bubermorgen\b|\bapres-demain\b"
                   r"|\bpasado manana\b")),
    (1, re.compile(r"\b(?:tomorrow|tmrw|tmr|tmw|demain|amanha)\b|(?<!am )(?<!guten )\bmorgen\b"
                   r"|(?<!la )(?<!de )\bmanana\b")),
    (0, re.compile(r"\b(?:today|tonight|heute|aujourd'hui|hoy|hoje)\b")),
)  # fmt: skip
