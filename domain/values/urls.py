"""URLs that are safe to publish: https, with a host, without credentials."""

import re
from typing import Final
from urllib.parse import urlsplit

from domain.values.text import has_invisible

_NOT_IN_URLS: Final = re.compile(r"[\s\\<>\"{}|^`\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_HOST: Final = re.compile(r"[^.:\s]{1,63}(\.[^.:\s]{1,63})*\.?|(?=.*:)[0-9A-Fa-f:.]+")


def is_https_url(text: str) -> bool:
    """Whether a text is such a URL.

    Invisible characters could show another address than the one that is opened. Joiners belong to
    the spelling of some languages.
    """
    if _NOT_IN_URLS.search(text) or has_invisible(text, except_joiners=True):
        return False
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or "@" in parts.netloc or port == 0:
        return False
    return host is not None and _HOST.fullmatch(host) is not None
