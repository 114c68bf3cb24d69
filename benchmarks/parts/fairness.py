"""Publish events with two paid tickets: alone, and while another tenant publishes large events.

The rate of Stripe's task queue is that of a default deployment. Stripe's stand-in responds after
each of several times: a wait for the queue matters less, the longer Stripe takes itself.
"""

import asyncio
import statistics
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import httpx

from benchmarks.api_client import ApiClient, ApiSession
from benchmarks.measuring import timed, wait_until
from benchmarks.parts.sizes import Sizes
from benchmarks.selling import connect_account, session_to_publish
from benchmarks.stack import BenchStack

RESPONSE_MS: Final = (0, 100, 300)
"""Times after which the stand-in responds to each request."""

JUDGED_MS: Final = 300
"""The time that has a target. The sources for it are in docs/performance.md."""

LARGE_EVENTS: Final = 8
SMALL_TIERS: Final = 2

_QUEUE_INTERVAL: Final = 0.1
"""Seconds between two starts of activities at the default rate."""

_QUIET_SECONDS: Final = 0.5
"""Before each publication, so that the queue allows as many starts as after a longer time."""

Latency = Callable[[int], Awaitable[None]]
"""Sets the time after which the stand-in responds, in milliseconds."""


class LoadEnded(Exception):
    """The large events were published before the last small one."""


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    """Medians in seconds, by the time after which Stripe's stand-in responds."""
    return asyncio.run(_measure(bench, sizes.publications, sizes.large_tiers))


async def _measure(bench: BenchStack, publications: int, large_tiers: int) -> dict[str, Any]:
    small = await ApiClient.open(bench, user="fairness-small")
    large = await ApiClient.open(bench, user="fairness-large")
    for client in (small, large):
        await connect_account(client)
    load = [await session_to_publish(large, large_tiers) for _ in range(LARGE_EVENTS)]
    async with httpx.AsyncClient(base_url=f"{bench.stack.stripe_url}/_stand_in") as stand_in:

        async def respond_after(milliseconds: int) -> None:
            await stand_in.delete("/faults")
            slow = {"kind": "slow", "times": None, "seconds": milliseconds / 1000}
            (await stand_in.post("/faults", json=slow)).raise_for_status()

        async def is_busy() -> bool:
            """The tickets of the large events have begun."""
            created = await stand_in.get(
                "/requests", params={"method": "POST", "path": "/v1/products"}
            )
            return len(created.json()) >= LARGE_EVENTS

        alone = await _publish_at_all(small, publications, respond_after)
        await stand_in.delete("/requests")
        for session in load:
            await session.begin_publication()
        await wait_until(is_busy)
        beside = await _publish_at_all(small, publications, respond_after)
        await _require_running(load)
        await stand_in.delete("/faults")
    await _wait_until_published(load)
    for client in (small, large):
        client.close()
    return {
        str(milliseconds): {
            "alone_s": round(alone[milliseconds], 3),
            "beside_s": round(beside[milliseconds], 3),
        }
        for milliseconds in RESPONSE_MS
    }


async def _publish_at_all(
    client: ApiClient, publications: int, respond_after: Latency
) -> dict[int, float]:
    """The median of the seconds of a publication, by the time of Stripe's response."""
    await respond_after(0)
    sessions = iter(
        [
            await session_to_publish(client, SMALL_TIERS)
            for _ in range(publications * len(RESPONSE_MS))
        ]
    )
    medians = {}
    for milliseconds in RESPONSE_MS:
        await respond_after(milliseconds)
        medians[milliseconds] = statistics.median(
            [
                await _publish(next(sessions), number / publications)
                for number in range(publications)
            ]
        )
    return medians


async def _publish(session: ApiSession, phase: float) -> float:
    """Seconds. ``phase`` spreads the publications over the time between two starts."""
    await asyncio.sleep(_QUIET_SECONDS + phase * _QUEUE_INTERVAL)
    return await timed(session.publish)


async def _states(load: Sequence[ApiSession]) -> set[str]:
    return {(await session.read_view())["publication"]["state"] for session in load}


async def _require_running(load: Sequence[ApiSession]) -> None:
    """Checks that all publications were measured beside the large ones.

    Raises:
        LoadEnded: at least one large event is published already.
    """
    if await _states(load) != {"running"}:
        raise LoadEnded("The large events are too small for so many publications.")


async def _wait_until_published(load: Sequence[ApiSession]) -> None:
    async def are_published() -> bool:
        return await _states(load) == {"published"}

    await wait_until(are_published, interval=0.5)
