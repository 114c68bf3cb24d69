"""Responses that are the same for every reader: entity tags, 304, and compression.

Only such responses are compressed. The length of a compressed response that had a secret beside
text of others would disclose the secret to who can choose the text and measure the length (the
attack is known as BREACH).
"""

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from fastapi import Request, Response

from api.entity_tags import KnownTags, content_tag
from api.negotiation import preferred_coding
from domain.publishing.event import Event

MIN_COMPRESSED_BYTES: Final = 1024
"""Below it, a response fits into one packet with or without compression."""

_COMPRESSIBLE: Final = re.compile(r"text/.*|application/(json|.*\+json|javascript)")
_CACHED_BODIES: Final = 64
_GZIP: Final = "gzip"


@dataclass(frozen=True)
class Content:
    """A representation of a resource, the same for every reader."""

    body: bytes
    media_type: str = "application/json"
    cache_control: str = "no-cache"
    """By default, caches ask before each use whether it has changed."""
    headers: Mapping[str, str] = field(default_factory=dict)
    precompressed: Mapping[str, bytes] = field(default_factory=dict)
    """Bodies by coding, in the order of preference. Without any, long texts have gzip."""

    @cached_property
    def tag(self) -> str:
        return content_tag(self.body)

    @property
    def codings(self) -> Sequence[str]:
        if self.precompressed:
            return tuple(self.precompressed)
        media_type = self.media_type.partition(";")[0]
        is_text = _COMPRESSIBLE.fullmatch(media_type) is not None
        return (_GZIP,) if is_text and len(self.body) >= MIN_COMPRESSED_BYTES else ()

    def encoded(self, coding: str | None) -> bytes:
        if coding is None:
            return self.body
        return self.precompressed[coding] if self.precompressed else _gzipped(self.body)


def content_response(request: Request, content: Content) -> Response:
    """The content, compressed if the client accepts that, or 304 if the client has it."""
    headers = {**content.headers, "Cache-Control": content.cache_control}
    coding, tag = None, content.tag
    if content.codings:
        vary = [headers["Vary"]] if "Vary" in headers else []
        headers["Vary"] = ", ".join([*vary, "Accept-Encoding"])
        accepted = ",".join(request.headers.getlist("accept-encoding"))
        coding = preferred_coding(accepted, content.codings)
    if coding is not None:
        tag = f'{tag[:-1]}-{coding}"'
    headers["ETag"] = tag
    if KnownTags.of(request.headers.getlist("if-none-match")).include(tag):
        return Response(status_code=304, headers=headers)
    if coding is not None:
        headers["Content-Encoding"] = coding
    return Response(content.encoded(coding), media_type=content.media_type, headers=headers)


def language_headers(event: Event, language: str | None) -> dict[str, str]:
    """The headers of a representation of an event in one of its languages.

    Args:
        event: as it was entered.
        language: in which it is shown, if that is known.
    """
    headers = {"Content-Language": language} if language else {}
    return {**headers, "Vary": "Accept-Language"} if event.translations else headers


@lru_cache(maxsize=_CACHED_BODIES)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)
