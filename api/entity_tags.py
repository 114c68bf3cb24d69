"""Entity tags and conditional requests (RFC 9110, sections 8.8.3 and 13.1).

The tag of a session is its revision, as a strong validator: ``"3"``.
"""

import re
from collections.abc import Sequence
from typing import Final

from api.errors import header_error
from domain.errors import ErrorCode, InvalidRequest

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_ANY: Final = "*"

_REVISION: Final = re.compile(r'"(0|[1-9][0-9]{0,17})"')
_WEAK_REVISION: Final = re.compile(r'(?:W/)?"(0|[1-9][0-9]{0,17})"')

_HEADER: Final = "If-Match"


def etag(revision: int) -> str:
    return f'"{revision}"'


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


def matched_revisions(if_none_match: str | None) -> frozenset[int]:
    """The revisions that the client has, by weak comparison. Foreign tags are ignored."""
    return frozenset(int(tag) for tag in _WEAK_REVISION.findall(if_none_match or ""))
