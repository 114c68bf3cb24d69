"""The part *size* saves what it says, and its figures become targets and a table."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks import report
from benchmarks.parts.size import (
    EMPTY,
    EMPTY_MINIMAL,
    LARGE,
    LARGE_MINIMAL,
    OTHER_SECTIONS,
    SAVE_BYTES,
    text_of_save,
)
from benchmarks.targets import TARGETS
from domain.actors import Actor
from domain.session.changes import Stamp, save_stage
from domain.session.state import start_session, view_of
from domain.stages import Stage

NOW = datetime.now(UTC)


def figures(p50: float, history_bytes: float) -> dict[str, Any]:
    return {
        "p50_ms": p50,
        "p99_ms": 2 * p50,
        "rounds": [{"p50_ms": p50}],
        "history_bytes_per_save": history_bytes,
    }


MEASURED = {
    EMPTY: figures(10, 2000),
    LARGE: figures(12.5, 3000),
    EMPTY_MINIMAL: figures(10, 2000),
    LARGE_MINIMAL: figures(11, 3000),
}


@pytest.mark.parametrize("number", [1, 10, 10_000])
def test_save_has_a_body_of_100_bytes(number: int) -> None:
    assert len(json.dumps({"summary": text_of_save(number)})) == SAVE_BYTES


def test_other_sections_have_80_kb_of_valid_data() -> None:
    state = start_session("id", Actor(user_id="ada"), created_at=NOW)
    for stage, data in OTHER_SECTIONS.items():
        state = save_stage(state, Stage(stage), data, Stamp(NOW, state.owner, stage)).state
    view = view_of(state, NOW)
    stored = [view.stages[Stage(stage)] for stage in OTHER_SECTIONS]
    assert [shown.errors for shown in stored] == [[], []]
    assert sum(len(json.dumps(shown.data)) for shown in stored) == pytest.approx(80_000, rel=0.02)


def test_ratios_at_their_limits_are_met() -> None:
    judged = [target.judge({"size": MEASURED}) for target in TARGETS if target.part == "size"]
    assert [(target.measured, target.verdict) for target in judged] == [
        (1.5, "met"),
        (1.25, "met"),
        (1.1, "met"),
    ]


def test_table_compares_each_kind_of_save_with_that_of_the_empty_session() -> None:
    results = {"machine": {}, "size": MEASURED}
    (table,) = [table for table in report.tables(results) if table.title == "Size"]
    assert table.rows == [
        (EMPTY, "10.0", "20.0", "", "2000", ""),
        (LARGE, "12.5", "25.0", "1.25", "3000", "1.50"),
        (EMPTY_MINIMAL, "10.0", "20.0", "", "2000", ""),
        (LARGE_MINIMAL, "11.0", "22.0", "1.10", "3000", "1.50"),
    ]
