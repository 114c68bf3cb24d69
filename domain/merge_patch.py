"""JSON Merge Patch, RFC 7396: null removes a field, an object is merged, anything else replaces."""

from typing import Any


def merge(target: Any, patch: Any) -> Any:
    """What RFC 7396 calls ``MergePatch(target, patch)``; changes neither of them.

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
