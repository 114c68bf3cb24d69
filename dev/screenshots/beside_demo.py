"""The first picture of README: the output of the demo beside its session in the Temporal UI.

The demo is played, its output is recorded, and a page with some chapters of it and with a picture
of the session is rendered by the same browser.
"""

import base64
import io
import re
from collections.abc import Iterator
from typing import Final

from playwright.sync_api import Page, ViewportSize
from rich.console import Console
from rich.terminal_theme import MONOKAI

from dev.demo import Screen, console_of, play
from dev.screenshots.browser import BrowserFailed
from dev.stack.state import Stack

CHAPTERS: Final = ("Tickets", "Publish with a double click", "The public event")
"""As many as fit beside the session."""

_SIZE: Final = ViewportSize(width=2400, height=1300)

_SESSION_PAGE: Final = re.compile(r"http\S+/workflows/wizard-session-\S+")

_CHAPTER: Final = re.compile(r'<span style="font-weight: bold">(?P<title>[^<]+)</span>')

_PAGE: Final = """<!doctype html>
<meta charset="utf-8">
<style>
body {{ margin: 0; padding: 20px; background: #e8eaf0; }}
main {{ display: flex; gap: 20px; align-items: stretch; width: max-content; }}
pre {{ margin: 0; padding: 16px 20px; width: 905px; border-radius: 8px;
  background: #0c0c0c; color: #d9d9d9; font: 15px/1.36 "DejaVu Sans Mono", monospace; }}
img {{ border-radius: 8px; align-self: start; image-rendering: pixelated; }}
</style>
<main><pre>{output}</pre><img alt="" width="{width}" src="data:image/png;base64,{picture}"></main>
"""
"""The picture begins at a whole pixel of the screen at a scale of 0.8. Otherwise it is blurred, and
its file a third larger."""


def play_recorded(stack: Stack) -> Console:
    """The console on which the demo was played.

    Raises:
        BrowserFailed: the demo failed.
    """
    output = io.StringIO()
    console = console_of(output, colours=True, record=True)
    if play(stack, stays=True, screen=Screen(console)) != 0:
        raise BrowserFailed(f"the demo failed:\n{output.getvalue()}")
    return console


def session_page(console: Console) -> str:
    """The address of the session in the Temporal UI, as the demo prints it."""
    found = _SESSION_PAGE.search(console.export_text(clear=False))
    if found is None:
        raise BrowserFailed("the demo printed no link to the Temporal UI")
    return found[0]


def compose(page: Page, console: Console, picture: bytes, *, width: float) -> None:
    """Shows both on the page; ``width`` is that of the picture, in pixels of the page."""
    page.set_viewport_size(_SIZE)
    page.set_content(
        _PAGE.format(
            output=excerpt(console),
            width=width,
            picture=base64.b64encode(picture).decode(),
        )
    )


def excerpt(console: Console) -> str:
    """Markup of the chapters, with a mark where others are left out.

    Raises:
        BrowserFailed: the demo has no chapter of one of the titles.
    """
    markup = console.export_html(
        inline_styles=True, code_format="{code}", theme=MONOKAI, clear=False
    )
    chapters = dict(_chapters(markup))
    missing = [title for title in CHAPTERS if title not in chapters]
    if missing:
        raise BrowserFailed(f"the demo has no chapter {missing[0]!r}")
    omitted = "…"
    return "\n\n".join(
        ["$ make demo", omitted]
        + [part for title in CHAPTERS for part in (chapters[title], omitted)]
    )


def _chapters(markup: str) -> Iterator[tuple[str, str]]:
    for part in markup.split("\n\n"):
        heading = _CHAPTER.match(part.lstrip("\n"))
        if heading is not None:
            yield heading["title"], part.strip("\n")
