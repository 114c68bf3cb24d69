"""The report of played sales: a table, and for a violation all that led to it."""

import io
from collections import Counter

from rich.console import Console

from tests.sales.judge import Violation
from tests.sales.playing import Played
from tests.sales.report import IN_PROCESS, WIDTH, Group, failure, show

FINE = Played(1, 4.0, Counter(paid=9, expired=3), sold=20, capacity=20, refused=2)
WRONG = Played(
    2,
    6.0,
    Counter(paid=8),
    sold=21,
    capacity=20,
    violations=[
        Violation("oversold", "the event: 21 of 20 are sold"),
        Violation("still held", "its state is open", "order-7"),
        Violation("answer", "buyer 3: 500"),
    ],
    log=["10:00:00 buyer 3: order", "  history of order-7:", "    workflow_execution_started"],
)


def table_of(*played: Played) -> dict[str, str]:
    """The last cell of each row, by the first."""
    output = io.StringIO()
    show([Group(IN_PROCESS, played, 10.0)], Console(file=output, width=WIDTH))
    lines = [line.strip() for line in output.getvalue().splitlines()]
    rows = (line.rsplit("  ", 1) for line in lines if "  " in line)
    return {name.strip(): value.strip() for name, value in rows}


def test_the_table_has_sums_of_all_seeds() -> None:
    rows = table_of(FINE, WRONG)

    assert rows["seeds"] == "2"
    assert rows["tickets sold"] == "41"
    assert rows["orders"] == "20"
    assert rows["paid"] == "17"
    assert rows["sold out"] == "1 seeds"
    assert rows["oversold"] == "1"
    assert rows["still held"] == "1"
    assert rows["other violations"] == "1"


def test_the_table_of_no_seed_is_empty() -> None:
    assert table_of()["seeds"] == "0"


def test_a_failure_has_seed_operations_and_history() -> None:
    text = failure(WRONG)

    assert text.startswith("seed 2: 3 violations")
    assert "oversold: the event: 21 of 20 are sold" in text
    assert "still held: its state is open order-7" in text
    assert "buyer 3: order" in text
    assert "history of order-7" in text
    assert "make sales SEED=2" in text
