"""Uploads of all kinds, converted by the process that also converts them in production."""

import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms

from domain.errors import InvalidImage
from pictures.images import ImageConverter
from pictures.variants import ConvertedPicture
from tests.support.pictures import (
    BLUE,
    GREEN,
    RED,
    corners,
    decoded,
    encoded,
    oriented,
    quarters,
    with_place,
)

AS_DRAWN = ["red", "green", "blue"]


async def convert(upload: bytes) -> ConvertedPicture:
    return await ImageConverter().convert(upload)


def widest(picture: ConvertedPicture) -> Image.Image:
    return decoded(picture.variants[-1].content)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_every_format_becomes_webp(image_format: str) -> None:
    picture = await convert(encoded(quarters(), image_format))

    assert [variant.size.width for variant in picture.variants] == [480, 960, 1200]
    for variant in picture.variants:
        image = decoded(variant.content)
        assert (image.format, image.size) == ("WEBP", (variant.size.width, variant.size.height))
        assert corners(image) == AS_DRAWN


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_is_turned_upright(orientation: int) -> None:
    picture = await convert(oriented(orientation))

    assert (picture.size.width, picture.size.height) == (600, 400)
    assert corners(widest(picture)) == AS_DRAWN


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "AVIF"])
async def test_the_first_frame_of_an_animation_is_taken(image_format: str) -> None:
    frames = [Image.new("RGB", (600, 400), color) for color in (RED, GREEN, BLUE)]
    animated = encoded(
        frames[0], image_format, save_all=True, append_images=frames[1:], duration=100
    )
    assert getattr(decoded(animated), "n_frames", 1) == 3

    image = widest(await convert(animated))

    assert getattr(image, "n_frames", 1) == 1
    assert corners(image) == ["red", "red", "red"]


async def test_a_photo_with_a_second_picture_is_the_first() -> None:
    """As cameras of two lenses store it (MPO), in a file that is named JPEG."""
    first, second = quarters(600, 400), Image.new("RGB", (600, 400), BLUE)
    photo = encoded(first, "MPO", save_all=True, append_images=[second])

    assert corners(widest(await convert(photo))) == AS_DRAWN


async def test_a_print_in_cmyk_keeps_its_colours() -> None:
    image = widest(await convert(encoded(quarters().convert("CMYK"), "JPEG")))

    assert image.mode == "RGB"
    assert corners(image) == AS_DRAWN


def png_of_16_bits(color: tuple[int, int, int]) -> bytes:
    """Pillow reads colours of 16 bits, and does not write them."""
    row = b"\0" + struct.pack(">3H", *(value * 257 for value in color)) * 600

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 600, 400, 16, 2, 0, 0, 0)
    content = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 400)) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + content


async def test_colours_of_16_bits_are_kept() -> None:
    image = widest(await convert(png_of_16_bits(RED)))

    assert corners(image) == ["red", "red", "red"]


@pytest.mark.parametrize(("stored", "shown"), [(0, 0), (32_896, 128), (51_400, 200), (65_535, 255)])
async def test_grey_of_16_bits_is_scaled_and_not_cut(stored: int, shown: int) -> None:
    image = widest(await convert(encoded(Image.new("I;16", (600, 400), stored), "PNG")))

    grey = image.convert("L").getpixel((300, 200))
    assert isinstance(grey, int)
    assert abs(grey - shown) <= 2


def transparent() -> Image.Image:
    """A red square on nothing."""
    image = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 300, 200))
    return image


@pytest.mark.parametrize(
    ("image_format", "image"),
    [
        ("PNG", transparent()),
        ("WEBP", transparent()),
        ("AVIF", transparent()),
        ("PNG", transparent().quantize(16)),
        ("PNG", transparent().convert("LA")),
    ],
    ids=["PNG", "WebP", "AVIF", "palette", "grey"],
)
async def test_transparency_is_kept(image_format: str, image: Image.Image) -> None:
    found = widest(await convert(encoded(image, image_format))).convert("RGBA")

    for point, expected in (((75, 50), 255), ((525, 350), 0)):
        pixel = found.getpixel(point)
        assert isinstance(pixel, tuple)
        assert abs(pixel[3] - expected) <= 3


async def test_black_and_white_is_smoothed() -> None:
    stripes = Image.new("1", (4000, 400))
    for column in range(0, 4000, 2):
        stripes.paste(1, (column, 0, column + 1, 400))

    grey = widest(await convert(encoded(stripes, "PNG"))).convert("L").getpixel((500, 50))

    assert isinstance(grey, int)
    assert 100 < grey < 155


