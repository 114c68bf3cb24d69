"""The logos of organizers and sponsors in the examples: a sign of few shapes, in one ink."""

from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw

_SIDE: Final = 1200
"""Drawn in double size, which makes the edges smooth."""

_PAPER: Final = "#f6f5f0"

Shapes = Callable[[ImageDraw.ImageDraw, str], None]


def _ring(pen: ImageDraw.ImageDraw, ink: str) -> None:
    pen.ellipse((220, 220, 980, 980), outline=ink, width=90)
    pen.ellipse((520, 520, 680, 680), fill=ink)


def _hat(pen: ImageDraw.ImageDraw, ink: str) -> None:
    pen.rounded_rectangle((400, 330, 800, 760), radius=130, fill=ink)
    pen.ellipse((180, 680, 1020, 860), fill=ink)
    pen.rectangle((400, 620, 800, 680), fill=_PAPER)


def _spark(pen: ImageDraw.ImageDraw, ink: str) -> None:
    pen.polygon([(680, 180), (300, 660), (560, 660), (480, 1020), (900, 520), (620, 520)], fill=ink)


def _sunrise(pen: ImageDraw.ImageDraw, ink: str) -> None:
    pen.pieslice((280, 320, 920, 960), 180, 360, fill=ink)
    for row in range(3):
        pen.rectangle((200 + 90 * row, 720 + 80 * row, 1000 - 90 * row, 752 + 80 * row), fill=ink)


def _weave(pen: ImageDraw.ImageDraw, ink: str) -> None:
    for row in range(4):
        for column in range(4):
            x, y = 240 + 190 * column, 240 + 190 * row
            lies = (row + column) % 2
            shape = (x, y + 45, x + 150, y + 105) if lies else (x + 45, y, x + 105, y + 150)
            pen.rectangle(shape, fill=ink)


def _fern(pen: ImageDraw.ImageDraw, ink: str) -> None:
    pen.line((600, 200, 600, 1020), fill=ink, width=34)
    for step in range(7):
        y, reach = 860 - 95 * step, 330 - 40 * step
        for side in (-1, 1):
            pen.line((600, y, 600 + side * reach, y - 0.6 * reach), fill=ink, width=40)


def _waves(pen: ImageDraw.ImageDraw, ink: str) -> None:
    for row in range(3):
        for column in range(3):
            x, y = 210 + 260 * column, 340 + 200 * row
            pen.arc((x, y, x + 260, y + 190), 180, 360, fill=ink, width=56)


def _oceans(pen: ImageDraw.ImageDraw, ink: str) -> None:
    pen.ellipse((180, 340, 700, 860), outline=ink, width=70)
    pen.ellipse((500, 340, 1020, 860), outline=ink, width=70)


def _felt(pen: ImageDraw.ImageDraw, ink: str) -> None:
    pen.ellipse((220, 220, 980, 980), fill=ink)
    for x in (470, 630):
        pen.ellipse((x, 300, x + 100, 660), fill=_PAPER)
    pen.ellipse((420, 540, 780, 880), fill=_PAPER)


MARKS: Final[dict[str, tuple[Shapes, str]]] = {
    "mark-atelier": (_ring, "#1d1d1b"),
    "mark-hatter": (_hat, "#2e2a25"),
    "mark-spark": (_spark, "#b3401f"),
    "mark-sunrise": (_sunrise, "#c2542d"),
    "mark-loom": (_weave, "#34549f"),
    "mark-fern": (_fern, "#2f5a3b"),
    "mark-tide": (_waves, "#23535c"),
    "mark-oceans": (_oceans, "#1f3f6b"),
    "mark-felt": (_felt, "#5c5148"),
}


def mark(name: str) -> Image.Image:
    """Raises KeyError if there is none of this name."""
    shapes, ink = MARKS[name]
    image = Image.new("RGB", (_SIDE, _SIDE), _PAPER)
    shapes(ImageDraw.Draw(image), ink)
    return image.resize((_SIDE // 2, _SIDE // 2), Image.Resampling.LANCZOS)
