"""The documents have the recorded figures, and those computed from them."""

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.documents import DOCUMENTS, recorded, renewed
from benchmarks.targets import TARGETS, judged


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_have_the_tables_of_the_recorded_run(path: Path) -> None:
    text = path.read_text()
    assert renewed(text, recorded()) == text, "run: python -m benchmarks.documents"


def test_rows_have_labels_instead_of_json_names() -> None:
    labels = [row[0] for table in report.tables(recorded()) for row in table.rows]
    assert [label for label in labels if "_" in label] == []


def test_every_target_was_measured() -> None:
    measured = [target.name for target in judged(recorded()) if target.measured is not None]
    assert measured == [target.name for target in TARGETS]


def test_target_at_its_limit_is_met() -> None:
    lag = next(target for target in TARGETS if target.part == "lag")
    verdicts = [lag.judge({"lag": {"p99_ms": value}}) for value in (250, 251)]
    assert [judged_target.verdict for judged_target in verdicts] == ["met", "NOT MET"]
