"""Publish an event with paid tickets: requests to Stripe, seconds, and billed actions.

The rate of Stripe's task queue is that of a default deployment, and limits large events.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from benchmarks.api_client import ApiClient, ApiSession
from benchmarks.measuring import timed
from benchmarks.parts.sizes import Sizes
from benchmarks.selling import EXAMPLE, connect_account
from benchmarks.stack import BenchStack
from dev.demo.examples import load
from dev.session_histories import billed_actions, histories_of, wait_until_idle
from domain import ids
from domain.stages import Stage

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
    session = await _filled(client, tiers)
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


async def _filled(client: ApiClient, tiers: int) -> ApiSession:
    """A session that can be published, with so many paid tickets."""
    session = await client.create()
    stages = load(EXAMPLE, datetime.now(UTC).date()).stages
    stages[Stage.TICKET_SETUP] = {
        "currency": "eur",
        "tiers": [{"name": f"Row {number}", "unit_amount": 2500} for number in range(tiers)],
    }
    for stage, data in stages.items():
        await session.save_stage(stage, data)
        await session.complete(stage)
    return session
