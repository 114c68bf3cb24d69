"""A short run with few clients and chosen faults, of which ``make chaos`` plays the full size."""

from typing import Final

import pytest

from tests.chaos.plan import DATA, FaultKind, PlannedFault
from tests.chaos.report import failure
from tests.chaos.running import play

SEED: Final = 1
CLIENTS: Final = 4
SECONDS: Final = 4.0

FAULTS: Final = (
    PlannedFault(0.5, FaultKind.CUT, "clients"),
    PlannedFault(1.0, FaultKind.LOSE_ANSWERS, "stripe"),
    PlannedFault(1.0, FaultKind.FREEZE, "temporal", seconds=0.5),
    PlannedFault(1.5, FaultKind.KILL, "worker"),
    PlannedFault(2.0, FaultKind.FULL_DISK, DATA, seconds=1.0),
    PlannedFault(2.5, FaultKind.HALF_OPEN, "postgres"),
    PlannedFault(3.0, FaultKind.REFUSE, "stripe", seconds=0.5),
)
"""One of each sort. A killed API would take long: what it still had to write follows with the
session's burst, up to 45 seconds later."""

LONGEST_SECONDS: Final = 900
"""A time limit for tests: longer than all waits of a run together, so that it is judged."""


@pytest.mark.timeout(LONGEST_SECONDS)
async def test_a_disturbed_stack_keeps_what_it_acknowledged() -> None:
    async with play(SEED, SECONDS, lambda _: None, clients=CLIENTS, faults=FAULTS) as result:
        assert not result.violations, failure(result)
    assert result.faults.total() > 0
    assert result.ledger.acknowledged > 0
