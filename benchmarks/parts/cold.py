"""The first save of a session that no worker has cached, compared with a save of a cached one.

It uses a separate stack, whose worker caches few sessions.
"""

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from typing import Any, Final

from temporalio.client import Client

from benchmarks.api_client import ApiClient
from benchmarks.measuring import percentile, timed
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack, bench_stack
from dev.session_histories import wait_until_idle
from domain.session.run_rules import CHANGES_PER_RUN

STACK: Final = 1
CACHE_SIZE: Final = 10
AT_A_TIME: Final = 5
"""Sessions that are prepared together; fewer than the worker caches."""

LONGEST_RUN: Final = CHANGES_PER_RUN - 1
AGES: Final = (
    1,
    CHANGES_PER_RUN // 2,
    *(runs * CHANGES_PER_RUN + LONGEST_RUN for runs in (0, 1, 4)),
)
"""Changes of a session. All but the first two ages have the longest possible history to replay."""


def run(_: BenchStack, sizes: Sizes) -> dict[str, Any]:
    with bench_stack(STACK, WORKER_MAX_CACHED_WORKFLOWS=str(CACHE_SIZE)) as bench:
        return asyncio.run(_measure(bench, sizes.cold_sessions))


async def _measure(bench: BenchStack, count: int) -> dict[str, Any]:
    by_age = {age: await _new_sessions(bench, count, age) for age in AGES}
    others = await _new_sessions(bench, 2 * CACHE_SIZE, 1)  # to fill the worker's cache
    temporal = await bench.temporal()
    await _wait_until_idle(temporal, [*itertools.chain(*by_age.values()), *others])
    cold: dict[int, list[float]] = {age: [] for age in AGES}
    warm: list[float] = []
    for number in range(count):
        client = await ApiClient.open(bench)  # the API closes idle connections
        for age in AGES:
            session = client.session(by_age[age][number])
            cold[age].append(await timed(session.save))
            await session.save()  # not measured: may include a part of the replay
            warm.append(await timed(session.save))
        client.close()
        await _wait_until_idle(temporal, [session_ids[number] for session_ids in by_age.values()])
    evicted: list[float] = []
    for _ in range(max(1, count // 2)):
        evicted.append(await _evicted_within_a_burst(bench, others))
        await _wait_until_idle(temporal, others)
    return {
        "sessions": count,
        "warm_p50_ms": round(1000 * percentile(warm, 50), 3),
        "cold_p50_ms": {
            str(age): round(1000 * percentile(durations, 50), 3) for age, durations in cold.items()
        },
        "evicted_within_a_burst_p50_ms": round(1000 * percentile(evicted, 50), 3),
    }


async def _wait_until_idle(temporal: Client, session_ids: Iterable[str]) -> None:
    """Waits for the end of all bursts, which also replays evicted sessions and is not measured."""
    for session_id in session_ids:
        await wait_until_idle(temporal, session_id)


async def _evicted_within_a_burst(bench: BenchStack, others: Sequence[str]) -> float:
    """Seconds of a save, after saves to ``others`` have filled the worker's cache."""
    client = await ApiClient.open(bench)
    session = client.session(await _new_session(client, LONGEST_RUN))
    for session_id in others[: CACHE_SIZE + 1]:
        await client.session(session_id).save()
    duration = await timed(session.save)
    client.close()
    return duration


async def _new_sessions(bench: BenchStack, count: int, age: int) -> list[str]:
    """The ids of ``count`` new sessions with ``age`` changes."""
    clients = [await ApiClient.open(bench) for _ in range(AT_A_TIME)]
    session_ids: list[str] = []
    while len(session_ids) < count:
        session_ids += await asyncio.gather(*(_new_session(client, age) for client in clients))
    return session_ids[:count]


async def _new_session(client: ApiClient, age: int) -> str:
    """The id of a new session with ``age`` changes."""
    session = await client.create()
    for _ in range(age):
        await session.save()
    return session.id
