"""The system's Chromium, headless, controlled by Playwright."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final, cast

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

_TIMEOUT_MILLISECONDS: Final = 180_000

_COLORS: Final = 256
"""Of a palette."""

_EXACT_COLORS: Final = 16

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
    _with_palette(Image.open(BytesIO(picture)).convert("RGB")).save(output, "PNG", optimize=True)
    path.write_bytes(min(output.getvalue(), picture, key=len))


def _with_palette(image: Image.Image) -> Image.Image:
    """The colors of the largest areas stay as they are: the eye sees a tint of the whole page."""
    pixels = cast("Iterable[tuple[int, int, int]]", image.get_flattened_data())
    counted = Counter(pixels).most_common(_EXACT_COLORS)
    others = image.quantize(_COLORS - _EXACT_COLORS, method=Image.Quantize.MAXCOVERAGE)
    palette = Image.new("P", (1, 1))
    palette.putpalette(
        [*(value for color, _ in counted for value in color), *(others.getpalette() or ())]
    )
    return image.quantize(palette=palette, dither=Image.Dither.NONE)