def profile_that_swaps_red_and_green() -> bytes:
    """The profile of sRGB, with the names of two primary colours exchanged."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_colours_are_those_of_the_profile(image_format: str) -> None:
    profile = profile_that_swaps_red_and_green()

    image = widest(await convert(encoded(quarters(600, 400), image_format, icc_profile=profile)))

    assert corners(image) == ["green", "red", "blue"]
    assert "icc_profile" not in image.info


async def test_an_unusable_colour_profile_is_ignored() -> None:
    image = widest(await convert(encoded(quarters(), "JPEG", icc_profile=b"not a profile")))

    assert corners(image) == AS_DRAWN


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12", b"Exif\0\0"]
)
async def test_broken_metadata_is_ignored(exif: bytes) -> None:
    image = widest(await convert(encoded(quarters(300, 200), "JPEG", exif=exif)))

    assert corners(image) == AS_DRAWN


async def test_place_camera_and_comments_are_gone() -> None:
    sent = with_place()
    assert sent.count(b"Secret") == 3

    picture = await convert(sent)

    for variant in picture.variants:
        assert b"Secret" not in variant.content
        assert b"EXIF" not in variant.content
        assert not decoded(variant.content).getexif()


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_what_follows_or_hides_in_a_picture_is_dropped(image_format: str) -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    picture = await convert(encoded(quarters(600, 400), image_format) + hidden)

    assert corners(widest(picture)) == AS_DRAWN
    assert all(hidden not in variant.content for variant in picture.variants)


async def refusal(upload: bytes) -> InvalidImage:
    with pytest.raises(InvalidImage) as refused:
        await convert(upload)
    return refused.value


NO_IMAGE: dict[str, bytes] = {
    "nothing": b"",
    "SVG": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'></svg>",
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "PDF": b"%PDF-1.7\n",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "GIF": encoded(quarters(), "GIF"),
    "TIFF": encoded(quarters(), "TIFF"),
    "BMP": encoded(quarters(100, 100), "BMP"),
    "a polyglot that begins as HTML": b"<html><!--" + encoded(quarters(), "PNG") + b"--></html>",
}


@pytest.mark.parametrize("upload", NO_IMAGE.values(), ids=NO_IMAGE)
async def test_another_file_is_no_image(upload: bytes) -> None:
    error = await refusal(upload)

    assert error.extra == {"reason": "not_an_image"}


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_a_truncated_picture_is_refused(image_format: str) -> None:
    whole = encoded(Image.effect_noise((300, 200), 80).convert("RGB"), image_format)

    for part in (0.1, 0.9):
        error = await refusal(whole[: int(len(whole) * part)])
        assert error.extra["reason"] in {"damaged", "not_an_image"}


@pytest.mark.parametrize(
    ("width", "height"), [(12_000, 12_000), (20_001, 10), (10, 20_001), (7072, 7071)]
)
async def test_a_picture_with_too_many_pixels_is_refused(width: int, height: int) -> None:
    error = await refusal(encoded(Image.new("1", (width, height)), "PNG"))

    assert error.extra == {"reason": "too_many_pixels"}
    assert f"{width} by {height} pixels" in error.detail


@pytest.mark.parametrize(("width", "height"), [(20_000, 1), (1, 20_000), (7071, 7071)])
async def test_a_picture_at_the_limit_is_converted(width: int, height: int) -> None:
    image = Image.new("P", (width, height))
    image.putpalette([*RED])

    picture = await convert(encoded(image, "PNG", transparency=5))

    assert corners(widest(picture)) == ["red", "red", "red"]


@pytest.mark.parametrize("options", [{"progressive": True}, {"quality": 100, "subsampling": 0}])
async def test_other_kinds_of_jpeg_are_converted(options: dict[str, Any]) -> None:
    assert corners(widest(await convert(encoded(quarters(), "JPEG", **options)))) == AS_DRAWN


async def test_the_hash_is_that_of_the_stored_files() -> None:
    first = await convert(encoded(quarters(300, 200), "PNG"))
    other_bytes = await convert(encoded(quarters(300, 200), "PNG", compress_level=0))
    other_picture = await convert(encoded(quarters(300, 201), "PNG"))

    assert first.hash == other_bytes.hash
    assert first.hash != other_picture.hash
