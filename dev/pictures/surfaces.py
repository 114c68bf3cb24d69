"""How light falls on the surfaces that are drawn: the brightness of a point, from 0 to 1.

A surface is a function of a point, ``x`` and ``y`` from 0 to 1, and of two smooth noises at that
point. It is evaluated on a coarse grid, which the drawing enlarges.
"""

import math
from collections.abc import Callable
from typing import Final

Surface = Callable[[float, float, float, float], float]

_HEAD: Final = 0.30
"""The radius of a hat's crown."""
_BRIM: Final = 0.43
_SCREW: Final = 0.24
_SLOT, _SLOT_WIDTH = 0.19, 0.03


def folds(angle: float, count: float, *, bend: float, sharpness: float) -> Surface:
    """Cloth in folds across ``angle`` (radians), with bright edges if it is sharp, as satin."""
    across, along = math.cos(angle), math.sin(angle)

    def brightness(x: float, y: float, first: float, second: float) -> float:
        phase = math.tau * count * (x * across + y * along + bend * (first - 0.5))
        broad = 0.5 + 0.5 * math.sin(phase + 2.2 * second)
        fine = 0.5 + 0.5 * math.sin(2.3 * phase + 5.0 * first)
        return 0.72 * math.pow(broad, sharpness) + 0.28 * math.pow(fine, 2 * sharpness) * (
            0.3 + 0.7 * second
        )

    return brightness


def hat(x: float, y: float, first: float, second: float) -> float:
    """A felt hat from above, on pale paper, with light from the upper left."""
    dx, dy = (x - 0.52) * 1.25, (y - 0.5) * 1.08
    turned = dx * 0.92 - dy * 0.38, dx * 0.38 + dy * 0.92
    radius, lit = math.hypot(turned[0], turned[1] * 1.18), -(dx + dy)
    if radius > _BRIM:
        shadow = max(0.0, 1 - (radius - _BRIM) / 0.16) * (0.5 - lit)
        return 0.86 - 0.45 * max(0.0, shadow) + 0.05 * (first - 0.5)
    edge = max(0.0, 1 - (_BRIM - radius) / 0.018)
    if radius > _HEAD * 0.86:
        band = max(0.0, 1 - (radius - _HEAD * 0.86) / 0.035)
        return 0.30 + 0.16 * lit + 0.18 * edge + 0.07 * (second - 0.5) - 0.22 * band
    crease = math.exp(-((turned[1] / 0.055) ** 2)) * (1 - radius / _HEAD)
    return 0.27 + 0.42 * lit * (radius / _HEAD) - 0.16 * crease + 0.06 * (first - 0.5)


def paper(x: float, y: float, first: float, second: float) -> float:
    """Strips of paper, woven at an angle."""
    across = (x * 0.97 - y * 0.24) * 9 + 0.04 * first
    down = (x * 0.30 + y * 0.95) * 8 + 0.04 * second
    column, row = across % 2 < 1, down % 2 < 1
    tone = 0.93 if column and row else 0.55 if not column and not row else 0.78
    edge = min(across % 1, 1 - across % 1, down % 1, 1 - down % 1)
    return tone - 0.10 * max(0.0, 1 - edge / 0.035) + 0.05 * (first - 0.5)


def water(x: float, y: float, first: float, second: float) -> float:
    """A shore at low tide: a pale sky, and ridges of sand that grow towards the viewer."""
    horizon = 0.38
    if y < horizon:
        return 0.62 + 0.33 * (y / horizon) ** 2 + 0.05 * (first - 0.5)
    depth = (y - horizon) / (1 - horizon) + 0.012
    ridge = math.sin(30 * math.log(depth) + 7 * first + 2.5 * x + 3 * second)
    wet = 0.5 + 0.5 * math.sin(4 * first + 9 * math.pow(depth, 0.4))
    return (
        0.30
        + 0.36 * math.pow(0.5 + 0.5 * ridge, 1.6) * (0.55 + 0.45 * wet)
        + 0.20 * (1 - depth) ** 3
    )


def screws(x: float, y: float, first: float, second: float) -> float:
    """Nine screws in rows on brushed steel."""
    column, row = math.floor(x * 3), math.floor(y * 3)
    dx, dy = (x * 3 - column - 0.5) * 1.25, y * 3 - row - 0.5
    radius = math.hypot(dx, dy)
    plate = 0.60 + 0.16 * math.sin(3 * y + 2 * first) + 0.10 * (x - y) + 0.03 * second
    if radius > _SCREW:
        shadow = max(0.0, 1 - math.hypot(dx - 0.035, dy - 0.045) / 0.33)
        return plate - 0.6 * shadow
    turn = 0.7 * (column + 1) + 1.9 * row
    slot = abs(dx * math.cos(turn) + dy * math.sin(turn)) < _SLOT_WIDTH and radius < _SLOT
    rim = max(0.0, 1 - (_SCREW - radius) / 0.05)
    shine = 0.5 + 0.5 * math.sin(2 * math.atan2(dy, dx) + 0.8)
    return 0.12 if slot else 0.58 + 0.30 * shine * (1 - rim) - 0.55 * rim * (dx + dy)
