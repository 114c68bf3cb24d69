"""Ids of sessions and events, as clients write them and as they are stored."""

import re
from typing import Final
from uuid import UUID

from domain.errors import SessionNotFound

_CANONICAL_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def canonical_id(text: str) -> str | None:
    """A UUID as it is stored; None where the text is none."""
    if _CANONICAL_ID.fullmatch(text):  # as nearly always, and faster
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return None


def canonical_session_id(text: str) -> str:
    """
    Raises:
        SessionNotFound: the text is no UUID, so no session has it.
    """
    known = canonical_id(text)
    if known is None:
        raise SessionNotFound
    return known
