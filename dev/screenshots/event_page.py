"""The public page of the event that the demo publishes, in four pictures."""

import re
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Page, ViewportSize
from rich.console import Console

from dev.screenshots.browser import BrowserFailed, write_picture

_EVENT_PAGE: Final = re.compile(r"http\S+/e/[a-z0-9-]+")


class _Look(NamedTuple):
    name: str
    width: int
    colors: Literal["light", "dark"]
    is_whole: bool
    """On a phone, the bar at the lower edge would cover the middle of the whole page."""


_LOOKS: Final = (
    _Look("event-page", 1440, "light", is_whole=True),
    _Look("event-page-dark", 1440, "dark", is_whole=True),
    _Look("event-page-phone", 320, "light", is_whole=False),
    _Look("event-page-phone-dark", 320, "dark", is_whole=False),
)


def address(console: Console) -> str:
    """The address of the page, as the demo prints it."""
    found = _EVENT_PAGE.search(console.export_text(clear=False))
    if found is None:
        raise BrowserFailed("the demo printed no address of the event's page")
    return found[0]


def take(page: Page, url: str, images: Path) -> None:
    """Writes a picture for each width and color scheme."""
    for look in _LOOKS:
        page.emulate_media(color_scheme=look.colors)
        page.set_viewport_size(ViewportSize(width=look.width, height=900))
        page.goto(url, wait_until="networkidle")
        write_picture(page.screenshot(full_page=look.is_whole), images / f"{look.name}.png")
