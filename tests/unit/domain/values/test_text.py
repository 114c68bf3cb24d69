"""Text as people see it: edges, direction and comparison."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.values.text import (
    as_seen,
    closes_its_directions,
    composed,
    has_invisible,
    trimmed,
    unique_as_seen,
    without_invisible,
)

INVISIBLE = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u3164\uffa0\u115f\u2800\u200e\u061c\ufe0f\U000e0061"
)
TEXTS = st.text(
    st.sampled_from(INVISIBLE + "\u202a\u202c\u2067\u2069 \n\u2028aI\u0915\u094d\u2764\u0647")
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a b \n", "a b"),
        ("\u200b\ufeffa\u00ad b\u2060\u00a0", "a\u00ad b"),
        ("a\u2028", "a"),
        (INVISIBLE, ""),
        ("\u202e\u2069", ""),
        ("\u202eabc", "\u202eabc"),
        ("\u2067abc\u2069", "\u2067abc\u2069"),
        ("I \u2764\ufe0f\u200b", "I \u2764\ufe0f"),
        ("\U0001f3f4\U000e0067\U000e007f ", "\U0001f3f4\U000e0067\U000e007f"),
        ("\u0928\u094d\u200d\u200b", "\u0928\u094d\u200d"),
        ("\u0647\u200d ", "\u0647\u200d"),
        ("VIP\u200d", "VIP"),
        ("\x07", "\x07"),
        ("\U0001f46f\u200d\u2640\ufe0f", "\U0001f46f\u200d\u2640\ufe0f"),
    ],
)
def test_trimmed_text_has_no_invisible_edges(text: str, expected: str) -> None:
    assert trimmed(text) == expected


@given(TEXTS)
@example("\u200d")
def test_trimming_twice_changes_nothing_more(text: str) -> None:
    once = trimmed(composed(text))
    assert trimmed(composed(once)) == once
    assert without_invisible(once).strip() == without_invisible(text).strip() or not once


def test_trimming_takes_linear_time() -> None:
    text = "a" + "\u200b" * 50_000 + "b" + "\u200b" * 50_000
    started = time.process_time()
    assert trimmed(text) == text[:50_002]
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "\u202aabc\u202c",
        "\u2067a\u202eb\u2069",
        "\u2066\u2067a\u2069\u2069",
        "a\u202c\u2069",
    ],
)
def test_closed_directions_are_accepted(text: str) -> None:
    assert closes_its_directions(text)


@pytest.mark.parametrize(
    "text", ["\u202eabc", "\u2067abc", "\u2067a\u202c", "\u202ea\u2069", "\u2066\u2067a\u2069"]
)
def test_open_directions_are_found(text: str) -> None:
    assert not closes_its_directions(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("VIP", "VIP\u200b"),
        ("VIP", "\uff36\uff29\uff30"),
        ("Early Bird", "Early  Bird"),
        ("Early Bird", "early\u00a0\u2003bird"),
        ("İndirimli", "indirimli"),
        ("I\u015f\u0131k", "\u0131\u015fik"),
        ("STRASSE", "straße"),
        ("\u2764", "\u2764\ufe0f"),
        ("E\u0301te\u0301", "ÉTÉ"),
        ("ﬁnale", "Finale"),
        ("a\u034f\u0301", "á"),
        ("Pop-up", "Pop\u2011up"),
        ("Pop-up", "pop\u2010up"),
    ],
)
def test_texts_that_are_read_the_same_are_equal(left: str, right: str) -> None:
    assert as_seen(left) == as_seen(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Ete", "Été"), ("A B", "AB"), ("A-B", "A\u2013B"), ("VIP", "VIP 2"), ("भ", "भा")],
)
def test_texts_that_are_read_differently_differ(left: str, right: str) -> None:
    assert as_seen(left) != as_seen(right)


def test_first_of_the_texts_that_are_read_the_same_is_kept() -> None:
    assert unique_as_seen(["Mode", "art", "\uff2d\uff2f\uff24\uff25", "Art "]) == ["Mode", "art"]


def test_joiners_may_be_allowed_where_others_are_not() -> None:
    assert has_invisible("a\u200cb")
    assert not has_invisible("a\u200cb", except_joiners=True)
    assert has_invisible("a\u200c\u200bb", except_joiners=True)
