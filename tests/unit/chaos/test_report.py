"""The report of a run: a table, and for a violation all that led to it."""

import io
from collections import Counter
from dataclasses import replace
from typing import Any

from rich.console import Console

from tests.chaos.asking import Ledger
from tests.chaos.judge import Harm, RunEvidence, Violation
from tests.chaos.plan import FaultKind
from tests.chaos.report import WIDTH, failure, show
from tests.chaos.running import Result

WRONG = [
    Violation(Harm.LOST, "eventSetup/title is None", session_id="session-7"),
    Violation(Harm.DOUBLED, "checkouts: the order has 2", order_id="order-3"),
]


def result(**changed: Any) -> Result:
    return Result(
        **{
            "seed": 3,
            "seconds": 90.0,
            "faults": Counter({(FaultKind.KILL, "api"): 2, (FaultKind.KILL, "worker"): 1}),
            "ledger": Ledger(
                tried=9,
                acknowledged=7,
                refused=2,
                longest_silence=(4.25, 31.0),
                slowest=(8.5, "save"),
            ),
            "evidence": RunEvidence([], [], [], [], []),
            "settled_after": 2.0,
            "violations": WRONG,
            "log": ["  operations of session-7:", "    save: 200"],
            **changed,
        }
    )


def table_of(shown: Result) -> dict[str, str]:
    """The last cell of each row, by the first."""
    output = io.StringIO()
    show(shown, Console(file=output, width=WIDTH))
    lines = [line.strip() for line in output.getvalue().splitlines()]
    rows = (line.split("  ", 1) for line in lines if "  " in line)
    return {name.strip(): value.strip() for name, value in rows}


def test_the_table_has_faults_operations_and_harm() -> None:
    rows = table_of(result())

    assert rows["faults"] == "3"
    assert rows["kill"] == "3 (api 2, worker 1)"
    assert rows["operations tried"] == "9"
    assert rows["acknowledged"] == "7"
    assert rows["longest time without an answer"] == "4.2 s (until 31 s)"
    assert rows["slowest operation"] == "8.5 s (save)"
    assert [rows[harm] for harm in ("lost", "doubled", "stuck", "wrong")] == ["1", "1", "0", "0"]


def test_a_failure_has_seed_violations_and_operations() -> None:
    text = failure(result())

    assert text.startswith("seed 3: 2 violations")
    assert "lost: eventSetup/title is None session-7" in text
    assert "doubled: checkouts: the order has 2 order-3" in text
    assert "    save: 200" in text
    assert "make chaos SEED=3 MINUTES=1.5" in text


def test_a_run_that_is_right_shows_zeros() -> None:
    rows = table_of(replace(result(), violations=[]))
    assert {rows[harm] for harm in ("lost", "doubled", "stuck", "wrong")} == {"0"}
