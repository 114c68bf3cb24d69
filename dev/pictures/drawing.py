"""Draws the pictures by name, the same on each machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageFilter, ImageOps

from dev.pictures.marks import MARKS, mark
from dev.pictures.surfaces import Surface, folds, hat, paper, screws, water

_LONG, _SHORT = 1920, 1536
_COARSE: Final = 4
"""A point of the grid is this many pixels wide and high."""

_NOISE: Final = 4
"""Points of a smooth noise along each side, before it is enlarged."""


@dataclass(frozen=True)
class Motif:
    surface: Surface
    dark: str
    middle: str
    light: str
    is_upright: bool = False
    grain: float = 0.07
    brushed: int = 0
    """Pixels over which the grain is drawn out sideways, as in steel and woven cloth."""

    @property
    def size(self) -> tuple[int, int]:
        return (_SHORT, _LONG) if self.is_upright else (_LONG, _SHORT)


MOTIFS: Final = {
    "pleats": Motif(
        folds(0.04, 7, bend=0.22, sharpness=0.9), "#4b463c", "#b9b3a4", "#f4f1e8", is_upright=True
    ),
    "satin": Motif(
        folds(0.95, 5, bend=0.42, sharpness=3.2), "#07080a", "#2a2d33", "#e3e6ec", grain=0.04
    ),
    "indigo": Motif(
        folds(0.62, 5, bend=0.38, sharpness=1.3), "#101b3d", "#34549f", "#a9bfe9", brushed=9
    ),
    "curtain": Motif(
        folds(0.0, 9, bend=0.12, sharpness=1.1), "#2b060a", "#8e1c22", "#e2716a", is_upright=True
    ),
    "felt": Motif(hat, "#101010", "#6b6a66", "#dcdad2", grain=0.13),
    "ribbon": Motif(folds(1.3, 4, bend=0.4, sharpness=1.8), "#33250f", "#a8824a", "#f3e3c0"),
    "paper": Motif(paper, "#55503f", "#b7b1a2", "#faf8f2", grain=0.05),
    "shore": Motif(water, "#23343b", "#7f969a", "#f1efe6", grain=0.06),
    "sand": Motif(
        folds(1.35, 11, bend=0.22, sharpness=1.2), "#6a5a45", "#b7a284", "#f1e5cf", grain=0.12
    ),
    "steel": Motif(screws, "#16181a", "#8b9093", "#f5f6f6", grain=0.10, brushed=41),
    "wire": Motif(
        folds(0.78, 12, bend=0.24, sharpness=2.4), "#190f0a", "#7a3c1e", "#f4b183", is_upright=True
    ),
}


@cache
def draw(name: str) -> bytes:
    """The picture as JPEG. Raises KeyError if there is none of this name."""
    output = BytesIO()
    picture = mark(name) if name in MARKS else _surface(name)
    picture.save(output, "JPEG", quality=88)
    return output.getvalue()


def names() -> list[str]:
    return [*MOTIFS, *MARKS]


def _surface(name: str) -> Image.Image:
    motif = MOTIFS[name]
    random = Random(name)  # noqa: S311 (noise, the same for each name)
    shade = _with_grain(_shade(motif, random), motif, random)
    return ImageOps.colorize(
        ImageOps.autocontrast(shade, cutoff=0.3), motif.dark, motif.light, motif.middle
    )


def _shade(motif: Motif, random: Random) -> Image.Image:
    width, height = (side // _COARSE for side in motif.size)
    first, second = (_smooth(random, width, height) for _ in range(2))
    values = bytearray(width * height)
    for number in range(width * height):
        y, x = divmod(number, width)
        level = motif.surface(x / width, y / height, first[number] / 255, second[number] / 255)
        values[number] = round(255 * min(1.0, max(0.0, level)))
    return Image.frombytes("L", (width, height), bytes(values)).resize(
        motif.size, Image.Resampling.BICUBIC
    )


def _smooth(random: Random, width: int, height: int) -> Sequence[int]:
    points = Image.frombytes("L", (_NOISE, _NOISE), random.randbytes(_NOISE * _NOISE))
    return points.resize((width, height), Image.Resampling.BICUBIC).tobytes()


def _with_grain(shade: Image.Image, motif: Motif, random: Random) -> Image.Image:
    width, height = motif.size
    short = width // motif.brushed if motif.brushed else width
    grain = Image.frombytes("L", (short, height), random.randbytes(short * height))
    grain = grain.resize(motif.size, Image.Resampling.BILINEAR)
    return Image.blend(shade, grain.filter(ImageFilter.GaussianBlur(0.8)), motif.grain)
