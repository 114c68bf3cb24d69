"""JSON values: comparison, JSON Pointer (RFC 6901) and JSON Merge Patch (RFC 7396).

Functions that walk through values use ``match``: the workflow sandbox replaces ``isinstance``, and
makes each call of it twenty times as slow.
"""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

# Any, not a recursive alias: pydantic resolves recursive aliases slowly, and values are checked
# when they enter the system.
JsonObject: TypeAlias = dict[str, Any]

MAX_NUMBER: Final = 2**53 - 1
"""JSON parsers may round integers beyond this (RFC 8259, section 6)."""


def same_json(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal, including their types: in Python, 1, 1.0 and true are
    equal, but for a field they are different values. Parts that both share are not searched."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    match left:
        case dict():
            return left.keys() == right.keys() and all(
                same_json(value, right[key]) for key, value in left.items()
            )
        case list():
            return len(left) == len(right) and all(map(same_json, left, right))
        case _:
            return bool(left == right)


def whole(value: Any) -> Any:
    """A whole number as an integer, because 1000.0 and 1000 are the same number in JSON; any other
    value unchanged."""
    is_whole = isinstance(value, float) and abs(value) <= MAX_NUMBER and value.is_integer()
    return int(value) if is_whole else value


def pointer_to(path: Iterable[str | int]) -> str:
    """The JSON Pointer of a path, with ``~`` and ``/`` escaped.

    Characters that are not valid Unicode, or that Postgres cannot store, become U+FFFD, because the
    pointer to a refused key is still returned to the client and stored.
    """
    return "".join(f"/{_escaped(str(segment))}" for segment in path)


def is_at_or_below(pointer: str, ancestor: str) -> bool:
    return pointer == ancestor or pointer.startswith(f"{ancestor}/")


def merge(target: Any, patch: Any) -> Any:
    """``MergePatch(target, patch)`` of RFC 7396. Changes neither argument.

    Unchanged parts are shared with ``target``, not copied.
    """
    match patch, target:
        case dict(), dict():
            merged = dict(target)
        case dict(), _:
            merged = {}
        case _:
            return patch
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def _escaped(segment: str) -> str:
    escaped = segment.replace("~", "~0").replace("/", "~1").replace("\0", "\ufffd")
    if escaped.isascii():
        return escaped
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in escaped)
