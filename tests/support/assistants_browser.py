"""The front end's part of the assistant: runs the calls of tools with the person's token."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from copilot.tools import tool_named
from domain.json_values import JsonObject
from tests.support.assistant import Answer, Chat, result_of
from tests.support.wizard import Wizard

_READS = {"whatIsMissing", "explainField", "fillFromText", "goToStage"}


class AssistantsBrowser:
    """A person who speaks to the assistant, with a page that runs its calls."""

    def __init__(self, wizard: Wizard, **props: Any) -> None:
        self.wizard = wizard
        self.chat = Chat(wizard.http, wizard.session_id, props=props)
        self.ran: list[str] = []
        """The names of the tools that were called."""

    async def say(self, text: str) -> str:
        """What the assistant says at last, after the results of all its calls."""
        answer = await self.chat.say(text)
        while answer.calls:
            results = [result_of(call["id"], await self._result_of(call)) for call in answer.calls]
            self.ran += [call["tool"] for call in answer.calls]
            answer = await self.chat.send(*results)
        return answer.words

    async def answer(self, text: str) -> Answer:
        """The first answer, whose calls are not run."""
        return await self.chat.say(text)

    async def _result_of(self, call: JsonObject) -> object:
        """The body of the response: of a refusal, the problem document."""
        name = call["tool"]
        if name in _READS or name.startswith("suggest"):
            return {}
        response = await self._runner_of(name)(call)
        return json.loads(response.text)

    def _runner_of(self, name: str) -> Callable[[JsonObject], Awaitable[httpx.Response]]:
        runners = {
            "addTier": self._add_tier,
            "runChecks": lambda _: self.wizard.get("/checks"),
            "undoLast": self._undo,
            "publishEvent": self._confirm,
            "confirmPublish": self._publish,
        }
        if name in runners:
            return runners[name]
        return self._complete if name.startswith("complete") else self._save

    async def _save(self, call: JsonObject) -> httpx.Response:
        stage = _stage_of(call)
        return await self.wizard.save(stage, call["arguments"], Idempotency_Key=call["id"])

    async def _complete(self, call: JsonObject) -> httpx.Response:
        return await self.wizard.complete(_stage_of(call), Idempotency_Key=call["id"])

    async def _add_tier(self, call: JsonObject) -> httpx.Response:
        view = await self.wizard.view(consistent="true")
        tiers = view["stages"]["ticketSetup"]["data"].get("tiers", [])
        patch = {"tiers": [*tiers, call["arguments"]]}
        return await self.wizard.save("ticketSetup", patch, Idempotency_Key=call["id"])

    async def _undo(self, call: JsonObject) -> httpx.Response:
        revision = (await self.wizard.view(consistent="true"))["revision"]
        body = {"revision": revision - 1}
        return await self.wizard.post("/restore", body, Idempotency_Key=call["id"])

    async def _confirm(self, _: JsonObject) -> httpx.Response:
        """The person ticks the terms in the dialog, and confirms the checks that it shows."""
        await self.wizard.complete("reviewPublish", {"acceptTerms": True})
        situation = (await self.wizard.get("/copilot")).json()
        confirmation = {
            "confirmed": True,
            "revision": situation["context"]["revision"],
            "checks_digest": situation["checks_digest"],
        }
        return httpx.Response(200, json=confirmation)

    async def _publish(self, call: JsonObject) -> httpx.Response:
        revision = call["arguments"]["revision"]
        return await self.wizard.post(
            "/publish", If_Match=f'"{revision}"', Idempotency_Key=call["id"], Prefer="wait=20"
        )


def _stage_of(call: JsonObject) -> str:
    tool = tool_named(call["tool"])
    assert tool is not None
    assert tool.stage is not None
    return tool.stage.value
