"""A receiver of notifications, which verifies them with the library of Standard Webhooks."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn
from pydantic import SecretStr
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.server import KEEP_ALIVE_SECONDS
from notifications.sender import Sender
from tests.support.waiting import eventually

SECRET: Final = "whsec_" + base64.b64encode(b"a-secret-that-only-tests-know").decode()


@dataclass
class ReceivedNotification:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        kind: str = self.content["type"]
        return kind

    def verified(self, secret: str = SECRET) -> Any:
        """The content.

        Raises:
            WebhookVerificationError: the signature is not valid.
        """
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class NotificationReceiver:
    """Responds with ``answers`` in order, then accepts everything."""

    url: str
    received: list[ReceivedNotification] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    async def handle(self, request: Request) -> Response:
        self.received.append(ReceivedNotification(dict(request.headers), await request.body()))
        return self.answers.pop(0) if self.answers else Response(status_code=204)

    async def gets(self, number: int) -> list[ReceivedNotification]:
        """Waits for exactly this number of notifications, and verifies their signatures."""

        async def has_arrived() -> bool:
            return len(self.received) >= number

        await eventually(has_arrived, what=f"{number} notifications")
        assert len(self.received) == number, [notification.kind for notification in self.received]
        for notification in self.received:
            notification.verified()
        return self.received


@asynccontextmanager
async def running_receiver(port: int = 0) -> AsyncIterator[NotificationReceiver]:
    """A receiver on this port, or on a free one."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        receiver = NotificationReceiver(f"http://127.0.0.1:{listening.getsockname()[1]}/hook")
        app = Starlette(routes=[Route("/hook", receiver.handle, methods=["POST"])])
        config = uvicorn.Config(
            app,
            log_config=None,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve([listening]))

        async def started() -> bool:
            return server.started

        await eventually(started, what="a receiver")
        try:
            yield receiver
        finally:
            server.should_exit = True
            await running


@asynccontextmanager
async def running_sender(url: str, *secrets: str) -> AsyncIterator[Sender]:
    sender = Sender(url, [SecretStr(secret) for secret in secrets or (SECRET,)])
    try:
        yield sender
    finally:
        await sender.close()
