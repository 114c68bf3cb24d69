"""Announces the files of a page with its shell, so that a browser loads them at once, and not only
when the first script asks for them. The files of the shell come first.

The builder lists them in ``pages.json``, by the first part of the page's path, and those of its
texts by language, of which the first one is the usual one::

    {"pages": {"s": ["/assets/SessionPages-Ab3dE5g7.js", "/assets/SessionPages-B2-x_9Kq.css"]},
     "texts": {"s": {"en": ["/assets/session-Xy_2aB-9.js"], "de": ["/assets/session-0aB_c2-D.js"]}}}
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import pydantic

from api.negotiation import preferred_language

PAGES: Final = "pages.json"

_RELATIONS: Final = {".js": "rel=modulepreload", ".css": "rel=preload; as=style; crossorigin"}
"""The builder's script loads styles by the attribute ``crossorigin``: without it, each would be
loaded twice."""

_FILE: Final = re.compile(r"/assets/[\w@~+.-]+(\.js|\.css)", re.ASCII)


class _Files(pydantic.BaseModel):
    pages: dict[str, list[str]] = {}
    texts: dict[str, dict[str, list[str]]] = {}


def announced(pages: bytes, first: str, accept_language: str) -> Mapping[str, str]:
    """The header ``Link`` (RFC 8288) of the shell, for a page whose path begins with ``first``.

    Args:
        pages: the content of ``pages.json``. A content of another form announces nothing.
        first: the first part of the page's path.
        accept_language: the header of the request.
    """
    listed = _listed(pages)
    texts = listed.texts.get(first, {})
    language = preferred_language(accept_language, tuple(texts)) or next(iter(texts), "")
    files = [*listed.pages.get(first, ()), *texts.get(language, ())]
    links = ", ".join(_links(dict.fromkeys(files)))
    return {"Link": links} if links else {}


@lru_cache(maxsize=4)
def _listed(pages: bytes) -> _Files:
    try:
        return _Files.model_validate_json(pages)
    except pydantic.ValidationError:
        return _Files()


def _links(files: Iterable[str]) -> Iterable[str]:
    for file in files:
        match = _FILE.fullmatch(file)
        if match:
            yield f"<{file}>; {_RELATIONS[match[1]]}"
