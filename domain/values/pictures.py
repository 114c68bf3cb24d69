"""Addresses of pictures: those that ``POST /v1/media`` stores, and those of other sites.

A stored picture is addressed by a path without a host, ``/media/{hash}-{width}.webp``, so that the
data of sessions and events stays valid if pictures are served from another place.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from domain.json_values import JsonObject
from domain.values.urls import is_https_url

PICTURE_PATH: Final = "/media/"

PICTURE_PATTERN: Final = "^(https://|/media/)"
"""Of every field that is the address of a picture."""

WIDTHS: Final = (480, 960, 1920)
"""In pixels. A picture is stored in these widths as far as it has them, and is never enlarged: the
widest file of a narrower picture has its own width."""

_NAME: Final = re.compile(r"([0-9a-f]{64})-([1-9][0-9]{0,3})\.webp")


def is_picture_url(text: str) -> bool:
    """Whether a text is the path of a stored picture, or an https URL."""
    return _stored(text) is not None or is_https_url(text)


def absolute_picture_url(url: str, media_url: str) -> str:
    """``media_url`` is the address of the server that serves ``/media``."""
    return f"{media_url}{url}" if url.startswith(PICTURE_PATH) else url


def with_absolute_pictures(data: JsonObject, media_url: str) -> JsonObject:
    """The data with absolute addresses in all fields ``url`` that have the path of a picture."""
    return dict(_absolute(name, value, media_url) for name, value in data.items())


def picture_variants(url: str) -> list[tuple[str, int]]:
    """The addresses of a stored picture in its widths, and the widths, the widest last.

    ``url`` may be absolute. Empty for a picture of another site.
    """
    base, found, path = url.rpartition(PICTURE_PATH)
    stored = _stored(found + path)
    if stored is None:
        return []
    content, widest = stored
    return [
        (f"{base}{PICTURE_PATH}{content}-{width}.webp", width) for width in widths_up_to(widest)
    ]


def widths_up_to(widest: int) -> list[int]:
    """The widths of all files of a picture, from the narrowest to the widest."""
    return [*(width for width in WIDTHS if width < widest), widest]


def _stored(path: str) -> tuple[str, int] | None:
    """The hash and the width."""
    if not path.startswith(PICTURE_PATH):
        return None
    name = _NAME.fullmatch(path.removeprefix(PICTURE_PATH))
    return (name[1], int(name[2])) if name else None


def _absolute(name: str, value: Any, media_url: str) -> tuple[str, Any]:
    if name == "url" and isinstance(value, str):
        return name, absolute_picture_url(value, media_url)
    if isinstance(value, dict):
        return name, with_absolute_pictures(value, media_url)
    if isinstance(value, list):
        return name, list(_absolute_items(value, media_url))
    return name, value


def _absolute_items(values: list[Any], media_url: str) -> Iterator[Any]:
    for value in values:
        yield with_absolute_pictures(value, media_url) if isinstance(value, dict) else value
