"""Converts one upload to WebP, as a process of its own: ``python -m pictures.convert``.

The upload arrives on stdin. On stdout, one line of JSON is followed by the files that it lists::

    {"variants": [{"width": 480, "height": 320, "bytes": 20113}, …]}

or has the reason of a refusal, ``{"refused": "too_many_pixels", "width": …, "height": …}``.

A decoder of images is the part of the system that takes the most complex input from strangers. So
the process has no settings and no secrets in its environment, writes no files, and has limits of
memory and time that the kernel enforces. A crash is a refused upload.
"""

import json
import os
import resource
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageCms, UnidentifiedImageError

from pictures.variants import MAX_PIXELS, MAX_SIDE, Reason, Size, sizes_of

FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF")

MEMORY_BYTES: Final = 1024**3
"""Address space, with the interpreter and its libraries. Fifty million pixels with transparency
take 200 MB, and as much again while they are scaled."""

CPU_SECONDS: Final = 20

QUALITY: Final = 82

_ORIENTATION: Final = 0x0112
"""The EXIF tag."""

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By orientation. Those from 5 on swap the sides."""
_FIRST_SWAPPED: Final = 5

_BROKEN: Final = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    ValueError,
    struct.error,
)
"""What Pillow's decoders raise."""

_SIXTEEN_BIT: Final = ("I", "I;16", "I;16L", "I;16B", "I;16N")
_TO_EIGHT_BIT: Final = 1 / 257

_SRGB: Final = ImageCms.createProfile("sRGB")


class Refused(Exception):
    """``params`` are members of the answer."""

    def __init__(self, reason: Reason, **params: int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.params = params


def main() -> None:
    limit_resources()
    files: list[bytes] = []
    answer: dict[str, Any]
    try:
        variants = list(encoded_variants(sys.stdin.buffer.read()))
    except Refused as refusal:
        answer = {"refused": refusal.reason, **refusal.params}
    else:
        files = [content for _, content in variants]
        answer = {
            "variants": [
                {"width": size.width, "height": size.height, "bytes": len(content)}
                for size, content in variants
            ]
        }
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.writelines(files)


def limit_resources() -> None:
    with suppress(ValueError, OSError):  # macOS has no limit of address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # other requests come first


def encoded_variants(upload: bytes) -> Iterator[tuple[Size, bytes]]:
    """From the narrowest to the widest.

    Raises:
        Refused: see :class:`pictures.variants.Reason`.
    """
    image = opened(upload)
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
        swapped = orientation in _TURNS and orientation >= _FIRST_SWAPPED
        sizes = sizes_of(Size(*reversed(image.size)) if swapped else Size(*image.size))
        widest = in_srgb(_first_frame_at(image, sizes[-1], swapped=swapped))
    except _BROKEN as error:
        raise Refused(Reason.DAMAGED) from error
    # Turned last, because that copies all pixels.
    upright = widest.transpose(_TURNS[orientation]) if orientation in _TURNS else widest
    for size in sizes:
        yield size, _webp(_scaled(upright, size))


def opened(upload: bytes) -> Image.Image:
    """The image with its size known and its pixels not decoded yet.

    Raises:
        Refused: it is of another format, or too large.
    """
    Image.MAX_IMAGE_PIXELS = None  # the limit here is stricter, and an error instead of a warning
    try:
        image = Image.open(BytesIO(upload), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Refused(Reason.NOT_AN_IMAGE) from error
    except _BROKEN as error:
        raise Refused(Reason.DAMAGED) from error
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused(Reason.TOO_MANY_PIXELS, width=width, height=height)
    return image


def _first_frame_at(image: Image.Image, size: Size, *, swapped: bool) -> Image.Image:
    """As it is stored, at the size that it has when it is turned upright."""
    stored = Size(size.height, size.width) if swapped else size
    # A JPEG is decoded at no more than the scale that is needed.
    image.draft(None, (stored.width, stored.height))
    scaled = _scaled(_scalable(image), stored)
    scaled.info = {"icc_profile": image.info.get("icc_profile")}
    return scaled


def _scalable(image: Image.Image) -> Image.Image:
    """In a mode whose values can be averaged."""
    image.load()
    if image.mode in _SIXTEEN_BIT:
        return image
    if image.mode in ("P", "PA") or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _scaled(image: Image.Image, size: Size) -> Image.Image:
    wanted = (size.width, size.height)
    if image.size == wanted:
        return image
    return image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)


def in_srgb(image: Image.Image) -> Image.Image:
    """In the colours of the web, as RGB or RGBA."""
    profile = image.info.get("icc_profile")
    if image.mode in _SIXTEEN_BIT:
        image = image.convert("I").point(lambda value: value * _TO_EIGHT_BIT).convert("L")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        converted = _by_profile(image, profile)
        if converted is not None:
            return converted
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """None if the profile is unusable: then the image is shown as if it had none."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):
        return None


def _webp(image: Image.Image) -> bytes:
    """Without metadata: an option that is not given is taken from the image."""
    image.info = {}
    output = BytesIO()
    image.save(output, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return output.getvalue()


if __name__ == "__main__":
    main()
