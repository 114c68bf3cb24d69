"""A response that the client does not read is aborted."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from api.server import HttpProtocol
from tests.support.waiting import until


class ShortSendTimeout(HttpProtocol):
    send_timeout = 1.0


class EndlessAnswer:
    """An application that sends while the server accepts data."""

    def __init__(self) -> None:
        self.sent = 0
        self.ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        disconnected = asyncio.create_task(self._disconnected(receive))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not disconnected.done():
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
            self.sent += 65_536
            await asyncio.sleep(0)
        self.ended = True

    async def _disconnected(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


@pytest.fixture
def app() -> EndlessAnswer:
    return EndlessAnswer()


@pytest.fixture
async def port(app: EndlessAnswer) -> AsyncIterator[int]:
    config = uvicorn.Config(app, http=ShortSendTimeout, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started)
        yield listening.getsockname()[1]
        server.should_exit = True
        await running


async def test_an_unread_answer_is_aborted(app: EndlessAnswer, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: app.ended)


async def test_a_slowly_read_answer_is_continued(app: EndlessAnswer, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    started_at = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() < started_at + 2 * ShortSendTimeout.send_timeout:
        assert await reader.read(4_000_000)
    assert not app.ended
    writer.close()
    await until(lambda: app.ended)


class LateReader:
    """An application that asks for the body shortly before the second timeout of the request."""

    def __init__(self) -> None:
        self.asks = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(1.9 * ShortReceiveTimeout.receive_timeout)
        self.asks.set()
        received, more = 0, True
        while more:
            message = await receive()
            received += len(message.get("body", b""))
            more = message.get("more_body", False)
        headers = [(b"content-length", b"0"), (b"x-received", str(received).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body"})


class ShortReceiveTimeout(HttpProtocol):
    receive_timeout = 1.5


async def test_a_body_that_nothing_asks_for_is_not_late() -> None:
    app = LateReader()
    config = uvicorn.Config(
        app, http=ShortReceiveTimeout, lifespan="off", log_config=None, ws="none"
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started)
        port = listening.getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(8):
            writer.write(b"10000\r\n" + bytes(65_536) + b"\r\n")
        await app.asks.wait()
        # Beyond the second timeout, and within the time that the client has from the question on.
        await asyncio.sleep(0.4 * ShortReceiveTimeout.receive_timeout)
        writer.write(b"0\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        server.should_exit = True
        await running

    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"x-received: 524288" in head
