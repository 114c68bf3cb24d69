"""The documents say what was recorded, and what is computed from it."""

from pathlib import Path

import pytest

from benchmarks.documents import DOCUMENTS, recorded, renewed
from benchmarks.targets import TARGETS, judged


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_tables_are_those_of_the_recorded_run(path: Path) -> None:
    text = path.read_text()
    assert renewed(text, recorded()) == text, "run: python -m benchmarks.documents"


def test_every_target_was_measured() -> None:
    measured = [each.name for each in judged(recorded()) if each.measured is not None]
    assert measured == [each.name for each in TARGETS]


def test_a_target_is_met_at_its_limit_and_not_beyond() -> None:
    lag = next(each for each in TARGETS if each.part == "lag")
    verdicts = [lag.judge({"lag": {"p99_ms": value}}) for value in (250, 251)]
    assert [each.verdict for each in verdicts] == ["met", "NOT MET"]
