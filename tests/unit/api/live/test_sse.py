"""Server-sent events: their text, and the response that sends them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Message, Scope

from api.live.sse import (
    ENDED_BY_CLIENT,
    ENDED_BY_SHUTDOWN,
    PING,
    EventStream,
    OpenedStream,
    StreamRecord,
    message,
    noted_stream,
)
from domain.errors import RateLimited
from tests.support.waiting import until

CHUNKS = [PING, *(message("session", "{}", number) for number in range(5))]


class Exchange:
    """A client that takes ``takes`` messages, and then stops reading."""

    def __init__(self, *, is_endless: bool = True, takes: int = 1000) -> None:
        self.scope: Scope = {"type": "http"}
        self.sent: list[Message] = []
        self.asked = 0
        self._taking = asyncio.Semaphore(takes)
        self.leaving = asyncio.Event()
        self.stopping: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_open = False
        self._is_endless = is_endless

    async def run(self) -> StreamRecord:
        await EventStream(self._opening)(self.scope, self._receive, self._send)
        record = noted_stream(self.scope)
        assert record is not None
        return record

    @asynccontextmanager
    async def _opening(self, _record: StreamRecord) -> AsyncIterator[OpenedStream]:
        self.is_open = True
        try:
            yield OpenedStream(self._chunks(), self.stopping)
        finally:
            self.is_open = False

    async def _chunks(self) -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            self.asked += 1
            yield chunk
        if self._is_endless:
            await asyncio.Event().wait()

    async def _receive(self) -> Message:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, sent: Message) -> None:
        await self._taking.acquire()
        self.sent.append(sent)

    @property
    def is_complete(self) -> bool:
        return self.sent[-1].get("more_body") is False


def test_a_message_has_id_event_and_data() -> None:
    assert (
        message("session", '{"a":"ä"}', 7) == 'id: 7\nevent: session\ndata: {"a":"ä"}\n\n'.encode()
    )
    assert message("expired", "{}") == b"event: expired\ndata: {}\n\n"


async def test_a_stream_that_ends_completes_the_response() -> None:
    exchange = Exchange(is_endless=False)
    record = await exchange.run()

    assert [sent["body"] for sent in exchange.sent[1:-1]] == CHUNKS
    assert exchange.is_complete
    assert record.messages == 5


async def test_a_client_that_leaves_ends_the_stream() -> None:
    exchange = Exchange()
    running = asyncio.create_task(exchange.run())
    await until(lambda: len(exchange.sent) == 1 + len(CHUNKS))
    exchange.leaving.set()
    record = await running

    assert record == StreamRecord(5, ENDED_BY_CLIENT)
    assert not exchange.is_open


async def test_shutdown_ends_the_response_at_once() -> None:
    exchange = Exchange()
    running = asyncio.create_task(exchange.run())
    await until(lambda: len(exchange.sent) == 1 + len(CHUNKS))
    exchange.stopping.set_result(None)
    record = await running

    assert record.ended_by == ENDED_BY_SHUTDOWN
    assert exchange.is_complete
    assert not exchange.is_open


async def test_a_slow_reader_makes_the_source_wait() -> None:
    exchange = Exchange(takes=3)  # the start and two chunks
    running = asyncio.create_task(exchange.run())
    await until(lambda: len(exchange.sent) == 3)
    for _ in range(100):
        await asyncio.sleep(0)
    assert exchange.asked == 3
    exchange.leaving.set()
    record = await running

    assert record == StreamRecord(1, ENDED_BY_CLIENT)
    assert not exchange.is_open


async def test_a_refusal_is_raised_before_the_response_starts() -> None:
    @asynccontextmanager
    async def refusing(_record: StreamRecord) -> AsyncIterator[OpenedStream]:
        raise RateLimited
        yield

    exchange = Exchange()
    with pytest.raises(RateLimited):
        await EventStream(refusing)(exchange.scope, exchange._receive, exchange._send)
    assert exchange.sent == []
    assert noted_stream(exchange.scope) is None


async def test_an_error_of_the_source_is_raised() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield PING
        raise ZeroDivisionError

    @asynccontextmanager
    async def opening(_record: StreamRecord) -> AsyncIterator[OpenedStream]:
        yield OpenedStream(failing(), asyncio.get_running_loop().create_future())

    exchange = Exchange()
    with pytest.raises(ZeroDivisionError):
        await EventStream(opening)(exchange.scope, exchange._receive, exchange._send)
