"""Addresses of stored pictures, and of those of other sites."""

import pytest

from domain.values.pictures import (
    is_picture_url,
    picture_variants,
    widths_up_to,
    with_absolute_pictures,
)
from pictures.variants import Size, file_names, sizes_of

CONTENT = "ab" * 32
SITE = "https://tickets.example"


@pytest.mark.parametrize("url", [f"/media/{CONTENT}-1920.webp", "https://cdn.example/a.jpg"])
def test_stored_pictures_and_https_urls_are_picture_urls(url: str) -> None:
    assert is_picture_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/media/",
        f"/media/{CONTENT}.webp",
        f"/media/{CONTENT}-0.webp",
        f"/media/{CONTENT}-1920.png",
        f"/media/{CONTENT.upper()}-1920.webp",
        f"/media/../{CONTENT}-1920.webp",
        f"/media/{CONTENT}-1920.webp#x",
        f"/media/{CONTENT}-1920.webp\n",
        f"http://127.0.0.1/media/{CONTENT}-1920.webp",
        "//cdn.example/a.jpg",
    ],
)
def test_other_paths_are_no_picture_urls(url: str) -> None:
    assert not is_picture_url(url)


@pytest.mark.parametrize(
    ("widest", "widths"),
    [(320, [320]), (480, [480]), (700, [480, 700]), (1920, [480, 960, 1920])],
)
def test_variants_are_the_widths_up_to_that_of_the_picture(widest: int, widths: list[int]) -> None:
    for base in ("", SITE, "https://cdn.example/media/of/wizard"):
        expected = [(f"{base}/media/{CONTENT}-{width}.webp", width) for width in widths]
        assert picture_variants(f"{base}/media/{CONTENT}-{widest}.webp") == expected


@pytest.mark.parametrize("width", [1, 480, 481, 960, 1500, 1920, 4000])
def test_variants_are_the_files_that_are_stored(width: int) -> None:
    size = sizes_of(Size(width, 100))[-1]
    names = file_names(CONTENT, size.width)
    assert [part.width for part in sizes_of(Size(width, 100))] == widths_up_to(size.width)
    assert [url for url, _ in picture_variants(f"/media/{names[-1]}")] == [
        f"/media/{name}" for name in names
    ]


def test_pictures_of_other_sites_have_no_variants() -> None:
    assert picture_variants("https://cdn.example/a.jpg") == []
    assert picture_variants("https://cdn.example/media/a.webp") == []


def test_paths_become_absolute_at_every_depth() -> None:
    path = f"/media/{CONTENT}-480.webp"
    data = {
        "media": {"cover": {"url": path, "alt": path}, "gallery": [{"url": path}]},
        "sponsors": [{"name": "A", "url": "https://a.example", "logo": {"url": path}}],
        "hashtag": "#spring",
    }
    assert with_absolute_pictures(data, SITE) == {
        "media": {
            "cover": {"url": SITE + path, "alt": path},
            "gallery": [{"url": SITE + path}],
        },
        "sponsors": [{"name": "A", "url": "https://a.example", "logo": {"url": SITE + path}}],
        "hashtag": "#spring",
    }
