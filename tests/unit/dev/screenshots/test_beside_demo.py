"""The parts of the demo's output that the picture in README shows."""

import io

import pytest
from rich.console import Console

from dev.demo import Screen, console_of
from dev.screenshots.beside_demo import CHAPTERS, excerpt, session_page
from dev.stack.state import StackError

ADDRESS = "http://127.0.0.1:1/namespaces/default/workflows/wizard-session-1"


def recorded(*chapters: str) -> Console:
    """A demo with these chapters, whose notes are ``in`` them."""
    console = console_of(io.StringIO(), colours=True, record=True)
    screen = Screen(console)
    for title in chapters:
        screen.chapter(title)
        screen.note(f"in {title}")
    return console


def test_excerpt_has_the_chosen_chapters_in_order() -> None:
    shown = excerpt(recorded("First", *CHAPTERS, "Last"))

    places = [shown.index(f"in {title}") for title in CHAPTERS]
    assert places == sorted(places)
    assert "First" not in shown
    assert "Last" not in shown


def test_excerpt_without_a_chapter_is_an_error() -> None:
    with pytest.raises(StackError, match=CHAPTERS[-1]):
        excerpt(recorded(*CHAPTERS[:-1]))


def test_session_page_is_the_link_of_the_demo() -> None:
    console = recorded("Where to look")
    Screen(console).links({"The API": "http://127.0.0.1:1/docs", "The session": ADDRESS})

    assert session_page(console) == ADDRESS


def test_session_page_without_a_link_is_an_error() -> None:
    with pytest.raises(StackError, match="no link"):
        session_page(recorded("Where to look"))
