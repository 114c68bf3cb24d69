"""The median of the scores decides, and each category has its least."""

import pytest

from dev.screenshots.lighthouse import LEAST, is_enough, median, scores_of

PERFECT = dict.fromkeys(LEAST, 100.0)


def test_one_slow_run_of_three_does_not_count() -> None:
    runs = [{**PERFECT, "performance": score} for score in (60, 96, 97)]

    assert median(runs) == {**PERFECT, "performance": 96}


@pytest.mark.parametrize("category", LEAST)
def test_one_category_below_its_least_is_not_enough(category: str) -> None:
    assert is_enough(LEAST)
    assert not is_enough({**LEAST, category: LEAST[category] - 1})


def test_scores_are_of_a_hundred() -> None:
    categories = {name: {"score": 0.955} for name in LEAST}

    assert scores_of({"categories": categories}) == dict.fromkeys(LEAST, 96)


def test_category_that_was_not_measured_has_no_score() -> None:
    categories = {name: {"score": None} for name in LEAST}

    assert scores_of({"categories": categories}) == dict.fromkeys(LEAST, 0)
