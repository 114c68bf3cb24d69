"""Answers that are lost after their effect: an agent repeats the call, and publishes once."""

import asyncio
from random import Random
from typing import Final
from uuid import uuid4

from domain.json_values import JsonObject
from tests.support.agents import (
    RepeatedCalls,
    confirm_by_tools,
    dropping_answers,
    fill_in_by_tools,
)
from tests.support.api import signing_in, token
from tests.support.full_size import IS_FULL
from tests.support.system import System
from tests.support.wizard import Wizard

RUNS: Final = 300 if IS_FULL else 4
AT_ONCE: Final = 3
SHARE: Final = 0.5
"""Of the answers to calls that are lost."""


class Losses:
    """Which answers are lost: by chance, and always the first one of each call of these tools."""

    def __init__(self, seed: int, first_of: frozenset[str]) -> None:
        self._random = Random(seed)
        self._first_of = set(first_of)
        self.lost = 0

    def __call__(self, message: JsonObject) -> bool:
        if message.get("method") != "tools/call":
            return False
        tool = message["params"]["name"]
        is_lost = tool in self._first_of or self._random.random() < SHARE
        self._first_of.discard(tool)
        self.lost += is_lost
        return is_lost


async def publish_with_losses(system: System, seed: int) -> int:
    """One run, with a person of its own. How many answers were lost."""
    user = f"ada-{seed}-{uuid4().hex[:12]}"
    losses = Losses(seed, frozenset({"createSession", "addTier", "confirmPublish"}))
    async with (
        signing_in(system.address) as sign_in,
        dropping_answers(system.address, losses) as address,
    ):
        mode = "auto" if seed % 2 else "legacy"
        person, call = sign_in(user), RepeatedCalls(address, token(user), mode)
        filled = await fill_in_by_tools(call, key=user)
        wizard = Wizard(person, filled["session_id"])
        await wizard.save("reviewPublish", {"acceptTerms": True})
        published = await confirm_by_tools(call, wizard.session_id)
        view = await wizard.view(consistent="true")
        sessions = (await person.get("/v1/sessions")).json()["items"]
        events = (await person.get("/v1/events")).json()["items"]

    assert [session["session_id"] for session in sessions] == [wizard.session_id]
    assert [event["event_id"] for event in events] == [published["event_id"]]
    assert [tier["name"] for tier in view["stages"]["ticketSetup"]["data"]["tiers"]] == ["General"]
    assert call.repeats == losses.lost
    return losses.lost


async def test_lost_answers_never_make_a_second_event(system: System) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def run(seed: int) -> int:
        async with turns:
            return await publish_with_losses(system, seed)

    lost = await asyncio.gather(*(run(seed) for seed in range(RUNS)))

    assert min(lost) >= 3
