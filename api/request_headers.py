"""Request headers whose value may be on several lines (RFC 9110, section 5.3), and ``Prefer``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from pydantic import WithJsonSchema

Lines: TypeAlias = Annotated[list[str], WithJsonSchema({"type": "string"})] | None
"""The values of a header, one for each line of it; None if the request does not have it."""

DEFAULT_WAIT_SECONDS: Final = 10.0
MAX_WAIT_SECONDS: Final = 30.0

_MEMBER: Final = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+')
"""Of a list. A quoted string may contain commas; one without its closing quote ends with the
header, so that no text is searched twice."""

_WORD: Final = r"[!#$%&'*+.^_`|~0-9a-z-]+"
_PREFERENCE: Final = re.compile(rf'({_WORD})(?:[ \t]*=[ \t]*("?)({_WORD})?\2)?[ \t]*(?:;.*)?')
_SECONDS: Final = re.compile("[0-9]+")


def combined(lines: Sequence[str] | None) -> str | None:
    """The value of a header that has one: a proxy may join its lines in the same way."""
    return None if lines is None else ", ".join(lines)


@dataclass(frozen=True)
class Preferences:
    """What a request prefers (RFC 7240)."""

    values: Mapping[str, str]
    """By preference, both in lower case; empty for a preference without a value."""

    @classmethod
    def of(cls, prefer: Sequence[str] | None) -> "Preferences":
        """Members that are malformed are ignored, and so is a preference that was named before."""
        values: dict[str, str] = {}
        for member in _MEMBER.findall(combined(prefer) or ""):
            preference = _PREFERENCE.fullmatch(member.strip().lower())
            if preference:
                values.setdefault(preference[1], preference[3] or "")
        return cls(values)

    @property
    def is_async(self) -> bool:
        return self.values.get("respond-async") == ""

    @property
    def is_minimal(self) -> bool:
        return self.values.get("return") == "minimal"

    @property
    def wait_seconds(self) -> float:
        wait = self.values.get("wait", "")
        is_number = _SECONDS.fullmatch(wait)
        return min(float(wait), MAX_WAIT_SECONDS) if is_number else DEFAULT_WAIT_SECONDS
