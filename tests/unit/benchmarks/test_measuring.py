"""Subjects take turns, and are compared by the ratios of the rounds."""

import asyncio
import os

from benchmarks.measuring import (
    Round,
    Subject,
    Turns,
    cpu_seconds,
    do_nothing,
    measure,
    percentile,
    ratio,
)


def figures(*p50s: float) -> dict[str, list[dict[str, float]]]:
    return {"rounds": [{"p50_ms": p50} for p50 in p50s]}


def test_ratio_is_the_median_of_the_ratios_of_rounds() -> None:
    """The machine was ten times slower in the second round, for both."""
    assert ratio(figures(12, 120, 12), figures(10, 100, 10), "p50_ms") == 1.2


def test_round_rate_counts_all_clients() -> None:
    measured = Round(durations=[0.1, 0.1, 0.3, 0.3], elapsed=0.4, cpu={}, cores_elsewhere=0)
    assert measured.rate == 10
    assert measured.p50 == 0.2


def test_percentile_of_few_values() -> None:
    assert percentile([7.0], 99) == 7.0
    assert percentile([1.0, 3.0], 50) == 2.0


async def test_subjects_take_turns_after_a_warm_up_round() -> None:
    order: list[str] = []

    def subject(name: str) -> Subject:
        async def operation() -> None:
            order.append(name)
            await asyncio.sleep(0)

        async def prepare() -> None:
            order.append(f"prepare {name}")

        async def cool_down() -> None:
            order.append(f"cool down {name}")

        return Subject(name, [operation], prepare=prepare, cool_down=cool_down)

    measured = await measure([subject("a"), subject("b")], Turns(rounds=1, seconds=0), {})

    assert order == 2 * ["prepare a", "a", "cool down a", "prepare b", "b", "cool down b"]
    assert measured["a"]["operations"] == measured["b"]["operations"] == 1


async def test_finish_counts_as_cpu_and_not_as_time() -> None:
    pids = {"client": [os.getpid()]}

    async def late_work() -> None:
        before = cpu_seconds(pids)["client"]
        while cpu_seconds(pids)["client"] < before + 0.05:
            pass

    subject = Subject("late", [do_nothing], finish=late_work)
    measured = await measure([subject], Turns(rounds=1, seconds=0), pids)

    assert measured["late"]["cpu_ms"]["client"] >= 40
    assert measured["late"]["p50_ms"] < 40
