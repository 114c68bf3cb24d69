"""A webhook endpoint that records the received events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.server import KEEP_ALIVE_SECONDS
from tests.support.waiting import eventually


@dataclass
class Received:
    body: bytes
    signature: str

    @property
    def event(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    url: str = ""
    received: list[Received] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    """The statuses of the first responses; the later ones are 200."""

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        self.received.append(Received(body, request.headers["stripe-signature"]))
        return Response(status_code=self.refusals.pop(0) if self.refusals else 200)

    async def gets(self, number: int, kind: str = "") -> list[Received]:
        """Waits for ``number`` events whose type starts with ``kind``."""

        async def enough() -> list[Received] | None:
            matching = [item for item in self.received if item.event["type"].startswith(kind)]
            return matching if len(matching) >= number else None

        return await eventually(enough, what=f"{number} events {kind}")


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = Starlette(routes=[Route("/", receiver.receive, methods=["POST"])])
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, what="a receiver")
    port = server.servers[0].sockets[0].getsockname()[1]
    receiver.url = f"http://127.0.0.1:{port}/"
    try:
        yield receiver
    finally:
        server.should_exit = True
        await serving
