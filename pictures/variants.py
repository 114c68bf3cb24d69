"""The sizes in which a picture is stored, and the names of its files.

A file is named ``{hash}-{width}.webp``. The hash is that of all files of the picture, so that the
content of a name never changes, whichever release of the encoder has written it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from domain.values.pictures import WIDTHS, widths_up_to

MAX_HEIGHT: Final = 5760
"""Pixels. Three times the largest width; WebP itself ends at 16,383."""

MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 20_000
"""Limits of an upload, in pixels."""

MEDIA_TYPE: Final = "image/webp"

_NAME: Final = re.compile(r"([0-9a-f]{64})-([1-9][0-9]{0,3})\.webp")


class Reason(StrEnum):
    """Why an upload is refused."""

    NOT_AN_IMAGE = "not_an_image"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_COMPLEX = "too_complex"


@dataclass(frozen=True)
class Size:
    """In pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Variant:
    """One file of a picture."""

    size: Size
    content: bytes


@dataclass(frozen=True)
class ConvertedPicture:
    """A converted upload."""

    variants: Sequence[Variant]
    """From the narrowest to the widest."""

    @property
    def size(self) -> Size:
        return self.variants[-1].size

    @property
    def stored_bytes(self) -> int:
        return sum(len(variant.content) for variant in self.variants)

    @property
    def hash(self) -> str:
        """In hexadecimal."""
        return sha256(b"".join(variant.content for variant in self.variants)).hexdigest()


def sizes_of(original: Size) -> list[Size]:
    """The sizes of the variants of an upload, from the narrowest to the widest."""
    fitting = min(1.0, WIDTHS[-1] / original.width, MAX_HEIGHT / original.height)
    widest = max(1, round(original.width * fitting))
    return [Size(width, _height_at(width, original)) for width in widths_up_to(widest)]


def _height_at(width: int, original: Size) -> int:
    """In proportion, within the limit: a width of one pixel cannot be scaled further."""
    return min(MAX_HEIGHT, max(1, round(original.height * width / original.width)))


def file_name(content_hash: str, width: int) -> str:
    return f"{content_hash}-{width}.webp"


def is_file_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def file_names(content_hash: str, widest: int) -> list[str]:
    """All files of a picture whose widest variant has this width."""
    return [file_name(content_hash, width) for width in widths_up_to(widest)]
