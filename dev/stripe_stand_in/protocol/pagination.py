"""Pages of a list: in v1 a cursor is an id, in v2 the URL of the next page."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from dev.stripe_stand_in.protocol import errors
from domain.json_values import JsonObject

_DEFAULT_LIMIT: Final = 10
_MAX_LIMIT: Final = 100


def page_v1(items: Sequence[JsonObject], arguments: JsonObject, url: str) -> JsonObject:
    """One page of v1: https://docs.stripe.com/api/pagination.

    Raises:
        ApiError: the limit is out of range, or the cursor is not in the list.
    """
    limit = _limit(arguments)
    if "ending_before" in arguments:
        before = items[: _position(items, arguments["ending_before"], "ending_before")]
        data, has_more = before[-limit:], len(before) > limit
    else:
        after = items
        if "starting_after" in arguments:
            after = items[_position(items, arguments["starting_after"], "starting_after") + 1 :]
        data, has_more = after[:limit], len(after) > limit
    return {"object": "list", "url": url, "has_more": has_more, "data": list(data)}


def page_v2(items: Sequence[JsonObject], arguments: JsonObject, url: str) -> JsonObject:
    """One page of v2; the argument ``page`` is its start."""
    limit, start = _limit(arguments), arguments.get("page", 0)
    end = start + limit
    following = f"{url}?{urlencode({'limit': limit, 'page': end})}" if end < len(items) else None
    return {"data": list(items[start:end]), "next_page_url": following, "previous_page_url": None}


def _limit(arguments: JsonObject) -> int:
    limit: int = arguments.get("limit", _DEFAULT_LIMIT)
    if not 1 <= limit <= _MAX_LIMIT:
        raise errors.invalid_integer(
            f"This value must be between 1 and {_MAX_LIMIT} (it currently is '{limit}').", "limit"
        )
    return limit


def _position(items: Sequence[JsonObject], name: str, param: str) -> int:
    for position, item in enumerate(items):
        if item["id"] == name:
            return position
    raise errors.missing_reference("object", name, param)
