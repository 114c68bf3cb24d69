"""``Prefer`` as RFC 7240 has it, on one line or several."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.request_headers import DEFAULT_WAIT_SECONDS, MAX_WAIT_SECONDS, Preferences, combined

MINIMAL = [
    ["return=minimal"],
    ["Return=Minimal"],
    ['return="minimal"'],
    ["return = minimal"],
    ["return\t=\tminimal"],
    ["return=minimal; reason=slow"],
    ['return=minimal;reason="a, b"'],
    [", ,return=minimal,"],
    ["wait=5, return=minimal"],
    ["wait=5", "return=minimal"],
    ["", "return=minimal"],
    ["return=minimal, return=representation"],
    ['note="a, b", return=minimal'],
    ['note="a\\", b", return=minimal'],
    ["\u00e9, return=minimal"],
]
WHOLE: list[list[str] | None] = [
    None,
    [""],
    [","],
    ["return"],
    ["return="],
    ["return=representation"],
    ["return=representation, return=minimal"],
    ["return=representation", "return=minimal"],
    ["return=minimal=minimal"],
    ['return="minimal'],
    ['return=minimal"'],
    ["return minimal"],
    ["xreturn=minimal"],
    ["handling=lenient; return=minimal"],
    ['note="a, return=minimal"'],
    ['note="a\\", return=minimal, b"'],
    ['note="never closed, return=minimal'],
]


@pytest.mark.parametrize("lines", MINIMAL)
def test_return_minimal_is_preferred(lines: list[str]) -> None:
    assert Preferences.of(lines).is_minimal


@pytest.mark.parametrize("lines", WHOLE)
def test_other_texts_prefer_the_whole_session(lines: list[str] | None) -> None:
    assert not Preferences.of(lines).is_minimal


@pytest.mark.parametrize(
    ("line", "is_async"),
    [
        ("respond-async", True),
        ("Respond-Async, wait=5", True),
        ("respond-async; wait=5", True),
        ("respond-async=no", False),
        ("respond-asynchronously", False),
    ],
)
def test_respond_async_has_no_value(line: str, *, is_async: bool) -> None:
    assert Preferences.of([line]).is_async is is_async


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("wait=0", 0),
        ("wait=7", 7),
        ('wait="7"', 7),
        ("respond-async, wait = 7", 7),
        ("wait=7, wait=3", 7),
        ("wait=31", MAX_WAIT_SECONDS),
        ("wait=" + "9" * 400, MAX_WAIT_SECONDS),
        ("wait", DEFAULT_WAIT_SECONDS),
        ("wait=", DEFAULT_WAIT_SECONDS),
        ("wait=-1", DEFAULT_WAIT_SECONDS),
        ("wait=1.5", DEFAULT_WAIT_SECONDS),
        ("wait=\u00b2", DEFAULT_WAIT_SECONDS),
        ("max-wait=3", DEFAULT_WAIT_SECONDS),
        ('note="wait=3"', DEFAULT_WAIT_SECONDS),
    ],
)
def test_a_wait_is_in_whole_seconds_up_to_the_maximum(line: str, seconds: float) -> None:
    assert Preferences.of([line]).wait_seconds == seconds


def test_a_header_without_lines_has_no_value() -> None:
    assert combined(None) is None
    assert combined([""]) == ""
    assert combined(["a", "b"]) == "a, b"


WORDS = st.text("abcXYZ0189-_.!~", min_size=1, max_size=6)
SPACES = st.text(" \t", max_size=2)


@st.composite
def members(draw: st.DrawFn) -> tuple[str, str, str]:
    """A preference, its value, and one of the ways to write them."""
    name, value = draw(WORDS), draw(WORDS | st.just(""))
    written = name
    if value or draw(st.booleans()):
        quote = draw(st.sampled_from(["", '"']))
        written += f"{draw(SPACES)}={draw(SPACES)}{quote}{value}{quote}"
    written += draw(st.sampled_from(["", "; other", ' ;other="a, b"', ";"]))
    return name.lower(), value.lower(), f"{draw(SPACES)}{written}{draw(SPACES)}"


@given(st.lists(st.lists(members(), max_size=4), max_size=3))
def test_each_preference_has_its_first_value(
    lines: Sequence[Sequence[tuple[str, str, str]]],
) -> None:
    sent = [",".join(written for _, _, written in line) for line in lines]
    named = [(name, value) for line in lines for name, value, _ in line]

    assert Preferences.of(sent).values == dict(reversed(named))


@given(st.lists(st.text('",;=\\ \tab\u00e9', max_size=40), max_size=3))
def test_any_text_is_read(lines: Sequence[str]) -> None:
    assert all(
        name and '"' not in name + value for name, value in Preferences.of(lines).values.items()
    )
