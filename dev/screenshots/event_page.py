"""The public page of the event that the demo publishes, in four pictures."""

import re
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Page, Route, ViewportSize
from rich.console import Console

from dev.screenshots.browser import BrowserFailed

_EVENT_PAGE: Final = re.compile(r"http\S+/e/[a-z0-9-]+")

_COVERS: Final = re.compile(r"^https://")
"""The examples' pictures have addresses that do not exist."""

_COVER_SIZE: Final = ViewportSize(width=1200, height=1200)

_COVER: Final = """<!doctype html>
<style>
body { margin: 0; height: 100vh; background:
  radial-gradient(ellipse 46% 5% at 50% 74%, #2a211b 99%, transparent),
  radial-gradient(ellipse 21% 27% at 50% 62%, #3b2f27 60%, #2a211b 99%, transparent),
  radial-gradient(ellipse 60% 14% at 50% 82%, #00000055, transparent),
  linear-gradient(#c9b79c 0 70%, #8d7a63 70%); }
</style>
"""
"""A hat on a table."""


class _Look(NamedTuple):
    name: str
    width: int
    colors: Literal["light", "dark"]


_LOOKS: Final = (
    _Look("event-page", 1440, "light"),
    _Look("event-page-dark", 1440, "dark"),
    _Look("event-page-phone", 320, "light"),
    _Look("event-page-phone-dark", 320, "dark"),
)


def address(console: Console) -> str:
    """The address of the page, as the demo prints it."""
    found = _EVENT_PAGE.search(console.export_text(clear=False))
    if found is None:
        raise BrowserFailed("the demo printed no address of the event's page")
    return found[0]


def take(page: Page, url: str, images: Path) -> None:
    """Writes a picture of the whole page for each width and color scheme."""
    page.set_viewport_size(_COVER_SIZE)
    page.set_content(_COVER)
    cover = page.screenshot(type="jpeg")

    def show_cover(route: Route) -> None:
        route.fulfill(body=cover, content_type="image/jpeg")

    page.route(_COVERS, show_cover)
    for look in _LOOKS:
        page.emulate_media(color_scheme=look.colors)
        page.set_viewport_size(ViewportSize(width=look.width, height=900))
        page.goto(url, wait_until="networkidle")
        page.screenshot(path=images / f"{look.name}.png", full_page=True)
