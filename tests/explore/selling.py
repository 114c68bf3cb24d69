"""Organizers whose accounts are ready, and what they publish before a schedule begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import httpx

from domain.json_values import JsonObject
from tests.explore.opening import Theatre
from tests.explore.settling import answered
from tests.support.paid_sessions import WAY_BACK, paid_event
from tests.support.stage_data import by_section
from tests.support.wizard import published_event, start


@dataclass(frozen=True)
class Organizer:
    """``account`` can charge."""

    http: httpx.AsyncClient
    account: str


async def open_organizer(theatre: Theatre) -> Organizer:
    http = theatre.sign_in(f"organizer-{uuid4().hex[:12]}")
    wizard = await start(http)
    connected = await answered(lambda: wizard.post("/payments/connect", WAY_BACK))
    account = connected.json()["account_id"]
    await theatre.stand_in.move(account, "ready")
    return Organizer(http, account)


async def publish_event(
    organizer: Organizer, tiers: Sequence[JsonObject], *, capacity: int
) -> JsonObject:
    stages = paid_event(*tiers, slug=f"explored-{uuid4().hex[:16]}")
    stages["venueSetup"] = {**stages["venueSetup"], "capacity": capacity}
    wizard = await start(organizer.http, by_section(stages))
    return await published_event(wizard)
