"""From a save to the view on another screen's stream, while eight other sessions save."""

import asyncio
import json
import time
from typing import Any

from benchmarks.api_client import ApiClient, ApiSession
from benchmarks.measuring import percentile
from benchmarks.parts.lag import saving_meanwhile
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack
from benchmarks.stream_client import OpenStream


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    return asyncio.run(_measure(bench, sizes.screen_samples))


async def _measure(bench: BenchStack, samples: int) -> dict[str, Any]:
    session = await (await ApiClient.open(bench)).create()
    stream = await OpenStream.open(bench, session.id, bench.token("bench"))
    async with saving_meanwhile(bench) as counts:
        started = time.perf_counter()
        delays = [await _delay(session, stream) for _ in range(samples)]
        elapsed = time.perf_counter() - started
    await stream.close()
    return {
        "samples": samples,
        "saves_per_second": round((sum(counts) + samples) / elapsed, 1),
        **{
            f"p{percent}_ms": round(1000 * percentile(delays, percent), 3)
            for percent in (50, 95, 99)
        },
    }


async def _delay(session: ApiSession, stream: OpenStream) -> float:
    """Seconds from sending a save until the stream has its view."""
    started = time.perf_counter()
    revision = json.loads(await session.save())["revision"]
    return await stream.received(revision) - started
