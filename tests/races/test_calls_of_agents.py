"""One call of a tool twice at once, by two connections to two API processes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

import httpx
import pytest

from api.mcp.tools import NOT_OFFERED
from copilot.tools import TOOLS, Effect, tool_named
from domain.json_values import JsonObject
from tests.races.arena import Arena
from tests.support.agents import Call, agent, calls_of
from tests.support.api import client_for, token, unique_user
from tests.support.full_size import IS_FULL
from tests.support.stage_data import STAGES, free_sections
from tests.support.wizard import start

RACES: Final = 20 if IS_FULL else 1

CHANGES: Final[dict[str, JsonObject]] = {
    "completeOrganizerSetup": {},
    "completeEventSetup": {},
    "completeVenueSetup": {},
    "completeTicketSetup": {},
    "completeSponsorsMedia": {},
    "completeReviewPublish": {},
    "autosaveOrganizerData": {"bio": "One"},
    "autosaveEventData": {"description": "One"},
    "autosaveVenueData": {"accessibility": "One"},
    "autosaveTicketData": {"totalCapacity": 150},
    "autosaveSponsorData": {"hashtag": "one"},
    "addTier": {"name": "Balcony", "unit_amount": 0, "quantity": 10},
    "changeTier": {"tier": "General", "name": "Stalls"},
    "removeTier": {"tier": "General"},
    "goToStage": {"stage": "venueSetup"},
    "undoLast": {},
}
"""Arguments of the tools that change a session."""


@asynccontextmanager
async def one_person(arena: Arena) -> AsyncIterator[tuple[httpx.AsyncClient, Sequence[Call]]]:
    """A new person's client, and the calls of an agent at each API process."""
    bearer = token(unique_user())
    first, last = arena.addresses
    async with (
        client_for(first, bearer) as http,
        agent(first, bearer) as one,
        agent(last, bearer) as other,
    ):
        yield http, (calls_of(one), calls_of(other))


def test_each_tool_that_changes_something_is_raced() -> None:
    changing = {tool.name for tool in TOOLS if tool.effect is not Effect.READ}

    assert changing - NOT_OFFERED.keys() == {*CHANGES, "createSession", "confirmPublish"}


@pytest.mark.parametrize("names_revision", [True, False], ids=["revision", "any revision"])
async def test_a_change_twice_at_once_has_one_effect(arena: Arena, names_revision: bool) -> None:
    for _ in range(RACES):
        async with one_person(arena) as (http, pair):
            for tool, arguments in CHANGES.items():
                if names_revision or tool != "undoLast":  # which needs one
                    await assert_one_effect(http, pair, tool, arguments, names_revision)


async def test_a_session_is_created_and_published_once(arena: Arena) -> None:
    for _ in range(RACES):
        async with one_person(arena) as (http, pair):
            created = await both(pair, "createSession", {"key": uuid4().hex})
            wizard = await start(http, free_sections(title=f"Show {uuid4().hex[:12]}"))
            checked = await pair[0]("runChecks", session_id=wizard.session_id)
            published = await both(
                pair,
                "confirmPublish",
                {
                    "session_id": wizard.session_id,
                    "revision": checked["revision"],
                    "checks_digest": checked["checks_digest"],
                },
            )

            assert len({result["session_id"] for result in created}) == 1
            assert sorted(result["is_new"] for result in created) == [False, True]
            assert not any(result["is_error"] for result in published), published
            assert len({result["event_id"] for result in published}) == 1
            assert len((await http.get("/v1/events")).json()["items"]) == 1


async def assert_one_effect(
    http: httpx.AsyncClient,
    pair: Sequence[Call],
    tool: str,
    arguments: JsonObject,
    names_revision: bool,
) -> None:
    wizard = await start(http, free_sections(title=f"Show {uuid4().hex[:12]}"))
    belongs_to = tool_named(tool)
    if tool.startswith("complete") and belongs_to:
        move = {"from_stage": STAGES[0], "to_stage": belongs_to.stage}
        assert (await wizard.post("/transition", move)).status_code == 200
    before = await wizard.view(consistent="true")
    named = {"revision": before["revision"]} if names_revision else {}

    results = await both(pair, tool, {"session_id": wizard.session_id, **named, **arguments})

    assert [result["is_error"] for result in results] == [False, False], (tool, results)
    after = await wizard.view(consistent="true")
    assert after["revision"] == before["revision"] + 1, tool
    assert [result["revision"] for result in results] == [after["revision"]] * 2, tool


async def both(pair: Sequence[Call], tool: str, arguments: JsonObject) -> list[JsonObject]:
    return await asyncio.gather(*(call(tool, **arguments) for call in pair))
