"""A short run with few clients, of which ``make load`` plays the full size."""

import pytest

from benchmarks.stack import PORTS_OF_A_STACK, bench_stack
from tests.load.answers import Kind
from tests.load.rules import broken_rules
from tests.load.running import play
from tests.load.sizes import SMOKE
from tests.support.ports import free_ports_in_a_row

LONGEST_SECONDS = 900
"""A time limit for tests: longer than all phases of a run on a machine that is busy."""


@pytest.mark.timeout(LONGEST_SECONDS)
async def test_a_loaded_stack_answers_and_keeps_what_it_acknowledged() -> None:
    with bench_stack(PORT_BASE=str(free_ports_in_a_row(PORTS_OF_A_STACK))) as bench:
        run = await play(bench, SMOKE, lambda *_: None)

    assert broken_rules(run) == []
    assert run.compared >= SMOKE.overload_clients
    done = {kind for _, phase in run.phases for kind in Kind if phase.by_kind[kind].count}
    assert done >= set(Kind) - {Kind.ABANDON}
