"""JSON values: comparison, JSON Pointer (RFC 6901) and JSON Merge Patch (RFC 7396)."""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

# Any, not a recursive alias: pydantic resolves recursive aliases slowly, and every value has
# been checked at the boundary before it is handed on.
JsonObject: TypeAlias = dict[str, Any]

MAX_NUMBER: Final = 2**53 - 1
"""Integers beyond this are not the same in every JSON parser (RFC 8259, section 6)."""


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same, including their types.

    In Python, 1, 1.0 and true are equal. For a field they are different values.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            same_json(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return bool(one == other)


def pointer_to(path: Iterable[str | int]) -> str:
    """The pointer of a path; escapes ``~`` and ``/``.

    Characters that are not valid Unicode, or that Postgres cannot store, become U+FFFD: a pointer
    is returned and stored even if the key that it names is refused.
    """
    return "".join(f"/{_escaped(str(segment))}" for segment in path)


def is_at_or_below(pointer: str, ancestor: str) -> bool:
    return pointer == ancestor or pointer.startswith(f"{ancestor}/")


def merge(target: Any, patch: Any) -> Any:
    """``MergePatch(target, patch)`` of RFC 7396; changes neither of them.

    Parts that the patch does not touch are shared with ``target``, not copied.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
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
