"""Phone numbers in the international form E.164, by the tables of ``phonenumbers``.

A number is judged by its country and its length. The ranges of assigned numbers change with every
release of the tables, so a number outside them may still be one.
"""

import re
from functools import lru_cache
from typing import Final

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    parse,
)

from domain.values.text import plain

# Digits, spaces, brackets, dots, slashes and dashes. Letters would be an extension, which E.164
# cannot express, or words around the number.
_TYPED: Final = re.compile(r"(?:tel:)?\s*\+[\d\s()./\-\u2012-\u2015\u2212]{5,60}", re.IGNORECASE)


def e164(text: str) -> str | None:
    """The number that is meant, if there is one: ``+44 (0)20 7183 8750`` is ``+442071838750``.

    A number without its country code has no single meaning.
    """
    typed = plain(text)
    if not _TYPED.fullmatch(typed):
        return None
    number = _formatted(typed)
    return number if number and _formatted(number) == number else None


@lru_cache(maxsize=1024)  # a number is judged at each save of its section
def _formatted(text: str) -> str | None:
    try:
        number = parse(text, None)
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else None
