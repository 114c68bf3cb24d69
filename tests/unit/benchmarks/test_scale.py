"""The projection from one session to many, with numbers simple enough to check by hand."""

from dataclasses import replace

import pytest

from benchmarks.scale import ASSUMED, Load, Session

ONE_SESSION = Session(
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
SIMPLE = replace(ASSUMED, days_per_month=30, days_open=3, retention_days=15)
MILLION = Load(1_000_000, ONE_SESSION, SIMPLE)


def test_rates_are_given_per_second_at_the_peak() -> None:
    per_second = 1_000_000 / (30 * 86_400) * 5
    assert MILLION.peak == pytest.approx(per_second)
    assert MILLION.at_peak(ONE_SESSION.state_transitions) == pytest.approx(200 * per_second)
    assert MILLION.cores("worker") == pytest.approx(0.5 * per_second / 0.5)


def test_stored_volumes_are_given_in_gigabytes() -> None:
    assert MILLION.open_sessions == pytest.approx(100_000)
    assert MILLION.active_gb == pytest.approx(100_000 * 200_000 / 1e9)
    assert MILLION.retained_gb == pytest.approx(500_000 * 400_000 / 1e9)
    assert MILLION.read_model_gb == pytest.approx(12 * 1_000_000 * 40_000 / 1e9)


def test_shards_are_a_power_of_two() -> None:
    transitions = MILLION.at_peak(ONE_SESSION.state_transitions)
    assert MILLION.shards == 32
    assert 16 * SIMPLE.transitions_per_shard < transitions <= 32 * SIMPLE.transitions_per_shard
    assert Load(1, ONE_SESSION, SIMPLE).shards == 4


def test_partitions_begin_at_the_servers_default() -> None:
    assert MILLION.partitions == 4
    assert Load(100_000_000, ONE_SESSION, SIMPLE).partitions == 49


@pytest.mark.parametrize(
    ("millions_of_actions", "dollars"),
    [(1, 50), (5, 250), (11.25, 525), (100, 250 + 225 + 400 + 1050 + 1500), (200, 5925)],
)
def test_actions_become_cheaper_in_steps(millions_of_actions: float, dollars: float) -> None:
    load = Load(int(millions_of_actions * 10_000), ONE_SESSION, SIMPLE)
    assert load.action_dollars == pytest.approx(dollars)


def test_storage_is_billed_by_gigabyte_and_hour() -> None:
    hours = 30 * 24
    assert MILLION.storage_dollars == pytest.approx(hours * (20 * 0.042 + 200 * 0.00105))


def test_the_plan_costs_its_minimum_or_a_share() -> None:
    assert Load(1_000, ONE_SESSION, SIMPLE).plan_dollars == 500
    usage = MILLION.action_dollars + MILLION.storage_dollars
    assert MILLION.plan_dollars == max(500, usage / 10)
    assert MILLION.dollars == pytest.approx(usage + MILLION.plan_dollars)
