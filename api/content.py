"""Responses that are the same for every reader: entity tags, 304, and compression.

Only such responses are compressed. The length of a compressed response that had a secret beside
text of others would disclose the secret to who can choose the text and measure the length (the
attack is known as BREACH).
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from fastapi import Request, Response

from api.entity_tags import KnownTags, content_tag
from domain.publishing.event import Event

MIN_COMPRESSED_BYTES: Final = 1024
"""Below it, a response fits into one packet with or without compression."""

_COMPRESSIBLE: Final = re.compile(r"text/.*|application/(json|.*\+json|javascript)")
_CACHED_BODIES: Final = 64
_GZIP_NAMES: Final = frozenset({"gzip", "x-gzip"})


@dataclass(frozen=True)
class Content:
    """A representation of a resource, the same for every reader."""

    body: bytes
    media_type: str = "application/json"
    cache_control: str = "no-cache"
    """By default, caches ask before each use whether it has changed."""
    headers: Mapping[str, str] = field(default_factory=dict)


def content_response(request: Request, content: Content) -> Response:
    """The content, compressed if the client accepts that, or 304 if the client has it."""
    headers = {**content.headers, "Cache-Control": content.cache_control}
    body, tag = content.body, content_tag(content.body)
    if _is_compressible(content):
        vary = [headers["Vary"]] if "Vary" in headers else []
        headers["Vary"] = ", ".join([*vary, "Accept-Encoding"])
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            headers["Content-Encoding"] = "gzip"
            body, tag = _gzipped(body), f'{tag[:-1]}-gzip"'
    headers["ETag"] = tag
    if KnownTags.of(request.headers.getlist("if-none-match")).include(tag):
        headers.pop("Content-Encoding", None)
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=content.media_type, headers=headers)


def language_headers(event: Event, language: str | None) -> dict[str, str]:
    """The headers of a representation of an event in one of its languages.

    Args:
        event: as it was entered.
        language: in which it is shown, if that is known.
    """
    headers = {"Content-Language": language} if language else {}
    return {**headers, "Vary": "Accept-Language"} if event.translations else headers


def accepts_gzip(accept_encoding: str) -> bool:
    """RFC 9110, section 12.5.3. A coding of weight 0 is not accepted."""
    weights: dict[str, float] = {}
    for member in accept_encoding.lower().split(","):
        coding, _, parameter = member.partition(";")
        weights[coding.strip()] = _weight(parameter)
    named = [weights[name] for name in _GZIP_NAMES & weights.keys()]
    return max(named, default=weights.get("*", 0.0)) > 0


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def _is_compressible(content: Content) -> bool:
    media_type = content.media_type.partition(";")[0]
    is_text = _COMPRESSIBLE.fullmatch(media_type) is not None
    return is_text and len(content.body) >= MIN_COMPRESSED_BYTES


@lru_cache(maxsize=_CACHED_BODIES)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)
