"""Publish an event with paid tickets: requests to Stripe, seconds, and billed actions.

The rate of Stripe's task queue is that of a default deployment, and limits large events.
"""

import asyncio
from typing import Any, Final

import httpx

from benchmarks.api_client import ApiClient
from benchmarks.measuring import timed
from benchmarks.parts.sizes import Sizes
from benchmarks.selling import connect_account, session_to_publish
from benchmarks.stack import BenchStack
from dev.session_histories import billed_actions, histories_of, wait_until_idle
from domain import ids

PATIENCE: Final = 30
"""Seconds for which the request waits; the largest event takes a few."""


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    """Figures by the number of paid tickets."""
    return asyncio.run(_measure_all(bench, sizes.published_tiers))


async def _measure_all(bench: BenchStack, counts: tuple[int, ...]) -> dict[str, Any]:
    client = await ApiClient.open(bench, user="publishing")
    await connect_account(client)
    figures = {str(count): await _measure(bench, client, count) for count in counts}
    client.close()
    return figures


async def _measure(bench: BenchStack, client: ApiClient, tiers: int) -> dict[str, Any]:
    temporal = await bench.temporal()
    session = await session_to_publish(client, tiers)
    await wait_until_idle(temporal, session.id)
    before = billed_actions(*await histories_of(temporal, session.id))
    async with httpx.AsyncClient(base_url=f"{bench.stack.stripe_url}/_stand_in") as stand_in:
        await stand_in.delete("/requests")
        seconds = await timed(lambda: session.publish(patience=PATIENCE))
        requests = (await stand_in.get("/requests")).json()
    await temporal.get_workflow_handle(ids.session_workflow_id(session.id)).result()
    after = billed_actions(*await histories_of(temporal, session.id))
    return {
        "stripe_requests": len(requests),
        "seconds": round(seconds, 2),
        "actions": after - before,
    }
