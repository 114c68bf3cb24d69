"""The session that costs are counted for: six stages, 30 autosaves, tickets sold through Stripe.

Its owner has connected an account before, in a session of its own that is counted by itself. It is
the example with two kinds of tickets, as a front end sends it while a person types: a few fields at
a time, and lists as they grow.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks.waiting import until
from benchmarks.wizard import BenchmarkSession, Json, Wizard
from dev.demo import pages
from dev.demo.examples import load
from domain.stages import Stage

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
"""The first of the example: one is free, one costs money."""

WAY_BACK: Final = "https://front-end.example/payments"


async def play(wizard: Wizard, *, pause: float) -> BenchmarkSession:
    """From create to a published event; ``pause`` seconds after each autosave."""
    session = await wizard.create()
    stages = load(EXAMPLE, datetime.now(UTC).date()).stages
    tickets = stages[Stage.TICKET_SETUP]
    tickets["tiers"] = tickets["tiers"][:TIERS]
    for stage, autosaves in AUTOSAVES.items():
        for patch in _typed(stages[stage], autosaves):
            await session.save_stage(stage, patch)
            await asyncio.sleep(pause)
        await session.complete(stage)
    await session.publish()
    return session


async def connect(wizard: Wizard) -> BenchmarkSession:
    """Onboarding, as the stand-in for Stripe has it; the session learns of it by a webhook."""
    session = await wizard.create()
    organizer = load(EXAMPLE, datetime.now(UTC).date()).stages[Stage.ORGANIZER_SETUP]
    await session.save_stage(Stage.ORGANIZER_SETUP, organizer)
    link = await session.connect_payments(WAY_BACK)
    await asyncio.to_thread(pages.submit, link, choice="complete")

    async def is_ready() -> bool:
        view = await session.read_view()
        return bool(view["payments"]["status"] == "ready")

    await until(is_ready, pause=0.1)
    await session.abandon()
    return session


def _typed(data: Json, autosaves: int) -> Iterator[Json]:
    """So many patches, which together make the data."""
    pieces = list(_pieces(data))
    for number in range(autosaves):
        first, last = (len(pieces) * edge // autosaves for edge in (number, number + 1))
        yield dict(pieces[first:last])


def _pieces(data: Json) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, list):
            yield from ((name, value[:length]) for length in range(1, len(value) + 1))
        else:
            yield name, value
