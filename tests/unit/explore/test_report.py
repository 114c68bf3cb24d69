"""The report of explored schedules: a table, and for a broken rule how to repeat it."""

import io

from rich.console import Console

from domain import ids
from tests.explore.played import Played
from tests.explore.report import WIDTH, failure, show
from tests.explore.rules import Breach
from tests.explore.schedules import Schedule
from tests.explore.steps import Place, Step

STEPS = (Step(Place("offer_tier"), ids.STRIPE_TASK_QUEUE),)
CLEAN = Played(Schedule.parse("publish:"), "published", STEPS, struck=0)
ONE = Played(Schedule.parse("publish:offer_tier.1.1=lost"), "published", STEPS, struck=1)
BOTH = "publish:offer_tier.1.1=lost+offer_tier.1.2=away"
RACED = Played(Schedule.parse("publish:offer_tier.1.1=save"), "published", STEPS, struck=1)
WRONG = Played(
    Schedule.parse(BOTH),
    "failed",
    STEPS,
    struck=2,
    breaches=[Breach("on sale", "after a failure, Floor is active")],
    log=["1 workflow_execution_started"],
)


def test_the_table_has_schedules_and_broken_rules() -> None:
    output = io.StringIO()
    show([CLEAN, ONE, WRONG, RACED], 12.0, 20.0, Console(file=output, width=WIDTH))
    lines = [line.strip() for line in output.getvalue().splitlines()]
    rows = dict(line.rsplit("  ", 1) for line in lines if "  " in line)
    figures = {name.strip(): int(value) for name, value in rows.items()}

    assert figures["steps without a fault"] == 1
    assert figures["schedules with one fault"] == 1
    assert figures["schedules with two faults"] == 1
    assert figures["with two, both were reached"] == 1
    assert figures["schedules with a message"] == 1
    assert figures["ended published"] == 3
    assert figures["violations"] == figures["on sale"] == 1
    assert "4 schedules, 1 violations, 12 seconds, 20 of CPU time" in lines


def test_a_failure_has_its_schedule_and_history() -> None:
    text = failure(WRONG)

    assert f"make explore ONLY='{BOTH}'" in text
    assert "on sale: after a failure, Floor is active" in text
    assert "1 workflow_execution_started" in text


def test_a_fault_that_was_not_reached_is_known() -> None:
    missed = Played(Schedule.parse(BOTH), "published", STEPS, struck=1)
    assert missed.has_missed
    assert not WRONG.has_missed
