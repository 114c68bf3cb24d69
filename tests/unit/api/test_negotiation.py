"""Codings and media types are chosen by the weights of the client."""

import pytest

from api.negotiation import accepts_html, preferred_coding

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.9, gzip;q=1.0", "gzip"),
        ("br;q=0.8, gzip;q=0.8", "br"),
        ("br ; q=0.1, GZIP;q=0.5", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0.5, *;q=0.1", "gzip"),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity, gzip", "gzip"),
        ("identity, *;q=0.1", None),
        ("identity;q=1, br;q=0.9, gzip;q=0.9", None),
        ("", None),
        ("deflate", None),
        ("br;q=0, gzip;q=0", None),
        ("gzip; q=0.000, br;q=0, *", None),
        ("*;q=0", None),
        ("gzip;q=high", None),
        ("gzip;q=1.2.3", None),
        ("gzipped", None),
    ],
)
def test_the_coding_of_the_highest_weight_is_preferred(
    accept_encoding: str, coding: str | None
) -> None:
    assert preferred_coding(accept_encoding, ("br", "gzip")) == coding


@pytest.mark.parametrize(
    ("accept", "accepted"),
    [
        (CHROME, True),
        ("text/html", True),
        ("Text/HTML;charset=utf-8", True),
        ("application/xhtml+xml", True),
        ("application/json;q=0.5, text/html", True),
        ("text/html;level=1;q=0.7", True),
        ("*/*", False),
        ("", False),
        ("text/*", False),
        ("application/json", False),
        ("application/json, text/plain, */*", False),
        ("application/json, text/html;q=0.5", False),
        ("text/html;q=0", False),
        ("text/html;level=1;q=0", False),
        ("image/avif,image/webp,*/*;q=0.8", False),
    ],
)
def test_html_is_for_clients_that_name_it(accept: str, accepted: bool) -> None:
    assert accepts_html(accept) is accepted
