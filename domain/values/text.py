"""Text as people see it: characters that are drawn, edges, direction, and comparison.

Invisible are the characters that Unicode lists as default-ignorable, and the blank Braille pattern.
Control characters count as visible: they are refused as errors, not removed.
"""

import re
from functools import lru_cache
from typing import Final
from unicodedata import bidirectional, combining, is_normalized, normalize

_BIDI: Final = "\u202a-\u202e\u2066-\u2069"
"""Characters that begin or end an embedding, an override or an isolate."""
_SELECTORS: Final = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
"""Variation selectors, and the tags of flags: they choose the form of the character before them."""
_JOINERS: Final = "\u200c\u200d"
_OTHERS: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
_INVISIBLE: Final = re.compile(f"[{_BIDI}{_SELECTORS}{_JOINERS}{_OTHERS}]+")
_VISIBLE: Final = re.compile(rf"[^\s{_BIDI}{_SELECTORS}{_JOINERS}{_OTHERS}]")
_REMOVED_AT_ENDS: Final = re.compile(rf"[\s{_SELECTORS}{_JOINERS}{_OTHERS}]")
_KEPT_SELECTORS: Final = re.compile(f"[{_SELECTORS}]+")
_KEPT_JOINER: Final = re.compile(f"[{_JOINERS}]")

_HYPHEN: Final = "\u2010"
"""Looks like the hyphen of the keyboard. The non-breaking hyphen is a form of it."""

_NAME_LENGTH: Final = 200

_VIRAMA: Final = 9
"""The combining class of the marks that join two consonants in the scripts of South Asia."""

_EMBEDDINGS: Final = "\u202a\u202b\u202d\u202e"
_ISOLATES: Final = "\u2066\u2067\u2068"
_POP_EMBEDDING: Final = "\u202c"
_POP_ISOLATE: Final = "\u2069"


def composed(text: str) -> str:
    """In Unicode's composed form (NFC)."""
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def trimmed(text: str) -> str:
    """Without white space and invisible characters at both ends; empty if nothing is visible.

    An invisible character at the end stays if it changes how the character before it is drawn.
    Bidirectional controls stay, because without its end an embedding affects the text after it.
    """
    if text.isascii():
        return text.strip()
    if not _VISIBLE.search(text):
        return ""
    start, end = 0, len(text)
    while _REMOVED_AT_ENDS.match(text, start):
        start += 1
    while _REMOVED_AT_ENDS.match(text, end - 1):
        end -= 1
    return text[start : _kept_end(text, end)]


def without_invisible(text: str) -> str:
    return text if text.isascii() else _INVISIBLE.sub("", text)


def plain(text: str) -> str:
    """In compatible forms (NFKC), without invisible characters: letters, digits and punctuation in
    full width are the usual ones, and so are spaces and hyphens at which no line may break."""
    if text.isascii():
        return text
    compatible = normalize("NFKC", without_invisible(normalize("NFKC", text)))
    return compatible.replace(_HYPHEN, "-")


def has_invisible(text: str, *, except_joiners: bool = False) -> bool:
    found = _INVISIBLE.findall(text)
    allowed = _JOINERS if except_joiners else ""
    return any(char not in allowed for run in found for char in run)


def closes_its_directions(text: str) -> bool:
    """Whether every embedding, override and isolate ends within the text (UAX #9, X1 to X8)."""
    if text.isascii():
        return True
    opened: list[str] = []
    for char in text:
        if char in _EMBEDDINGS:
            opened.append(_POP_EMBEDDING)
        elif char in _ISOLATES:
            opened.append(_POP_ISOLATE)
        elif char == _POP_EMBEDDING and opened and opened[-1] == char:
            opened.pop()
        elif char == _POP_ISOLATE and char in opened:
            while opened.pop() != char:
                pass
    return not opened


def as_seen(text: str) -> str:
    """A key that two texts share if people read them as the same.

    Compatible forms (NFKC), letter case with the dotless i, invisible characters, the width of
    white space and the kind of hyphen do not count.
    """
    return _name_as_seen(text) if len(text) <= _NAME_LENGTH else _as_seen(text)


def _as_seen(text: str) -> str:
    if not text.isascii():
        folded = plain(text).casefold().replace("i\u0307", "i").replace("\u0131", "i")
        text = normalize("NFKC", folded)
    return " ".join(text.casefold().split())


_name_as_seen = lru_cache(maxsize=4096)(_as_seen)
"""The names of a session are compared at each assessment. Drafts may have longer ones, which would
fill the memory."""


def unique_as_seen(texts: list[str]) -> list[str]:
    """The texts without those that are read as an earlier one."""
    return list({as_seen(text): text for text in reversed(texts)}.values())[::-1]


def _kept_end(text: str, end: int) -> int:
    """The end of the text without the white space and invisible characters from ``end`` on."""
    if selectors := _KEPT_SELECTORS.match(text, end):
        return selectors.end()
    last = text[end - 1]
    if _KEPT_JOINER.match(text, end) and (
        combining(last) == _VIRAMA or bidirectional(last) == "AL"
    ):
        return end + 1
    return end
