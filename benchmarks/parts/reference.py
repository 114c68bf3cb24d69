"""The cost of the reference session, and the actions that Temporal Cloud bills for it.

The reference session has six stages, 30 autosaves, and tickets sold through Stripe. It is the
example with two kinds of tickets, sent as a front end does while a user types: a few fields at a
time, and lists as they grow. It is measured once with a pause between the autosaves, and once
without. Its owner has already connected a Stripe account, in a session that is measured separately.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import asyncpg

from benchmarks.api_client import ApiClient, ApiSession, Json
from benchmarks.costs import (
    postgres_cost,
    stripe_event_histories,
    stripe_event_workflows,
    temporal_cost,
    wait_for_webhooks,
)
from benchmarks.measuring import cpu_seconds, wait_until
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack
from dev.demo.examples import load
from dev.session_histories import histories_of
from domain import ids
from domain.stages import Stage

TYPED: Final = "typed"
AT_ONCE: Final = "at once"
ONBOARDING: Final = "onboarding"

EXAMPLE: Final = "paid-pop-up"

AUTOSAVES: Final = {
    Stage.ORGANIZER_SETUP: 6,
    Stage.EVENT_SETUP: 9,
    Stage.VENUE_SETUP: 5,
    Stage.TICKET_SETUP: 5,
    Stage.SPONSORS_MEDIA: 4,
    Stage.REVIEW_PUBLISH: 1,
}

TIERS: Final = 2
"""The first tiers of the example: one is free, one is paid."""

Scenario = Callable[[ApiClient], Awaitable[ApiSession]]


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    """Figures by scenario."""
    scenarios: dict[str, Scenario] = {
        ONBOARDING: _onboard,
        TYPED: partial(_publish, pause=sizes.autosave_pause),
        AT_ONCE: partial(_publish, pause=0.0),
    }
    return {name: asyncio.run(_measure(bench, scenario)) for name, scenario in scenarios.items()}


async def _measure(bench: BenchStack, scenario: Scenario) -> dict[str, Any]:
    temporal = await bench.temporal()
    database = await asyncpg.connect(bench.stack.database_admin_url)
    webhooks_before = await stripe_event_workflows(temporal)
    client = await ApiClient.open(bench, user="reference")
    cpu_before = cpu_seconds(bench.pids)
    session = await scenario(client)
    await temporal.get_workflow_handle(ids.session_workflow_id(session.id)).result()
    await wait_for_webhooks(bench)
    cpu_after = cpu_seconds(bench.pids)
    webhooks = await stripe_event_histories(temporal, webhooks_before)
    figures = {
        "session": await temporal_cost(temporal, await histories_of(temporal, session.id)),
        "stripe_events": await temporal_cost(temporal, webhooks),
        "postgres": await postgres_cost(database, session.id),
        "cpu_ms": {name: round(1000 * (cpu_after[name] - cpu_before[name])) for name in bench.pids},
    }
    client.close()
    await database.close()
    return figures


async def _publish(client: ApiClient, *, pause: float) -> ApiSession:
    """From create to a published event; ``pause`` seconds after each autosave."""
    session = await client.create()
    stages = load(EXAMPLE, datetime.now(UTC).date()).stages
    tickets = stages[Stage.TICKET_SETUP]
    tickets["tiers"] = tickets["tiers"][:TIERS]
    for stage, count in AUTOSAVES.items():
        for patch in _autosaves(stages[stage], count):
            await session.save_stage(stage, patch)
            await asyncio.sleep(pause)
        await session.complete(stage)
    await session.publish()
    return session


async def _onboard(client: ApiClient) -> ApiSession:
    """Connect an account at the stand-in for Stripe, whose webhook informs the session."""
    session = await client.create()
    organizer = load(EXAMPLE, datetime.now(UTC).date()).stages[Stage.ORGANIZER_SETUP]
    await session.save_stage(Stage.ORGANIZER_SETUP, organizer)
    await session.pass_onboarding()

    async def can_take_payments() -> bool:
        view = await session.read_view()
        return bool(view["payments"]["status"] == "ready")

    await wait_until(can_take_payments, interval=0.1)
    await session.abandon()
    return session


def _autosaves(data: Json, count: int) -> Iterator[Json]:
    """``count`` patches, which together make the data."""
    pieces = list(_pieces(data))
    for number in range(count):
        first, last = (len(pieces) * edge // count for edge in (number, number + 1))
        yield dict(pieces[first:last])


def _pieces(data: Json) -> Iterator[tuple[str, Any]]:
    """Patches of one field; a list field has a patch per element, each with one more element."""
    for name, value in data.items():
        if isinstance(value, list):
            yield from ((name, value[:length]) for length in range(1, len(value) + 1))
        else:
            yield name, value
