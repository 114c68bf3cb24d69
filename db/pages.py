"""Pagination by cursor: the sort key of the last item of the previous page."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Generic, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, Field, TypeAdapter

from domain.errors import InvalidRequest

Item = TypeVar("Item")

MAX_REVISION: Final = 2**63 - 1

_ByTime: Final[TypeAdapter[tuple[datetime, UUID]]] = TypeAdapter(tuple[AwareDatetime, UUID])
_Revision = Annotated[int, Field(ge=0, le=MAX_REVISION)]
_ByAction: Final[TypeAdapter[tuple[int, int] | tuple[int]]] = TypeAdapter(
    tuple[_Revision, _Revision] | tuple[_Revision]
)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """``next_cursor`` is opaque; None on the last page."""

    items: list[Item]
    next_cursor: str | None


def page_of(items: list[Item], limit: int, key: Callable[[Item], tuple[object, ...]]) -> Page[Item]:
    """The first ``limit`` of the items. The caller fetches one more, to know if a page follows."""
    shown = items[:limit]
    more = len(items) > limit
    return Page(shown, _encode(key(shown[-1])) if more and shown else None)


def after_time(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    """The sort key after which a list by time and id continues; a pair of None for the first page.

    Raises:
        InvalidRequest: the text is not a cursor of such a list.
    """
    if cursor is None:
        return None, None
    try:
        at, last_id = _ByTime.validate_json(_decode(cursor))
        return at.astimezone(UTC), last_id
    except (ValueError, OverflowError) as error:
        raise _bad_cursor() from error


def before_action(cursor: str | None) -> tuple[int, int]:
    """The revision and the part before which the audit trail continues, newest first.

    Raises:
        InvalidRequest: the text is not a cursor of such a list.
    """
    if cursor is None:
        return MAX_REVISION, 0
    try:
        revision, *part = _ByAction.validate_json(_decode(cursor))
        return revision, part[0] if part else 0  # an API of the earlier release names no part
    except ValueError as error:
        raise _bad_cursor() from error


def _encode(key: tuple[object, ...]) -> str:
    return urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def _decode(cursor: str) -> bytes:
    padding = "=" * (-len(cursor) % 4)
    return b64decode(cursor + padding, altchars=b"-_", validate=True)


def _bad_cursor() -> InvalidRequest:
    return InvalidRequest("The cursor is not valid. Omit it to start from the first page.")
