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
<style>body { margin: 0; background: #c9b79c; }</style>
<svg width="1200" height="1200" viewBox="0 0 1200 1200">
  <rect y="860" width="1200" height="340" fill="#8d7a63"/>
  <ellipse cx="600" cy="905" rx="470" ry="60" fill="#6f5f4c"/>
  <path d="M380 830 Q390 520 600 520 Q810 520 820 830 Z" fill="#3b2f27"/>
  <path d="M380 770 Q600 830 820 770 V840 H380 Z" fill="#8c2f22"/>
  <ellipse cx="600" cy="850" rx="430" ry="58" fill="#2a211b"/>
  <path d="M380 840 Q600 800 820 840 Q600 890 380 840 Z" fill="#3b2f27"/>
</svg>
"""
"""A hat on a table."""


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
        page.screenshot(path=images / f"{look.name}.png", full_page=look.is_whole)
