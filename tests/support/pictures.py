"""Pictures of all kinds, drawn by Pillow."""

from io import BytesIO
from typing import Any

from PIL import Image

RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 200)

GPS = 0x8825
ORIENTATION = 0x0112


def quarters(width: int = 1200, height: int = 800) -> Image.Image:
    """Red at the top left, green at the top right, blue below."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    return image


def encoded(image: Image.Image, image_format: str = "JPEG", **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, image_format, **options)
    return output.getvalue()


def decoded(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def corners(image: Image.Image) -> list[str]:
    """The colours at the top left, top right and bottom left, by name."""
    names = {"red": RED, "green": GREEN, "blue": BLUE}
    width, height = image.size
    points = [
        (width // 8, height // 8),
        (7 * width // 8, height // 8),
        (width // 8, 7 * height // 8),
    ]
    return [_nearest(image.convert("RGB"), point, names) for point in points]


def _nearest(
    image: Image.Image, point: tuple[int, int], names: dict[str, tuple[int, int, int]]
) -> str:
    found = image.getpixel(point)
    assert isinstance(found, tuple)

    def distance(name: str) -> float:
        return sum(abs(a - b) for a, b in zip(found, names[name], strict=True))

    nearest = min(names, key=distance)
    return nearest if distance(nearest) < 90 else str(found)


def oriented(orientation: int) -> bytes:
    """A photo as a camera stores it that was held at this EXIF orientation; upright, it has the
    colours of ``quarters(600, 400)``."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    upright = quarters(600, 400)
    image = upright if undo is None else upright.transpose(undo)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(image, exif=exif)


def with_place() -> bytes:
    """A photo with the coordinates at which it was taken, the camera, a comment and XMP."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[GPS] = {1: "N", 2: (59.0, 19.0, 46.0), 3: "E", 4: (18.0, 4.0, 7.0)}
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretXmp</x:xmpmeta>"
    return encoded(quarters(), exif=exif, xmp=xmp, comment=b"SecretComment")
