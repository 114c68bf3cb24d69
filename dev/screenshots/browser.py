"""The system's Chromium, headless, controlled by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Error, Page, sync_playwright

from dev.stack.state import StackError

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

OPTIONS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

_TIMEOUT_MILLISECONDS: Final = 60_000

SCALE: Final = 0.8
"""Screenshots are still sharp, and smaller than 300 KB."""


class BrowserFailed(StackError):
    """There is no Chromium, it does not start, or a page does not show what is expected."""


def find_chromium() -> str:
    """
    Raises:
        BrowserFailed: none is installed.
    """
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise BrowserFailed(f"Chromium is required: install one of {', '.join(PROGRAMS)}")
    return found


def is_sandboxed() -> bool:
    """Chromium's sandbox does not work for root."""
    return os.geteuid() != 0


@contextmanager
def chromium(scale: float = SCALE) -> Iterator[Page]:
    """Yields the only page of a browser with a new profile.

    Args:
        scale: pixels of a picture for each pixel of the page.

    Raises:
        BrowserFailed: instead of every error of Playwright while the page is used.
    """
    executable = find_chromium()
    try:
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(
                executable_path=executable,
                args=OPTIONS,
                chromium_sandbox=is_sandboxed(),
            ) as browser,
        ):
            page = browser.new_page(device_scale_factor=scale, locale="en-US", timezone_id="UTC")
            page.set_default_timeout(_TIMEOUT_MILLISECONDS)
            yield page
    except Error as error:
        raise BrowserFailed(f"Chromium: {error.message}") from error


def write_picture(picture: bytes, path: Path) -> None:
    """Writes a screenshot as a PNG with a palette, which is half as large, unless the picture has
    so many colors that it is smaller as it is."""
    output = BytesIO()
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(method=Image.Quantize.MAXCOVERAGE).save(output, "PNG", optimize=True)
    path.write_bytes(min(output.getvalue(), picture, key=len))
