"""The arithmetic from one session to many, with numbers that can be done in the head."""

from dataclasses import replace

import pytest

from benchmarks.scale import ASSUMED, Load, Session

ONE = Session(
    requests=40,
    events=500,
    actions=100,
    state_transitions=200,
    tasks=50,
    history_bytes=400_000,
    runs=2,
    idle_bytes=30_000,
    read_model_rows=50,
    read_model_bytes=40_000,
    cpu_seconds={"api": 0.2, "worker": 0.5, "temporal": 0.6, "postgres": 0.1},
)
GIVEN = replace(ASSUMED, days_a_month=30, days_open=3, retention_days=15)
A_MILLION = Load(1_000_000, ONE, GIVEN)


def test_what_happens_a_second() -> None:
    per_second = 1_000_000 / (30 * 86_400) * 5
    assert A_MILLION.peak == pytest.approx(per_second)
    assert A_MILLION.at_peak(ONE.state_transitions) == pytest.approx(200 * per_second)
    assert A_MILLION.cores("worker") == pytest.approx(0.5 * per_second / 0.5)


def test_what_is_kept() -> None:
    assert A_MILLION.open_sessions == pytest.approx(100_000)
    assert A_MILLION.active_gb == pytest.approx(100_000 * 200_000 / 1e9)
    assert A_MILLION.retained_gb == pytest.approx(500_000 * 400_000 / 1e9)
    assert A_MILLION.read_model_gb == pytest.approx(12 * 1_000_000 * 40_000 / 1e9)


def test_shards_are_a_power_of_two() -> None:
    transitions = A_MILLION.at_peak(ONE.state_transitions)
    assert A_MILLION.shards == 32
    assert 16 * GIVEN.transitions_per_shard < transitions <= 32 * GIVEN.transitions_per_shard
    assert Load(1, ONE, GIVEN).shards == 4


def test_partitions_begin_at_the_servers_default() -> None:
    assert A_MILLION.partitions == 4
    assert Load(100_000_000, ONE, GIVEN).partitions == 49


@pytest.mark.parametrize(
    ("millions_of_actions", "dollars"),
    [(1, 50), (5, 250), (11.25, 525), (100, 250 + 225 + 400 + 1050 + 1500), (200, 5925)],
)
def test_actions_become_cheaper_in_steps(millions_of_actions: float, dollars: float) -> None:
    load = Load(int(millions_of_actions * 10_000), ONE, GIVEN)
    assert load.action_dollars == pytest.approx(dollars)


def test_storage_is_billed_by_gigabyte_and_hour() -> None:
    hours = 30 * 24
    assert A_MILLION.storage_dollars == pytest.approx(hours * (20 * 0.042 + 200 * 0.00105))


def test_the_plan_costs_its_minimum_or_a_share() -> None:
    assert Load(1_000, ONE, GIVEN).plan_dollars == 500
    usage = A_MILLION.action_dollars + A_MILLION.storage_dollars
    assert A_MILLION.plan_dollars == max(500, usage / 10)
    assert A_MILLION.dollars == pytest.approx(usage + A_MILLION.plan_dollars)
