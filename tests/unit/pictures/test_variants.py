"""The sizes and the names of the files of a picture."""

import pytest

from pictures.variants import Size, file_names, is_file_name, sizes_of

HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ((3000, 2000), [(480, 320), (960, 640), (1920, 1280)]),
        ((1920, 1080), [(480, 270), (960, 540), (1920, 1080)]),
        ((1200, 800), [(480, 320), (960, 640), (1200, 800)]),
        ((961, 961), [(480, 480), (960, 960), (961, 961)]),
        ((960, 100), [(480, 50), (960, 100)]),
        ((481, 100), [(480, 100), (481, 100)]),
        ((480, 300), [(480, 300)]),
        ((1, 1), [(1, 1)]),
        ((20_000, 1), [(480, 1), (960, 1), (1920, 1)]),
        ((2500, 20_000), [(480, 3840), (720, 5760)]),
        ((1, 20_000), [(1, 20_000)]),
    ],
)
def test_a_picture_is_scaled_down_and_never_up(
    original: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    sizes = sizes_of(Size(*original))

    assert [(size.width, size.height) for size in sizes[:-1]] == expected[:-1]
    assert sizes[-1].width == expected[-1][0]
    assert sizes[-1].height == min(expected[-1][1], 5760)


@pytest.mark.parametrize(("widest", "widths"), [(1920, [480, 960, 1920]), (700, [480, 700])])
def test_the_names_of_all_files_follow_from_the_widest(widest: int, widths: list[int]) -> None:
    names = file_names(HASH, widest)

    assert names == [f"{HASH}-{width}.webp" for width in widths]
    assert all(is_file_name(name) for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "",
        HASH,
        f"{HASH}.webp",
        f"{HASH}-480.png",
        f"{HASH}-480.webp\n",
        f"{HASH.upper()}-480.webp",
        f"{HASH}-0.webp",
        f"{HASH}-0480.webp",
        f"{HASH}-48000.webp",
        f"../{HASH}-480.webp",
        f"{HASH}-٤٨٠.webp",
    ],
)
def test_another_text_is_no_name_of_a_file(text: str) -> None:
    assert not is_file_name(text)
