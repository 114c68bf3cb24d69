"""Content negotiation by the client's weights (RFC 9110, section 12)."""

import re
from collections.abc import Sequence
from typing import Final

_GZIP_ALIAS: Final = "x-gzip"
_HTML: Final = ("text/html", "application/xhtml+xml")
_JSON: Final = ("application/json", "application/problem+json")

_WEIGHT: Final = re.compile(r"q\s*=\s*([0-9.]{1,5})")


def preferred_coding(accept_encoding: str, codings: Sequence[str]) -> str | None:
    """The coding with the highest weight (section 12.5.3).

    Args:
        codings: those of the content, in the server's order of preference, which decides between
            equal weights.

    Returns:
        None if none of them is accepted, or if the client prefers the content as it is.
    """
    weights = _weights(accept_encoding)
    if _GZIP_ALIAS in weights:
        weights.setdefault("gzip", weights[_GZIP_ALIAS])
    anything = weights.get("*", 0.0)
    best = max(codings, key=lambda coding: weights.get(coding, anything))
    weight = weights.get(best, anything)
    is_preferred = weight > 0 and weight >= weights.get("identity", 0.0)
    return best if is_preferred else None


def preferred_language(accept_language: str, languages: Sequence[str]) -> str | None:
    """The language with the highest weight (section 12.5.4).

    Args:
        languages: primary tags, such as ``de``. A client that asks for ``de-AT`` gets it.

    Returns:
        None if none of them is accepted by its name.
    """
    weights = _weights(accept_language)
    accepted = sorted(filter(weights.get, weights), key=lambda tag: -weights[tag])
    primary = (tag.partition("-")[0] for tag in accepted)
    return next((tag for tag in primary if tag in languages), None)


def accepts_html(accept: str) -> bool:
    """Whether the client names HTML, as browsers do when they open a page, and does not prefer
    JSON. ``*/*`` is not enough: programs send it."""
    weights = _weights(accept)
    html = max(weights.get(media_type, 0.0) for media_type in _HTML)
    json = max(weights.get(media_type, 0.0) for media_type in _JSON)
    return html > 0 and html >= json


def _weights(header: str) -> dict[str, float]:
    """By member of the list, in lower case. A weight that is not a number counts as 0."""
    weights: dict[str, float] = {}
    for member in header.lower().split(","):
        name, *parameters = member.split(";")
        weights[name.strip()] = _weight(parameters)
    return weights


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        if parameter.strip().startswith("q"):
            match = _WEIGHT.fullmatch(parameter.strip())
            try:
                return float(match[1]) if match else 0.0
            except ValueError:
                return 0.0
    return 1.0
