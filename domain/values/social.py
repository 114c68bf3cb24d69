"""Hashtags and profiles in social networks, as people write them."""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import category

from domain.values.urls import is_https_url

_NUMBER_SIGNS: Final = "#\uff03"
_AT_SIGNS: Final = "@\uff20"
"""Keyboards for East Asia enter the full-width forms."""

_JOINERS: Final = "\u200c\u200d"
_HANDLE: Final = re.compile(r"@?[A-Za-z0-9._-]{1,100}")
_SCHEME: Final = re.compile(r"(?:https?://)?", re.IGNORECASE)


@dataclass(frozen=True)
class Network:
    """A social network, and the forms of a profile that have one meaning there."""

    name: str
    address: str
    domain: str
    """A regular expression of the network's domains, each of which may have subdomains."""
    paths: tuple[str, ...] = ()
    """The first parts of paths that people copy without the domain."""


NETWORKS: Final = {
    network.name: network
    for network in (
        Network("instagram", "https://www.instagram.com", r"instagram\.com|instagr\.am"),
        Network("tiktok", "https://www.tiktok.com", r"tiktok\.com"),
        Network("x", "https://x.com", r"x\.com|twitter\.com"),
        Network(
            "youtube",
            "https://www.youtube.com",
            r"youtube\.com|youtu\.be",
            ("channel", "c", "user"),
        ),
        Network(
            "linkedin",
            "https://www.linkedin.com",
            r"linkedin\.com",
            ("in", "company", "school", "showcase"),
        ),
        Network(
            "facebook", "https://www.facebook.com", r"facebook\.com|fb\.com|fb\.me", ("groups",)
        ),
        Network(
            "pinterest",
            "https://www.pinterest.com",
            r"pinterest\.[a-z]{2,3}|pinterest\.co\.[a-z]{2}|pinterest\.com\.[a-z]{2}|pin\.it",
        ),
    )
}


def is_profile(text: str) -> bool:
    """Whether a text is a handle, or the https URL of a profile."""
    return _HANDLE.fullmatch(text) is not None or is_https_url(text)


def profile(network: Network, text: str) -> str | None:
    """The handle or URL that is meant, if there is one. Handles and https URLs stay as they are.

    An address of the network without a scheme, or with http, and a path such as ``in/ada`` become
    its URL.
    """
    if text and text[0] in _AT_SIGNS:
        text = f"@{text[1:]}"
    if is_profile(text):
        return text
    url = _url_in(network, text)
    return url if url and is_https_url(url) else None


def is_hashtag(text: str) -> bool:
    """Whether a text is letters, marks, digits and underscores, with or without a number sign.

    The vowels of many scripts of Asia are marks, and words of some scripts need joiners between
    letters (UAX #31, section 5.1). At least one character is a letter, digit or underscore.
    """
    name = text[1:] if text[:1] == "#" else text
    return all(map(_may_be_in_hashtag, name)) and any(map(_begins_syllable, name))


def hashtag(text: str) -> str | None:
    """The hashtag that is meant, if there is one. One without a number sign stays as it is."""
    if text and text[0] in _NUMBER_SIGNS:
        text = f"#{text[1:]}"
    return text if is_hashtag(text) else None


def _url_in(network: Network, text: str) -> str | None:
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    host, slash, path = rest.partition("/")
    if slash and re.fullmatch(rf"(?:[a-z0-9-]+\.)*(?:{network.domain})", host.lower()):
        return f"https://{host.lower()}/{path}"
    first, slash, name = text.removeprefix("/").partition("/")
    if slash and name and first.lower() in network.paths:
        return f"{network.address}/{first.lower()}/{name}"
    return None


def _may_be_in_hashtag(char: str) -> bool:
    return _begins_syllable(char) or category(char).startswith("M") or char in _JOINERS


def _begins_syllable(char: str) -> bool:
    return char.isalnum() or char == "_"
