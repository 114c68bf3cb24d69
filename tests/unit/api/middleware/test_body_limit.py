"""Bodies over the limit get a 413, whether their length is declared or not."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import Message, Receive, Scope, Send

from api.middleware.body_limit import BodyLimit
from domain.errors import PayloadTooLarge

LIMIT = 64
WIDE_LIMIT = 640


def application() -> BodyLimit:
    app = FastAPI()

    @app.post("/parsed")
    async def parsed(body: dict[str, Any]) -> int:
        return len(body)

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.post("/wide")
    async def wide(request: Request) -> int:
        return len(await request.body())

    @app.post("/unread")
    async def unread() -> str:
        return "fine"

    return BodyLimit(app, LIMIT, {"/wide": WIDE_LIMIT})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        yield client


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size):
        yield b" "


async def test_a_body_at_the_limit_passes(client: httpx.AsyncClient) -> None:
    declared = await client.post("/raw", content=b"x" * LIMIT)
    streamed = await client.post("/raw", content=chunks(LIMIT))
    empty = await client.post("/raw")
    assert (declared.json(), streamed.json(), empty.json()) == (LIMIT, LIMIT, 0)


@pytest.mark.parametrize("path", ["/parsed", "/raw"])
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_body_over_the_limit_is_refused(
    client: httpx.AsyncClient, path: str, streamed: bool
) -> None:
    body = chunks(LIMIT + 1) if streamed else b" " * (LIMIT + 1)
    answer = await client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")
    assert str(LIMIT) in answer.json()["detail"]


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_path_may_have_its_own_limit(client: httpx.AsyncClient, streamed: bool) -> None:
    def body(size: int) -> AsyncIterator[bytes] | bytes:
        return chunks(size) if streamed else b" " * size

    assert (await client.post("/wide", content=body(WIDE_LIMIT))).json() == WIDE_LIMIT
    refused = await client.post("/wide", content=body(WIDE_LIMIT + 1))
    assert (refused.status_code, refused.json()["code"]) == (413, "payload_too_large")
    assert str(WIDE_LIMIT) in refused.json()["detail"]
    assert (await client.post("/raw", content=body(LIMIT + 1))).status_code == 413


async def test_an_unread_body_is_harmless(client: httpx.AsyncClient) -> None:
    answer = await client.post("/unread", content=chunks(LIMIT * 2))
    assert answer.json() == "fine"


class Wire:
    """A request, byte for byte, to a bare application."""

    def __init__(self, *chunks: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        self.scope: Scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "headers": headers or [],
        }
        self._chunks = list(chunks)
        self.sent: list[Message] = []

    @property
    def unread(self) -> int:
        return len(self._chunks)

    async def receive(self) -> Message:
        chunk = self._chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(self._chunks)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def statuses_from(self, app: BodyLimit) -> list[int]:
        """Calls the application, and returns the statuses it sent."""
        await app(self.scope, self.receive, self.send)
        return [message["status"] for message in self.sent if "status" in message]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole body and answers 200; catches no error."""
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_a_declared_length_is_refused_before_reading() -> None:
    wire = Wire(b"x" * 65, headers=[(b"content-length", b"65")])
    assert await wire.statuses_from(BodyLimit(echo, LIMIT)) == [413]
    assert wire.unread == 1


async def test_a_body_longer_than_declared_is_refused_early() -> None:
    wire = Wire(b"x" * 50, b"x" * 50, b"x" * 50, headers=[(b"content-length", b"10")])
    assert await wire.statuses_from(BodyLimit(echo, LIMIT)) == [413]
    assert wire.unread == 1


@pytest.mark.parametrize(
    "length", [b"", b"-1", b"+5", b"1_0", b"0x10", b"ten", b"5, 5", b"9" * 5000]
)
async def test_a_length_that_is_not_a_number_is_refused(length: bytes) -> None:
    wire = Wire(b"x", headers=[(b"Content-Length", length)])
    assert await wire.statuses_from(BodyLimit(echo, LIMIT)) == [422]
    assert wire.unread == 1


async def test_the_largest_of_several_lengths_counts() -> None:
    wire = Wire(b"x", headers=[(b"content-length", b"1"), (b"content-length", b"65")])
    assert await wire.statuses_from(BodyLimit(echo, LIMIT)) == [413]


async def test_a_started_response_is_not_answered_again() -> None:
    async def eager(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await echo_body(receive, send)

    async def echo_body(receive: Receive, send: Send) -> None:
        try:
            await receive()
        finally:
            await send({"type": "http.response.body", "body": b"end"})

    wire = Wire(b"x" * 65)
    assert await wire.statuses_from(BodyLimit(eager, LIMIT)) == [200]
    assert wire.sent[-1]["body"] == b"end"


async def test_errors_of_the_application_are_raised() -> None:
    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        raise PayloadTooLarge("a section")

    with pytest.raises(PayloadTooLarge, match="a section"):
        await Wire(b"x").statuses_from(BodyLimit(refusing, LIMIT))


async def test_other_connection_types_are_passed_through() -> None:
    connection_types: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        connection_types.append(scope["type"])

    wire = Wire()
    wire.scope = {"type": "lifespan"}
    await wire.statuses_from(BodyLimit(app, LIMIT))
    assert connection_types == ["lifespan"]
