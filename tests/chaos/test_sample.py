"""A short run with few clients, of which ``make chaos`` plays the full size."""

from typing import Final

import pytest

from tests.chaos.report import failure
from tests.chaos.running import play

SEED: Final = 1
CLIENTS: Final = 4
SECONDS: Final = 6.0

LONGEST_SECONDS: Final = 900
"""A time limit for tests: longer than all waits of a run together, so that it is judged."""


@pytest.mark.timeout(LONGEST_SECONDS)
async def test_a_disturbed_stack_keeps_what_it_acknowledged() -> None:
    async with play(SEED, SECONDS, lambda _: None, clients=CLIENTS) as result:
        assert not result.violations, failure(result)
    assert result.faults.total() > 0
    assert result.ledger.acknowledged > 0
