"""Slugs: the last part of an event's URL."""

import re
from typing import Final
from unicodedata import category

from anyascii import anyascii

SLUG_MIN_LENGTH: Final = 3
SLUG_MAX_LENGTH: Final = 50

_SLUG: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_NOT_IN_SLUGS: Final = re.compile(r"[^a-z0-9]+")
_WRITTEN: Final = frozenset("LMN")
"""The Unicode categories of letters, marks and numbers. Symbols such as emoji have names in ASCII,
which say little in a URL."""


def is_slug(text: str) -> bool:
    """Whether a text has only letters a to z, digits and hyphens, with no hyphen at its ends."""
    return _SLUG.fullmatch(text) is not None


def derived_slug(title: str, session_id: str) -> str:
    """A slug made from a title in any script: ``Łódź, été!`` becomes ``lodz-ete``.

    If fewer than three characters remain, as for a title of emoji, it is made from the session's
    id.
    """
    slug = _slugified(title)[:SLUG_MAX_LENGTH].strip("-")
    if len(slug) >= SLUG_MIN_LENGTH:
        return slug
    return f"event-{_slugified(session_id).replace('-', '')[:8]}".rstrip("-")


def _slugified(text: str) -> str:
    written = "".join(char if category(char)[0] in _WRITTEN else "-" for char in text)
    return _NOT_IN_SLUGS.sub("-", anyascii(written).lower()).strip("-")
