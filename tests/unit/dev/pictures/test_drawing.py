"""The drawings of the examples."""

from io import BytesIO

import pytest
from PIL import Image

from dev.pictures.drawing import draw, names


@pytest.mark.parametrize("name", ["felt", "mark-hatter"])
def test_a_drawing_is_a_picture_with_contrast_that_is_the_same_again(name: str) -> None:
    drawn = draw(name)
    image = Image.open(BytesIO(drawn))

    assert image.format == "JPEG"
    levels = set(image.convert("L").tobytes())
    assert max(levels) - min(levels) > 100
    draw.cache_clear()
    assert draw(name) == drawn


def test_drawings_differ() -> None:
    marks = [name for name in names() if name.startswith("mark-")]
    assert len({draw(name) for name in marks}) == len(marks)
