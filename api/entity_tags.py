"""Entity tags and conditional requests (RFC 9110, sections 8.8.3 and 13.1).

The tag of a session is its revision, that of other content a hash of it. All are strong
validators: ``"3"``.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.errors import header_error
from domain.errors import ErrorCode, InvalidRequest

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_ANY: Final = "*"

_REVISION: Final = re.compile(r'"(0|[1-9][0-9]{0,17})"')

_HEADER: Final = "If-Match"


def revision_tag(revision: int) -> str:
    return f'"{revision}"'


def content_tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def expected_revisions(if_match: Sequence[str] | None) -> tuple[int, ...] | None:
    """The revisions of which one has to be the current one, in ascending order.

    Weak tags, and tags that no session has, match nothing: without any other tag the result is
    empty.

    Args:
        if_match: the values of the header, one for each line of it.

    Returns:
        None if any revision is accepted.

    Raises:
        InvalidRequest: not a list of entity tags.
    """
    if if_match is None:
        return None
    text = ",".join(if_match).strip()
    if text == _ANY:
        return None
    if not _LIST.fullmatch(text):
        error = header_error(_HEADER, ErrorCode.INVALID_FORMAT, format="entity_tags")
        raise InvalidRequest(error.message, errors=[error])
    strong = (_REVISION.fullmatch(tag) for tag in re.findall(_TAG, text))
    return tuple(sorted({int(match[1]) for match in strong if match}))


def refuse_condition(if_match: Sequence[str] | None) -> None:
    """For a change that is made later, at a revision that is not known yet.

    Raises:
        InvalidRequest: the request has an ``If-Match``.
    """
    if if_match is not None:
        error = header_error(_HEADER, ErrorCode.NOT_SUPPORTED)
        raise InvalidRequest(error.message, errors=[error])


@dataclass(frozen=True)
class KnownTags:
    """The content that a client has, as named by ``If-None-Match``."""

    tags: frozenset[str]
    """Without the mark of a weak tag."""
    is_any: bool = False
    """Whether any content counts as known."""

    @classmethod
    def of(cls, if_none_match: Sequence[str] | None) -> "KnownTags":
        """A header that is not a list of entity tags is ignored: the client gets the content.

        Args:
            if_none_match: the values of the header, one for each line of it.
        """
        text = ",".join(if_none_match or ()).strip()
        if text == _ANY:
            return cls(frozenset(), is_any=True)
        tags = re.findall(_TAG, text) if _LIST.fullmatch(text) else []
        return cls(frozenset(_without_weak_mark(tag) for tag in tags))

    def include(self, tag: str) -> bool:
        """By weak comparison, because proxies that compress a response weaken its tag."""
        return self.is_any or _without_weak_mark(tag) in self.tags


def _without_weak_mark(tag: str) -> str:
    return tag.removeprefix("W/")
