"""JSON pointers, RFC 6901."""

from collections.abc import Iterable


def pointer_to(path: Iterable[str | int]) -> str:
    """The pointer of a path; escapes ``~`` and ``/``.

    Characters that are no valid Unicode text, or that Postgres cannot store, are shown as
    U+FFFD: a pointer is shown and stored even where the key it names is refused.
    """
    return "".join(f"/{_escaped(str(segment))}" for segment in path)


def is_at_or_below(pointer: str, ancestor: str) -> bool:
    return pointer == ancestor or pointer.startswith(f"{ancestor}/")


def _escaped(segment: str) -> str:
    escaped = segment.replace("~", "~0").replace("/", "~1").replace("\0", "\ufffd")
    if escaped.isascii():
        return escaped
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in escaped)
