"""The screenshots of README and of the guides: complete, described and small."""

import re
from pathlib import Path

import pytest
from PIL import Image

from dev.screenshots import IMAGES
from dev.screenshots.browser import find_chromium, write_picture
from dev.stack.state import ROOT, StackError
from tests.support.pictures import corners, encoded, quarters

SHOWN = re.compile(r"!\[(?P<alt>[^\]]+)\]\((?:docs/)?images/(?P<name>[^)]+)\)")
MOST_BYTES = 300_000
SHORTEST_DESCRIPTION = 40

YELLOW = (247, 210, 42)
PAPER = (244, 245, 242)
BARELY_SEEN = 8


def test_every_picture_is_shown_and_described() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        match["name"]: match["alt"] for page in pages for match in SHOWN.finditer(page.read_text())
    }

    assert sorted(shown) == sorted(path.name for path in IMAGES.iterdir())
    assert [name for name, alt in shown.items() if len(alt) < SHORTEST_DESCRIPTION] == []


def test_no_picture_is_large() -> None:
    assert [path.name for path in IMAGES.iterdir() if path.stat().st_size > MOST_BYTES] == []


def test_a_picture_with_a_palette_has_the_same_colors(tmp_path: Path) -> None:
    page = quarters()
    path = tmp_path / "page.png"

    write_picture(encoded(page, "PNG", compress_level=0), path)

    written = Image.open(path)
    assert written.mode == "P"
    assert corners(written) == ["red", "green", "blue"]
    assert written.convert("RGB").getpixel((5, 5)) == page.getpixel((5, 5))


def test_a_rare_color_stays_what_it_is(tmp_path: Path) -> None:
    page = Image.linear_gradient("L").convert("RGB").resize((1200, 800))
    page.paste(YELLOW, (10, 10, 22, 22))
    path = tmp_path / "page.png"

    write_picture(encoded(page, "PNG", compress_level=0), path)

    written = Image.open(path).convert("RGB").getpixel((15, 15))
    assert isinstance(written, tuple)
    assert max(abs(a - b) for a, b in zip(written, YELLOW, strict=True)) < BARELY_SEEN


def test_the_ground_of_a_page_keeps_its_color(tmp_path: Path) -> None:
    page = Image.new("RGB", (800, 600), PAPER)
    for number in range(120):
        tint = tuple(part + number % 3 for part in PAPER)
        page.paste(tint, (20 + 6 * number, 20, 23 + 6 * number, 580))
    down = Image.linear_gradient("L").resize((300, 600))
    across, around = down.rotate(90), Image.radial_gradient("L").resize((300, 600))
    page.paste(Image.merge("RGB", (down, across.resize((300, 600)), around)), (500, 0))
    path = tmp_path / "page.png"

    write_picture(encoded(page, "PNG", compress_level=0), path)

    assert Image.open(path).convert("RGB").getpixel((5, 5)) == PAPER


def test_a_machine_without_chromium_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(StackError, match="Chromium is required"):
        find_chromium()
