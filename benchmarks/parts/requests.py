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
from benchmarks.stack import BenchStack, baseline_worker
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
"""Number of each kind, per session."""

CLIENTS: Final = 8
READS: Final = 5
"""Number of each kind, per session."""

Result = TypeVar("Result")


class Stopwatch:
    """Durations in seconds, by kind of request."""

    def __init__(self) -> None:
        self._durations: dict[str, list[float]] = defaultdict(list)

    async def time(self, kind: str, request: Awaitable[Result]) -> Result:
        started = time.perf_counter()
        result = await request
        self._durations[kind].append(time.perf_counter() - started)
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


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    with baseline_worker(bench) as baseline:
        pids = {**bench.pids, BASELINE_AND_PEERS: [baseline.pid]}
        return asyncio.run(_measure(bench, sizes, pids))


async def _measure(bench: BenchStack, sizes: Sizes, pids: Pids) -> dict[str, Any]:
    temporal = await bench.temporal()
    reads = [
        await baseline_queries(temporal, CLIENTS),
        await http_reads(bench, CLIENTS),
        await http_consistent_reads(bench, CLIENTS),
    ]
    return {
        **await _one_at_a_time(bench, temporal, sizes.lives),
        "reads": await measure(reads, sizes.short_turns, pids),
    }


async def _one_at_a_time(bench: BenchStack, temporal: Client, lives: int) -> dict[str, Any]:
    client = await ApiClient.open(bench)
    await _live(Stopwatch(), client)  # warms up
    watch = Stopwatch()
    cpu = dict.fromkeys(bench.pids, 0.0)
    for _ in range(lives):
        await _send_bare_messages(watch, temporal)
        before = cpu_seconds(bench.pids)
        await _live(watch, client)
        after = cpu_seconds(bench.pids)
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
