"""The headers of the front end's files."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_DIRECTIVES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""``data:`` and ``blob:`` are for pictures that are not uploaded yet. ``<iframe srcdoc>`` needs no
directive, and its document has this policy besides its own."""


def front_end_headers(issuer: str, media_url: str) -> dict[str, str]:
    """Everything else is as in each response (``api/middleware/security_headers.py``).

    Args:
        issuer: where people sign in; an issuer that is no URL has no origin.
        media_url: the address of pictures, which may be that of the front end.
    """
    media = _origins(media_url)
    sources = {
        **_DIRECTIVES,
        "img-src": " ".join([_DIRECTIVES["img-src"], *media]),
        "connect-src": " ".join([_DIRECTIVES["connect-src"], *_origins(issuer, media_url)]),
    }
    policy = "; ".join(f"{directive} {value}" for directive, value in sources.items())
    return {"Content-Security-Policy": policy}


def _origins(*urls: str) -> Iterable[str]:
    """Each once, in order."""
    parts = [urlsplit(url) for url in urls]
    return dict.fromkeys(
        f"{part.scheme}://{part.netloc}" for part in parts if part.scheme in ("http", "https")
    )
