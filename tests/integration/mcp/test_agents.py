"""An agent of any kind, from nothing to a published event."""

from typing import Any

import pytest

from domain.json_values import JsonObject
from tests.support.agents import agent, calls_of, confirm_by_tools, fill_in_by_tools
from tests.support.api import SignIn, token
from tests.support.system import System
from tests.support.wizard import Wizard

MAX_CALLS = 12


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_an_agent_publishes_an_event(
    system: System, sign_in: SignIn, user: str, mode: str
) -> None:
    person = sign_in(user)
    async with agent(system.address, token(user), mode=mode) as client:
        made: list[str] = []
        answered = calls_of(client)

        async def call(tool: str, **arguments: Any) -> JsonObject:
            made.append(tool)
            return await answered(tool, **arguments)

        filled = await fill_in_by_tools(call, key=f"key-of-{user}")
        wizard = Wizard(person, filled["session_id"])
        await wizard.save("reviewPublish", {"acceptTerms": True})

        published = await confirm_by_tools(call, wizard.session_id)

    assert len(made) <= MAX_CALLS
    assert published["status"] == "completed"
    (event,) = (await person.get("/v1/events")).json()["items"]
    assert event["event_id"] == published["event_id"]
    assert event["session_id"] == wizard.session_id
    assert published["entered_by_people"]["page"].endswith(f"/e/{event['slug']}")
