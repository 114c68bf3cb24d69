"""Sending a message to receivers that violate HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from notifications import sender as module
from tests.support.notification_receiver import running_receiver, running_sender

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
MESSAGE = {"type": "session.expired", "data": {"title": "Grüne Höhle 🎪"}}


@asynccontextmanager
async def running_server(behaviour: Behaviour) -> AsyncIterator[str]:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behaviour(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def receive(reader: asyncio.StreamReader) -> None:
    """The whole request: a connection that is closed before it is read is reset."""
    head = await reader.readuntil(b"\r\n\r\n")
    (length,) = re.findall(rb"content-length: (\d+)", head, re.IGNORECASE)
    await reader.readexactly(int(length))


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await receive(reader)


async def answer_without_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await receive(reader)
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    await writer.drain()


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends each byte within the read timeout."""
    writer.write(b"HTTP/1.1 200 OK\r\nx: ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [(hang_up, "RemoteProtocolError"), (answer_without_http, "RemoteProtocolError")],
)
async def test_a_missing_answer_is_a_failure(behaviour: Behaviour, error: str) -> None:
    async with running_server(behaviour) as url, running_sender(url) as sender:
        answer = await sender.send("msg_1", MESSAGE)
    assert (answer.error, answer.is_final) == (error, False)


async def test_an_answer_that_trickles_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE", 0.2)
    async with running_server(trickle) as url, running_sender(url) as sender:
        answer = await sender.send("msg_1", MESSAGE)
    assert answer.error == "TimeoutError"


async def test_a_message_is_signed_as_it_is_sent() -> None:
    async with running_receiver() as receiver, running_sender(receiver.url) as sender:
        assert (await sender.send("msg_1", MESSAGE)).error is None
        (received,) = await receiver.gets(1)
    assert received.verified() == MESSAGE
    assert received.id == "msg_1"
    assert received.headers["content-type"] == "application/json"


async def test_sender_repr_shows_no_secret() -> None:
    async with running_sender("https://hooks.example/hunter2") as sender:
        assert "hunter2" not in repr(sender)
