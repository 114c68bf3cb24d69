"""What the reference session leaves behind, and what Temporal Cloud would bill for it.

Once with a pause between the autosaves, as front ends send them, and once as fast as it goes; and
what comes before the first one of a tenant, the onboarding of its Stripe account.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

import asyncpg

from benchmarks import reference_session
from benchmarks.left_behind import (
    in_postgres,
    in_temporal,
    stripe_event_histories,
    stripe_event_workflows,
)
from benchmarks.processes import cpu_seconds
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack
from benchmarks.waiting import until
from benchmarks.wizard import BenchmarkSession, Wizard
from domain import ids
from tests.support.session_histories import histories_of

TYPED: Final = "typed"
AT_ONCE: Final = "at once"
ONBOARDING: Final = "onboarding"

WEBHOOKS_ARE_OVER: Final = 2.0
"""Seconds without another event of Stripe."""


Play = Callable[[Wizard], Awaitable[BenchmarkSession]]


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    """Figures by what was played."""
    played: dict[str, Play] = {
        ONBOARDING: reference_session.connect,
        TYPED: partial(reference_session.play, pause=sizes.autosave_pause),
        AT_ONCE: partial(reference_session.play, pause=0.0),
    }
    return {name: asyncio.run(_measure(own, play)) for name, play in played.items()}


async def _measure(own: OwnStack, play: Play) -> dict[str, Any]:
    client = await own.temporal()
    database = await asyncpg.connect(own.stack.database_admin_url)
    known = await stripe_event_workflows(client)
    wizard = await Wizard.open(own, user="reference")
    before = cpu_seconds(own.pids)
    session = await play(wizard)
    await client.get_workflow_handle(ids.session_workflow_id(session.id)).result()
    await _webhooks_are_over(database)
    after = cpu_seconds(own.pids)
    webhooks = await stripe_event_histories(client, known)
    found = {
        "session": await in_temporal(client, await histories_of(client, session.id)),
        "stripe_events": await in_temporal(client, webhooks),
        "postgres": await in_postgres(database, session.id),
        "cpu_ms": {name: round(1000 * (after[name] - before[name])) for name in own.pids},
    }
    wizard.close()
    await database.close()
    return found


async def _webhooks_are_over(database: asyncpg.Connection) -> None:
    seen = None

    async def nothing_new() -> bool:
        nonlocal seen
        before, seen = (
            seen,
            await database.fetchrow("SELECT count(*), count(processed_at) FROM stripe_events"),
        )
        return seen == before and seen is not None and seen[0] == seen[1]

    await until(nothing_new, pause=WEBHOOKS_ARE_OVER)
