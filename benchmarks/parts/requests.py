"""Every kind of request, one at a time over whole sessions, compared with bare messages."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from temporalio.client import Client

from benchmarks.api_client import ApiClient
from benchmarks.baseline.session import BaselineSession, baseline_queries
from benchmarks.measuring import Pids, cpu_seconds, measure, percentile
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import OwnStack, baseline_worker
from benchmarks.subjects import (
    BARE_QUERY,
    BARE_UPDATE,
    BASELINE_AND_PEERS,
    http_consistent_reads,
    http_reads,
)
from dev.demo.examples import load

EXAMPLE: Final = "free-launch"
BARE_MESSAGES: Final = 10
"""Of each kind, for each session."""

CLIENTS: Final = 8
READS: Final = 5
"""Of each kind, for each session."""

Result = TypeVar("Result")


class Stopwatch:
    """Durations in seconds, by kind of request."""

    def __init__(self) -> None:
        self._durations: dict[str, list[float]] = defaultdict(list)

    async def time(self, kind: str, request: Awaitable[Result]) -> Result:
        began = time.perf_counter()
        result = await request
        self._durations[kind].append(time.perf_counter() - began)
        return result

    def figures(self) -> dict[str, dict[str, float]]:
        return {
            kind: {
                "p50_ms": round(1000 * percentile(durations, 50), 3),
                "p95_ms": round(1000 * percentile(durations, 95), 3),
                "requests": len(durations),
            }
            for kind, durations in self._durations.items()
        }


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    with baseline_worker(own) as baseline:
        pids = {**own.pids, BASELINE_AND_PEERS: [baseline.pid]}
        return asyncio.run(_measure(own, sizes, pids))


async def _measure(own: OwnStack, sizes: Sizes, pids: Pids) -> dict[str, Any]:
    temporal = await own.temporal()
    reads = [
        await baseline_queries(temporal, CLIENTS),
        await http_reads(own, CLIENTS),
        await http_consistent_reads(own, CLIENTS),
    ]
    return {
        **await _one_at_a_time(own, temporal, sizes.lives),
        "reads": await measure(reads, sizes.short_turns, pids),
    }


async def _one_at_a_time(own: OwnStack, temporal: Client, lives: int) -> dict[str, Any]:
    client = await ApiClient.open(own)
    await _live(Stopwatch(), client)  # warms up
    watch = Stopwatch()
    cpu = dict.fromkeys(own.pids, 0.0)
    for _ in range(lives):
        await _send_bare_messages(watch, temporal)
        before = cpu_seconds(own.pids)
        await _live(watch, client)
        after = cpu_seconds(own.pids)
        cpu = {name: spent + after[name] - before[name] for name, spent in cpu.items()}
    return {
        "alone": watch.figures(),
        "cpu_ms_per_session": {name: round(1000 * spent / lives, 1) for name, spent in cpu.items()},
    }


async def _send_bare_messages(watch: Stopwatch, temporal: Client) -> None:
    session = await watch.time("bare start", BaselineSession.start(temporal))
    await session.update()
    for _ in range(BARE_MESSAGES):
        await watch.time(BARE_UPDATE, session.update())
        await watch.time(BARE_QUERY, session.query())


async def _live(watch: Stopwatch, client: ApiClient) -> None:
    """A session from create to a published event, with every kind of read in between."""
    session = await watch.time("create", client.create())
    for stage, data in load(EXAMPLE, datetime.now(UTC).date()).stages.items():
        await watch.time("save a whole stage", session.save_stage(stage, data))
        await watch.time("complete", session.complete(stage))
    for _ in range(READS):
        view = await watch.time("read", session.read_view())
        await watch.time("read, unchanged", session.read_unchanged(view["revision"]))
        await watch.time("read, consistent", session.read_consistently())
        await watch.time("list", client.request("GET", "/v1/sessions?limit=20"))
    await watch.time("publish", session.publish())
