"""Clients that stall within a request are disconnected, and do not delay others."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from api.server import MAX_HEAD_BYTES, HttpProtocol
from tests.integration.security.conftest import Serve
from tests.support.api import client_for, token
from tests.support.wizard import start

TIMEOUT = 1.0
ENDED_WITHIN = 15.0

HEAD = b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\n"
STALLED_HEAD = HEAD + b"X-Slow: a"
STALLED_BODY = HEAD + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
STALLED_CHUNKS = (
    HEAD + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"
)


@pytest.fixture
async def address(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(HttpProtocol, "receive_timeout", TIMEOUT)
    return await serve()


class RawClient:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def rest(self) -> bytes:
        """The data received until the server closes the connection."""
        async with asyncio.timeout(ENDED_WITHIN):
            received = b""
            with suppress(ConnectionResetError):
                while more := await self._reader.read(65_536):
                    received += more
            return received

    async def status(self) -> int:
        line = (await self.rest()).partition(b"\r\n")[0]
        return int(line.split()[1])


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[RawClient]:
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    yield RawClient(reader, writer)
    writer.close()


@pytest.mark.parametrize("sent", [STALLED_HEAD, STALLED_BODY, STALLED_CHUNKS, b"P"])
async def test_a_request_that_stops_is_ended(address: str, sent: bytes) -> None:
    async with connected(address) as client:
        await client.send(sent)
        answer = await client.rest()

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer
    assert b'"code": "request_timeout"' in answer


async def test_a_request_that_trickles_is_ended(address: str) -> None:
    async with connected(address) as client:
        await client.send(HEAD)
        trickling = asyncio.create_task(_trickle(client))
        assert await client.status() == 408
        trickling.cancel()


async def _trickle(client: RawClient) -> None:
    with suppress(ConnectionError):
        while True:
            await client.send(b"X-Drop: 1\r\n")
            await asyncio.sleep(TIMEOUT / 10)


async def test_a_long_body_has_the_time_for_its_length(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b'{"session_id": "' + b"x" * 200 + b'"}'
    monkeypatch.setattr(HttpProtocol, "receive_rate", len(body) / ENDED_WITHIN)
    head = f"Authorization: Bearer {token('ada')}\r\nContent-Type: application/json\r\n"
    length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    async with connected(address) as client, connected(address) as clock:
        await client.send(HEAD + head.encode() + length.encode() + body[:100])
        await clock.rest()  # takes as long as the timeout
        await client.send(body[100:])
        assert await client.status() == 422


async def test_a_connection_without_a_request_is_ended(address: str) -> None:
    async with connected(address) as client:
        assert await client.rest() == b""


async def test_a_second_request_that_stops_is_ended(address: str) -> None:
    async with connected(address) as client:
        await client.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + STALLED_HEAD)
        answers = await client.rest()

    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answers


async def test_an_unread_body_does_not_keep_its_connection(address: str) -> None:
    async with connected(address) as client:
        await client.send(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert await client.status() == 405


@pytest.mark.parametrize("sent", [b"", STALLED_HEAD, STALLED_BODY])
async def test_a_half_closed_connection_is_ended_at_once(serve: Serve, sent: bytes) -> None:
    async with connected(await serve()) as client:
        await client.send(sent)
        client.writer.write_eof()
        await client.rest()


async def test_an_idle_connection_between_requests_is_kept(address: str) -> None:
    """The timeout is for requests in progress; idle connections have their own setting."""
    async with client_for(address, token("ada")) as http, connected(address) as clock:
        before = _own_end(await http.get("/healthz"))
        await clock.rest()  # takes as long as the timeout
        assert _own_end(await http.get("/healthz")) == before


def _own_end(response: httpx.Response) -> object:
    return response.extensions["network_stream"].get_extra_info("client_addr")


async def test_slow_clients_do_not_delay_others(serve: Serve) -> None:
    address = await serve()  # with the usual timeout, so that the stalled clients stay
    async with client_for(address, token("ada")) as http:
        with stalled(address, 300):
            async with asyncio.timeout(ENDED_WITHIN):
                await asyncio.gather(*(start(http) for _ in range(20)))


@contextmanager
def stalled(address: str, times: int) -> Iterator[None]:
    """``times`` clients, each with half a request sent."""
    parts = urlsplit(address)
    clients = []
    try:
        for number in range(times):
            client = socket.create_connection((parts.hostname, parts.port), timeout=5)
            clients.append(client)
            client.sendall([STALLED_HEAD, STALLED_BODY, b""][number % 3])
        yield
    finally:
        for client in clients:
            client.close()


TOO_LARGE_HEADS = b"a" * (MAX_HEAD_BYTES + 1)


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"X-Long: " + TOO_LARGE_HEADS + b"\r\n\r\n",
        HEAD + b"X-Endless: " + TOO_LARGE_HEADS,
        HEAD + b"X-Many: 0123456789\r\n" * 5000 + b"\r\n",
        b"GET /" + TOO_LARGE_HEADS + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + TOO_LARGE_HEADS,
        HEAD + TOO_LARGE_HEADS + b": 1\r\n\r\n",
    ],
    ids=["long", "endless", "many", "long address", "endless address", "long name"],
)
async def test_a_head_that_is_too_large_is_refused(serve: Serve, sent: bytes) -> None:
    async with connected(await serve()) as client:
        await client.send(sent)
        assert await client.status() == 431


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["TLS", "two lengths", "a control character", "no chunk", "length and chunks"],
)
async def test_bytes_that_are_not_a_request_are_refused(serve: Serve, sent: bytes) -> None:
    async with connected(await serve()) as client:
        await client.send(sent)
        assert await client.status() in {400, 404, 405}


async def test_an_ordinary_head_is_accepted(serve: Serve) -> None:
    long_token = token("ada", note="x" * 5000)
    headers = {f"X-Trace-{number}": "x" * 200 for number in range(100)}
    async with client_for(await serve(), long_token) as http:
        assert (await http.get("/v1/wizard", headers=headers)).status_code == 200
