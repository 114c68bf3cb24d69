"""Announces the files of a page with its shell, so that a browser loads them at once, and not only
when the first script asks for them.

The builder lists them in ``pages.json``, by the first part of the page's path:
``{"s": ["/assets/SessionPages-Ab3dE5g7.js", "/assets/SessionPages-B2-x_9Kq.css"]}``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import pydantic

PAGES: Final = "pages.json"

_RELATIONS: Final = {".js": "rel=modulepreload", ".css": "rel=preload; as=style; crossorigin"}
"""The builder's script loads styles by the attribute ``crossorigin``: without it, each would be
loaded twice."""

_FILE: Final = re.compile(r"/assets/[\w@~+.-]+(\.js|\.css)", re.ASCII)

_Pages: Final = pydantic.TypeAdapter(dict[str, list[str]])
_NONE: Final[Mapping[str, str]] = {}


def announced(pages: bytes, first: str) -> Mapping[str, str]:
    """The header ``Link`` (RFC 8288) of the shell, for a page whose path begins with ``first``.

    Args:
        pages: the content of ``pages.json``. A content of another form announces nothing.
    """
    links = _links_of(pages).get(first)
    return {"Link": links} if links else _NONE


@lru_cache(maxsize=4)
def _links_of(pages: bytes) -> Mapping[str, str]:
    try:
        listed = _Pages.validate_json(pages)
    except pydantic.ValidationError:
        return {}
    return {first: ", ".join(filter(None, map(_link, files))) for first, files in listed.items()}


def _link(file: str) -> str | None:
    match = _FILE.fullmatch(file)
    return f"<{file}>; {_RELATIONS[match[1]]}" if match else None
