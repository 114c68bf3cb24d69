"""Subjects take turns, and what counts is the ratio of each round."""

import asyncio
import os

from benchmarks.measuring import Round, Subject, Turns, measure, percentile, ratio
from benchmarks.processes import cpu_seconds


def figures(*p50s: float) -> dict[str, list[dict[str, float]]]:
    return {"rounds": [{"p50_ms": each} for each in p50s]}


def test_a_ratio_is_the_median_of_those_of_the_rounds() -> None:
    """The machine was ten times slower in the second round, for both."""
    assert ratio(figures(12, 120, 12), figures(10, 100, 10), "p50_ms") == 1.2


def test_a_round_has_the_rate_of_all_clients() -> None:
    one = Round(durations=[0.1, 0.1, 0.3, 0.3], elapsed=0.4, cpu={}, elsewhere=0)
    assert one.rate == 10
    assert one.p50 == 0.2


def test_percentiles_of_few_values_exist() -> None:
    assert percentile([7.0], 99) == 7.0
    assert percentile([1.0, 3.0], 50) == 2.0


async def test_subjects_take_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []

    def subject(name: str) -> Subject:
        async def operation() -> None:
            order.append(name)
            await asyncio.sleep(0)

        async def prepare() -> None:
            order.append(f"prepare {name}")

        async def rest() -> None:
            order.append(f"rest {name}")

        return Subject(name, [operation], prepare=prepare, rest=rest)

    measured = await measure([subject("a"), subject("b")], Turns(rounds=1, seconds=0), {})

    assert order == 2 * ["prepare a", "a", "rest a", "prepare b", "b", "rest b"]
    assert measured["a"]["operations"] == measured["b"]["operations"] == 1


async def test_work_that_nobody_waited_for_counts_as_cpu_and_not_as_time() -> None:
    pids = {"client": [os.getpid()]}

    async def nothing() -> None:
        return None

    async def late_work() -> None:
        before = cpu_seconds(pids)["client"]
        while cpu_seconds(pids)["client"] < before + 0.05:
            pass

    subject = Subject("late", [nothing], settle=late_work)
    measured = await measure([subject], Turns(rounds=1, seconds=0), pids)

    assert measured["late"]["cpu_ms"]["client"] >= 40
    assert measured["late"]["p50_ms"] < 40
