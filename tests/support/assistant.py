"""A client of the assistant: it sends the conversation, and reads the events of AG-UI."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx

from copilot.tools import TOOLS
from domain.json_values import JsonObject

ALL_TOOLS: Final = tuple(tool.name for tool in TOOLS)
RUN: Final = "/v1/copilot"


@dataclass
class Answer:
    """The events of a run."""

    events: list[JsonObject]

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]

    @property
    def words(self) -> str:
        return "".join(
            event["delta"] for event in self.events if event["type"] == "TEXT_MESSAGE_CONTENT"
        )

    @property
    def states(self) -> list[JsonObject]:
        """What the client's state is, in its order."""
        return [event["snapshot"] for event in self.events if event["type"] == "STATE_SNAPSHOT"]

    @property
    def choices(self) -> dict[str, str]:
        """The answers of the buttons by their labels."""
        return {choice["label"]: choice["answer"] for choice in self.states[-1]["choices"]}

    @property
    def calls(self) -> list[JsonObject]:
        """Each call with its id, its tool and its arguments."""
        found: dict[str, JsonObject] = {}
        for event in self.events:
            if event["type"] == "TOOL_CALL_START":
                name = event["toolCallName"]
                found[event["toolCallId"]] = {"id": event["toolCallId"], "tool": name, "json": ""}
            elif event["type"] == "TOOL_CALL_ARGS":
                found[event["toolCallId"]]["json"] += event["delta"]
        return [
            {"id": call["id"], "tool": call["tool"], "arguments": json.loads(call["json"])}
            for call in found.values()
        ]

    @property
    def messages(self) -> list[JsonObject]:
        """What the client adds to the conversation."""
        made: dict[str, JsonObject] = {}
        for event in self.events:
            message_id = str(event.get("messageId") or event.get("parentMessageId") or "")
            if message_id and message_id not in made:
                made[message_id] = {"id": message_id, "role": "assistant"}
            if event["type"] == "TEXT_MESSAGE_CONTENT":
                made[message_id]["content"] = made[message_id].get("content", "") + event["delta"]
            if event["type"] == "TOOL_CALL_START":
                call = next(call for call in self.calls if call["id"] == event["toolCallId"])
                function = {"name": call["tool"], "arguments": json.dumps(call["arguments"])}
                wired = {"id": call["id"], "type": "function", "function": function}
                made[message_id].setdefault("toolCalls", []).append(wired)
        return list(made.values())


def said(text: str) -> JsonObject:
    return {"id": str(uuid4()), "role": "user", "content": text}


def result_of(call_id: str, body: object) -> JsonObject:
    content = body if isinstance(body, str) else json.dumps(body)
    return {"id": str(uuid4()), "role": "tool", "toolCallId": call_id, "content": content}


@dataclass
class Chat:
    """A conversation about a session, with the client of a person."""

    http: httpx.AsyncClient
    session_id: str
    tools: Sequence[str] = ALL_TOOLS
    props: JsonObject = field(default_factory=dict)
    path: str = RUN
    thread_id: str = field(default_factory=lambda: str(uuid4()))
    messages: list[JsonObject] = field(default_factory=list)

    def body(self, **changed: Any) -> JsonObject:
        return {
            "threadId": self.thread_id,
            "runId": str(uuid4()),
            "state": {},
            "messages": self.messages,
            "tools": [{"name": name, "description": "", "parameters": {}} for name in self.tools],
            "context": [],
            "forwardedProps": {"session_id": self.session_id, **self.props},
            **changed,
        }

    async def post(self, **changed: Any) -> httpx.Response:
        return await self.http.post(self.path, json=self.body(**changed))

    async def say(self, text: str) -> Answer:
        return await self.send(said(text))

    async def send(self, *messages: JsonObject) -> Answer:
        """Adds messages and the answer to the conversation."""
        self.messages += messages
        answer = await self.run()
        self.messages += answer.messages
        return answer

    async def run(self) -> Answer:
        response = await self.post()
        assert response.status_code == 200, response.text
        return Answer(events_of(response.text))


def events_of(text: str) -> list[JsonObject]:
    lines = [line.removeprefix("data: ") for line in text.split("\n") if line]
    return [json.loads(line) for line in lines]
