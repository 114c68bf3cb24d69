"""A person's way through one session by sentences to the assistant, over AG-UI."""

import json
from http import HTTPStatus
from typing import Final

import httpx

from domain.json_values import JsonObject
from tests.chaos.asking import TRY_AGAIN
from tests.chaos.journeys import Journey, WrongAnswer
from tests.chaos.model import ThreadModel
from tests.chaos.plan import Action, Step
from tests.support.assistant import RUN, Answer, Chat, events_of, result_of

STAGES: Final = {"autosaveEventData": "eventSetup", "autosaveVenueData": "venueSetup"}
"""Of the tools that this client has."""

_COPILOTKIT_RUN: Final = "/v1/copilot/agent/default/run"


class AssistantJourney(Journey):
    """Runs the calls of the assistant with their ids as keys, and sends their results. A third of
    the sentences is sent again after the stream was cut, and a third after its end."""

    _chat: Chat | None = None

    async def _take(self, step: Step, key: str) -> None:
        if step.action is Action.SAY:
            await self._say(step, key)
        else:
            await super()._take(step, key)

    async def _say(self, step: Step, key: str) -> None:
        chat = self._chat = self._chat or Chat(self._asker.http, self.model.session_id, [*STAGES])
        chat.path = RUN if step.chance < 0.5 else _COPILOTKIT_RUN
        chat.messages.append({"id": key, "role": "user", "content": step.text})
        if step.chance < 1 / 3:
            await self._cut(chat)
        calls = await self._run(chat)
        if step.chance > 2 / 3 and await self._run(chat) != calls:
            raise WrongAnswer(f"{key}: the repeated run has other calls than {calls}")
        chat.messages += self.model.threads[chat.thread_id].answers
        if calls:
            chat.messages += [await self._carry_out(call) for call in calls]
            await self._run(chat)
            chat.messages += self.model.threads[chat.thread_id].answers

    async def _carry_out(self, call: JsonObject) -> JsonObject:
        """The message with the result of the call, which is made twice."""
        stage = STAGES[call["tool"]]
        await self._save(stage, call["arguments"], call["id"])
        response = await self._ask(
            f"repeat {call['tool']}",
            "PATCH",
            self._path(f"/stages/{stage}"),
            json=call["arguments"],
            headers={"Idempotency-Key": call["id"]},
        )
        self._require(response, f"repeat {call['tool']}")
        return result_of(call["id"], {"revision": response.json()["revision"]})

    async def _cut(self, chat: Chat) -> None:
        """Sends the sentence, and leaves at the first part of the answer."""
        try:
            async with chat.http.stream("POST", chat.path, json=chat.body()) as response:
                async for _ in response.aiter_bytes():
                    break
        except httpx.TransportError as error:
            self.model.note(f"cut a run: {type(error).__name__}")
        else:
            self.model.note(f"cut a run: {response.status_code}")

    async def _run(self, chat: Chat) -> list[JsonObject]:
        """The calls of an answer that is complete: the run is repeated until there is one."""
        sent = tuple(chat.messages)

        async def attempt() -> Answer | None:
            response = await chat.post()
            if response.status_code in TRY_AGAIN:
                self._asker.note(f"say: {response.status_code}")
                return None
            if response.status_code != HTTPStatus.OK:
                raise WrongAnswer(f"say: {response.status_code} {response.text[:300]}")
            answer = Answer(events_of(response.text))
            last = answer.kinds[-1] if answer.kinds else "nothing"
            self._asker.note(f"say: {last} {json.dumps(answer.calls)}")
            return answer if last == "RUN_FINISHED" else None

        answer = await self._asker.repeat("say", attempt)
        self._asker.ledger.acknowledged += 1
        self.model.threads[chat.thread_id] = ThreadModel(sent, tuple(answer.messages))
        return answer.calls
