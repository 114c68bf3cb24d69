"""The choice of a language by `Accept-Language`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.languages import MAX_RANGES, preferred_language

AVAILABLE = ["en", "fr", "de-CH", "zh-Hant", "pt-BR"]

CHOICES = [
    # exact, in any case
    ("fr", "fr"),
    ("FR", "fr"),
    ("de-ch", "de-CH"),
    # the longest beginning of a range (RFC 4647, section 3.4)
    ("fr-CA", "fr"),
    ("de-CH-1996", "de-CH"),
    ("zh-Hant-CN-x-private1-private2", "zh-Hant"),
    ("zh-Hant-x-private", "zh-Hant"),
    # quality, then order
    ("en;q=0.5, fr;q=0.8", "fr"),
    ("fr;q=0.8, en;q=0.8", "fr"),
    ("de;q=0.1, en;q=0.2", "en"),
    ("es, it, fr;q=0.001", "fr"),
    ("fr ; q=0.9 , en;Q=1.0", "en"),
    # any language
    ("*", "en"),
    ("es, *;q=0.5", "en"),
    ("*, fr", "en"),
    ("*;q=0.1, fr", "fr"),
    # refused languages
    ("en;q=0, *", "fr"),
    ("en;q=0, fr;q=0, *", "de-CH"),
    ("fr;q=0, fr-CA", None),
    ("*;q=0", None),
    ("*;q=0, de", "de-CH"),
    # a language that only begins with a range, if there is no other
    ("pt", "pt-BR"),
    ("zh", "zh-Hant"),
    ("pt, en;q=0.5", "en"),
    ("pt-PT", None),
    # nothing that is available
    ("es", None),
    ("e", None),
    ("", None),
    # malformed elements are ignored
    ("fr;q=2", None),
    ("fr;q=, en", "en"),
    ("fr_CA, ;;, en-, de;q=0.1234, fr", "fr"),
    (",,fr,,", "fr"),
    (", ".join(["es"] * MAX_RANGES + ["fr"]), None),
]


@pytest.mark.parametrize(("header", "language"), CHOICES)
def test_header_chooses_a_language(header: str, language: str | None) -> None:
    assert preferred_language(header, AVAILABLE) == language


@given(st.text(alphabet=st.sampled_from("ende-frCH*;q=0.15, \tzh,_é"), max_size=60))
def test_any_header_chooses_an_available_language_or_none(header: str) -> None:
    assert preferred_language(header, AVAILABLE) in {*AVAILABLE, None}


def test_nothing_available_gives_none() -> None:
    assert preferred_language("*, fr", []) is None
