"""Every kind of request, one at a time: whole lives of sessions, beside the bare messages."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from temporalio.client import Client

from benchmarks.bare import BareSession, bare_queries
from benchmarks.measuring import measure, percentile
from benchmarks.processes import Pids, cpu_seconds
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack, floor_worker
from benchmarks.wizard import Wizard, http_consistent_reads, http_reads
from dev.demo.examples import load

EXAMPLE: Final = "free-launch"
BARE: Final = 10
CLIENTS: Final = 8
READS: Final = 5

Answer = TypeVar("Answer")


class Stopwatch:
    """Seconds by kind of request."""

    def __init__(self) -> None:
        self._durations: dict[str, list[float]] = defaultdict(list)

    async def time(self, kind: str, request: Awaitable[Answer]) -> Answer:
        began = time.perf_counter()
        answer = await request
        self._durations[kind].append(time.perf_counter() - began)
        return answer

    def figures(self) -> dict[str, dict[str, float]]:
        return {
            kind: {
                "p50_ms": round(1000 * percentile(each, 50), 3),
                "p95_ms": round(1000 * percentile(each, 95), 3),
                "requests": len(each),
            }
            for kind, each in self._durations.items()
        }


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    with floor_worker(own) as floor:
        return asyncio.run(_measure(own, sizes, {**own.pids, "floor, peer": [floor.pid]}))


async def _measure(own: OwnStack, sizes: Sizes, pids: Pids) -> dict[str, Any]:
    client = await own.temporal()
    reads = [
        await bare_queries(client, CLIENTS),
        await http_reads(own, CLIENTS),
        await http_consistent_reads(own, CLIENTS),
    ]
    return {
        **await _alone(own, client, sizes.lives),
        "reads": await measure(reads, sizes.short_turns, pids),
    }


async def _alone(own: OwnStack, client: Client, lives: int) -> dict[str, Any]:
    wizard = await Wizard.open(own)
    await _life(Stopwatch(), wizard)  # warms up
    watch = Stopwatch()
    cpu = dict.fromkeys(own.pids, 0.0)
    for _ in range(lives):
        await _bare(watch, client)
        before = cpu_seconds(own.pids)
        await _life(watch, wizard)
        after = cpu_seconds(own.pids)
        cpu = {name: spent + after[name] - before[name] for name, spent in cpu.items()}
    return {
        "alone": watch.figures(),
        "cpu_ms_per_session": {name: round(1000 * spent / lives, 1) for name, spent in cpu.items()},
    }


async def _bare(watch: Stopwatch, client: Client) -> None:
    bare = await watch.time("bare start", BareSession.start(client))
    await bare.update()
    for _ in range(BARE):
        await watch.time("bare update", bare.update())
        await watch.time("bare query", bare.query())


async def _life(watch: Stopwatch, wizard: Wizard) -> None:
    """From create to a published event, with every kind of reading in between."""
    session = await watch.time("create", wizard.create())
    for stage, data in load(EXAMPLE, datetime.now(UTC).date()).stages.items():
        await watch.time("save a whole stage", session.save_stage(stage, data))
        await watch.time("complete", session.complete(stage))
    for _ in range(READS):
        view = await watch.time("read", session.read_view())
        await watch.time("read, unchanged", session.read_unchanged(view["revision"]))
        await watch.time("read, consistent", session.read_consistently())
        await watch.time("list", wizard.request("GET", "/v1/sessions?limit=20"))
    await watch.time("publish, until it is out", session.publish())
