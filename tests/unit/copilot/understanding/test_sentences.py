"""What sentences of organizers say, by tables of sentences, facts and questions."""

from pathlib import Path

import pytest

from copilot.understanding import understand
from tests.unit.copilot.understanding.table import Row, rows

_FOLDER = Path(__file__).parent
TABLE = rows(_FOLDER / "sentences.txt")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence[:40])
def test_sentence_of_the_table_is_understood(row: Row) -> None:
    assert row.differences(understand(row.sentence, row.circumstances)) == []


def test_table_has_enough_sentences() -> None:
    assert len(TABLE) >= 80
    assert len({row.sentence for row in TABLE}) == len(TABLE)


OTHERS = [
    row
    for name in ("unseen", "later", "misread", "wider", "last", "misleading", "organizers")
    for row in rows(_FOLDER / f"sentences_{name}.txt")
]


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row.sentence[:40])
def test_sentence_of_another_table_is_understood(row: Row) -> None:
    assert row.differences(understand(row.sentence, row.circumstances)) == []


def test_a_difference_is_found() -> None:
    row = next(row for row in TABLE if row.sentence.startswith("Tonight at 8"))
    found = understand("Tomorrow at 19:00", row.circumstances)
    assert any(line.startswith("missing") for line in row.differences(found))
    assert any(line.startswith("not said") for line in row.differences(found))
