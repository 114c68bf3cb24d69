"""A server with OpenAI's Chat Completions, streamed: it says what a test has scripted."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.support.waiting import eventually

MODEL: Final = "stand-in-1"
KEY: Final = "sk-of-the-stand-in"


class Cut(Exception):
    """Ends the connection in the middle of an answer."""


@dataclass(frozen=True)
class FunctionCall:
    name: str
    arguments: str


Part = str | FunctionCall | Cut | asyncio.Event
"""An event is waited for."""

Answer = Sequence[Part] | int
"""The parts of a streamed answer, or the status of an error."""


@dataclass
class ChatCompletionsServer:
    """Gives the scripted answers in order, the last one again and again."""

    url: str
    script: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)

    async def handle(self, request: Request) -> Response:
        self.requests.append(await request.json())
        self.keys.add(request.headers.get("authorization"))
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, int):
            error = {"message": "refused by the stand-in", "type": "error", "code": None}
            return JSONResponse({"error": error}, status_code=answer)
        return StreamingResponse(_events(answer), media_type="text/event-stream")


async def _events(parts: Sequence[Part]) -> AsyncIterator[bytes]:
    yield _chunk({"role": "assistant", "content": ""})
    calls = 0
    for part in parts:
        if isinstance(part, Cut):
            raise part
        if isinstance(part, asyncio.Event):
            await part.wait()
            continue
        if isinstance(part, str):
            yield _chunk({"content": part})
            continue
        name = {"name": part.name, "arguments": ""}
        yield _chunk({"tool_calls": [_call(calls, name, id=f"call_{calls}")]})
        for character in part.arguments:
            yield _chunk({"tool_calls": [_call(calls, {"arguments": character})]})
        calls += 1
    yield _chunk({}, "tool_calls" if calls else "stop")
    yield b"data: [DONE]\n\n"


def _call(index: int, function: dict[str, str], **fields: str) -> dict[str, Any]:
    return {"index": index, "type": "function", "function": function, **fields}


def _chunk(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }
    return f"data: {json.dumps(body)}\n\n".encode()


@asynccontextmanager
async def running_chat_completions() -> AsyncIterator[ChatCompletionsServer]:
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        stand_in = ChatCompletionsServer(f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        routes = [Route("/v1/chat/completions", stand_in.handle, methods=["POST"])]
        config = uvicorn.Config(
            Starlette(routes=routes), log_config=None, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([listening]))

        async def started() -> bool:
            return server.started

        await eventually(started, what="a server with Chat Completions")
        try:
            yield stand_in
        finally:
            server.should_exit = True
            await running
