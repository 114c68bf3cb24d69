"""Each rule of a load run finds its breach, and lets pass what is just within it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.load import rules
from tests.load.answers import Kind, Outcome
from tests.load.figures import Phase, Times
from tests.load.gauges import PROCESSES, Counts
from tests.load.rules import broken_rules, was_slower
from tests.load.running import LoadRun, is_saturated
from tests.load.sizes import FULL, SMOKE

MEGABYTE = 2**20
SECONDS = 60.0


def phase(*, rate: float = 70, **changed: Any) -> Phase:
    usual = Phase(
        clients=16,
        seconds=SECONDS,
        outcomes=Counter({Outcome.DONE: round(rate * SECONDS)}),
        times=Times(round(rate * SECONDS), p50=0.05, p99=0.4),
        refusals=Times(0, p50=0.0, p99=0.0),
        late_refusals=0,
        by_kind={Kind.PUBLISH: Times(20, p50=0.2, p99=0.5)},
        memory=dict.fromkeys(PROCESSES, 200.0 * MEGABYTE),
        files=dict.fromkeys(PROCESSES, 50),
        cores_elsewhere=0.0,
        lag=0.2,
        counts=Counts(sessions=10, workflows=20, connections=15),
        broken=[],
    )
    return replace(usual, **changed)


def with_memory(api: float = 200.0, worker: float = 200.0) -> Phase:
    return phase(memory={"api": api * MEGABYTE, "worker": worker * MEGABYTE, "temporal": 0.0})


def busy(count: int) -> Counter[Outcome]:
    return Counter({Outcome.DONE: 4200, Outcome.BUSY: count})


GOOD = LoadRun(
    sizes=FULL,
    cores=2,
    ramp=[phase(rate=60), phase(rate=100)],
    hold=[phase() for _ in range(5)],
    overload=phase(rate=80, outcomes=Counter({Outcome.DONE: 4800, Outcome.BUSY: 900})),
    recovery=[phase(rate=30), phase()],
    lost=[],
    compared=300,
)


def hold(last: Phase) -> list[Phase]:
    return [*GOOD.hold[:-1], last]


def judged(**changed: Any) -> list[str]:
    return broken_rules(replace(GOOD, **changed))


def test_good_run_breaks_no_rule() -> None:
    assert judged() == []


@pytest.mark.parametrize("name", ["ramp", "hold", "recovery"])
def test_an_answer_that_is_not_as_promised_is_broken_in_any_phase(name: str) -> None:
    bad = phase(rate=100, broken=["save: 500"], cores_elsewhere=9.0)
    phases: Sequence[Phase] = getattr(GOOD, name)
    assert judged(**{name: [*phases[:-1], bad]}) == [f"{name}: save: 500"]


def test_a_dropped_connection_in_the_overload_is_broken() -> None:
    assert judged(overload=replace(GOOD.overload, broken=["read: dropped"])) == [
        "overload: read: dropped"
    ]


def test_a_lost_write_is_broken() -> None:
    assert judged(lost=["session 1: lacks revision 7"]) == ["session 1: lacks revision 7"]


def test_503_at_the_held_rate_is_broken() -> None:
    assert judged(hold=hold(phase(outcomes=busy(1)))) == ["minute 5: 1 answers are 429 or 503"]


def test_a_rate_that_is_not_held_is_broken() -> None:
    assert judged(hold=hold(phase(rate=66))) == ["minute 5: 66 requests per second instead of 70"]
    assert judged(hold=hold(phase(rate=67))) == []


def test_a_slower_machine_excuses_rates_and_503_but_no_error() -> None:
    slow = phase(rate=40, outcomes=busy(8), cores_elsewhere=0.3)
    assert judged(hold=hold(slow)) == []
    assert judged(hold=hold(replace(slow, broken=["save: 500"]))) == ["hold: save: 500"]
    assert was_slower(slow, GOOD)
    assert not was_slower(phase(cores_elsewhere=0.1), GOOD)


def test_a_busy_machine_is_slower_by_a_share_of_what_it_leaves() -> None:
    busy_ramp = replace(GOOD, ramp=[phase(rate=100, cores_elsewhere=1.6), phase(rate=90)])
    assert not was_slower(phase(cores_elsewhere=1.62), busy_ramp)
    assert was_slower(phase(cores_elsewhere=1.7), busy_ramp)


@pytest.mark.parametrize("process", ["api", "worker"])
def test_a_leak_of_a_kilobyte_per_request_is_found(process: str) -> None:
    grown = 1024 * 3 * 4200 / MEGABYTE
    minutes = [with_memory(**{process: 200 + grown * part}) for part in (0.0, 0.0, 0.33, 0.67, 1.0)]
    assert judged(hold=minutes) == [f"{process}: grew by 1024 bytes per request"]


def test_growth_within_noise_and_warm_up_pass() -> None:
    within = (rules.MEMORY_NOISE + rules.BYTES_PER_REQUEST * 3 * 4200) / MEGABYTE
    minutes = [with_memory(100), *(with_memory(200 + part * within) for part in (0, 0.3, 0.7, 1))]
    assert judged(hold=minutes) == []


def test_memory_of_too_few_minutes_is_not_judged() -> None:
    assert judged(hold=[with_memory(100), with_memory(200)]) == []


def test_files_that_stay_open_are_found() -> None:
    more = phase(files={"api": 61, "worker": 50, "temporal": 50})
    assert judged(hold=hold(more)) == ["api: 61 open files, 50 before"]
    assert judged(hold=hold(phase(files={"api": 60, "worker": 60, "temporal": 900}))) == []


def test_workflows_that_stay_open_are_found() -> None:
    assert judged(hold=hold(phase(counts=Counts(10, 69, 15)))) == [
        "69 workflows are open, 20 were before"
    ]
    assert judged(hold=hold(phase(counts=Counts(10, 68, 15)))) == []


def test_unbounded_memory_in_the_overload_is_found() -> None:
    memory = {"api": 302.0 * MEGABYTE, "worker": 299.0 * MEGABYTE, "temporal": 9e9}
    assert judged(overload=replace(GOOD.overload, memory=memory)) == [
        "overload: api has 1.5 times the memory"
    ]


def test_a_late_refusal_in_the_overload_is_found() -> None:
    late = replace(GOOD.overload, late_refusals=2)
    assert judged(overload=late) == ["overload: 2 answers 429 or 503 are late"]
    assert judged(overload=replace(late, cores_elsewhere=0.3)) == []


def test_an_overload_that_stops_the_work_is_found() -> None:
    assert judged(overload=phase(rate=49)) == ["overload: 49 of 100 requests per second are done"]
    assert judged(overload=phase(rate=51)) == []


def test_a_recovery_that_does_not_reach_the_held_rate_is_found() -> None:
    assert judged(recovery=[phase(), phase(rate=60)]) == [
        "recovery: 60 requests per second instead of 70"
    ]
    slow = phase(times=Times(4200, p50=0.11, p99=0.4))
    assert judged(recovery=[phase(), slow]) == ["recovery: p50 is 2.2 times the hold's"]


def test_publications_that_wait_for_those_of_the_overload_are_found() -> None:
    """All other requests are as fast as before."""
    waiting = phase(by_kind={Kind.PUBLISH: Times(3, p50=0.9, p99=2.0)})
    within = phase(by_kind={Kind.PUBLISH: Times(3, p50=0.79, p99=2.0)})

    assert judged(recovery=[phase(), waiting]) == [
        "recovery: publications take 4.5 times the hold's p50"
    ]
    assert judged(recovery=[waiting, within]) == []
    assert judged(recovery=[phase(), replace(waiting, cores_elsewhere=0.3)]) == []


def test_a_short_run_is_judged_by_its_answers_alone() -> None:
    short = replace(GOOD, sizes=SMOKE, hold=hold(phase(rate=1, outcomes=busy(5))))
    assert broken_rules(short) == []
    assert broken_rules(replace(short, lost=["order 1"])) == ["order 1"]


@pytest.mark.parametrize(
    ("rates", "p99s", "expected"),
    [
        ([50], [0.1], False),
        ([50, 60], [0.1, 0.1], False),
        ([50, 54], [0.1, 0.1], False),
        ([50, 54, 60], [0.1, 0.1, 0.1], False),
        ([50, 54, 58], [0.1, 0.1, 0.1], True),
        ([50, 90, 80], [0.1, 0.1, 0.1], False),
        ([50, 90, 80, 70], [0.1, 0.1, 0.1, 0.1], True),
        ([50, 90], [0.1, 0.9], True),
    ],
)
def test_the_ramp_ends_when_more_clients_are_of_no_use(
    rates: list[float], p99s: list[float], expected: bool
) -> None:
    steps = [
        phase(rate=rate, times=Times(1, 0.05, p99)) for rate, p99 in zip(rates, p99s, strict=True)
    ]
    assert is_saturated(steps) is expected
