"""The choice of a language by ``Accept-Language`` (RFC 9110, section 12.5.4), by the lookup of
RFC 4647, section 3.4."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "und"
"""The tag of a language that is not known (RFC 5646, section 4.1)."""

MAX_RANGES: Final = 100
"""Further elements of a header are ignored."""

_ANY: Final = "*"
_ELEMENT: Final = re.compile(
    r"([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:[ \t]*;[ \t]*q=([01](?:\.[0-9]{0,3})?))?", re.IGNORECASE
)


@dataclass(frozen=True)
class LanguageRange:
    text: str
    """In lower case; ``*`` is any language."""
    quality: float
    """From 0, not acceptable, to 1."""

    def includes(self, tag: str) -> bool:
        return self.text == _ANY or f"{tag.lower()}-".startswith(f"{self.text}-")

    def find(self, tags: Sequence[str]) -> str | None:
        """The tag that is equal to the range, or to the longest of its beginnings: ``de-CH-1996``
        finds ``de-CH``, else ``de``. ``*`` finds the first one."""
        if self.text == _ANY:
            return next(iter(tags), None)
        by_text = {tag.lower(): tag for tag in tags}
        return next((by_text[text] for text in self._beginnings() if text in by_text), None)

    def _beginnings(self) -> Iterator[str]:
        """The range and its beginnings, which never end with a single letter or digit."""
        subtags = self.text.split("-")
        while subtags:
            yield "-".join(subtags)
            subtags.pop()
            while subtags and len(subtags[-1]) == 1:
                subtags.pop()


def accepted_ranges(header: str) -> list[LanguageRange]:
    """The ranges of ``Accept-Language``, preferred ones first. Malformed elements are ignored."""
    elements = header.split(",", MAX_RANGES)[:MAX_RANGES]
    ranges = [
        LanguageRange(match[1].lower(), min(1.0, float(match[2] or 1)))
        for element in elements
        if (match := _ELEMENT.fullmatch(element.strip(" \t")))
    ]
    return sorted(ranges, key=lambda accepted: -accepted.quality)


def preferred_language(header: str, available: Sequence[str]) -> str | None:
    """The available language that the client prefers.

    If no range finds a language, one that begins with a range is chosen: ``pt`` finds ``pt-BR``.

    Args:
        header: the value of ``Accept-Language``.
        available: tags, the default first.

    Returns:
        One of the tags; None if the client accepts none, or has no preference.
    """
    ranges = accepted_ranges(header)
    tags = [tag for tag in available if _is_acceptable(tag, ranges)]
    wanted = [accepted for accepted in ranges if accepted.quality > 0]
    found = [accepted.find(tags) for accepted in wanted]
    found += [tag for accepted in wanted for tag in tags if accepted.includes(tag)]
    return next((tag for tag in found if tag is not None), None)


def _is_acceptable(tag: str, ranges: Sequence[LanguageRange]) -> bool:
    """Whether the longest range that includes the tag is not refused by ``q=0``."""
    including = [accepted for accepted in ranges if accepted.includes(tag)]
    closest = max(including, key=lambda accepted: len(accepted.text), default=None)
    return closest is None or closest.quality > 0
