"""Server-sent events (WHATWG HTML, section 9.2): messages, and the response that sends them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from fastapi import Response
from starlette.types import Receive, Scope, Send

MEDIA_TYPE: Final = "text/event-stream"

HEADERS: Final = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}
"""Proxies neither keep, compress nor buffer a stream. The second header is nginx's."""

RETRY: Final = b"retry: 2000\n\n"
"""Milliseconds after which a client connects again."""

PING: Final = b": ping\n\n"
"""A comment, so that proxies and the client see that the connection is alive."""

ENDED_BY_CLIENT: Final = "client"
ENDED_BY_SHUTDOWN: Final = "shutdown"

_STATE: Final = "stream"


def message(event: str, data: str, message_id: int | None = None) -> bytes:
    """
    Args:
        data: JSON in one line.
    """
    identified = "" if message_id is None else f"id: {message_id}\n"
    return f"{identified}event: {event}\ndata: {data}\n\n".encode()


@dataclass
class StreamRecord:
    """What the request log has of a stream at its end."""

    messages: int = 0
    ended_by: str = ENDED_BY_CLIENT


def noted_stream(scope: Scope) -> StreamRecord | None:
    """The record of the response, if it is a stream."""
    record: StreamRecord | None = scope.get("state", {}).get(_STATE)
    return record


@dataclass(frozen=True)
class OpenedStream:
    """``chunks`` end by themselves if the stream does; ``stopping`` is done if it has to end."""

    chunks: AsyncIterator[bytes]
    stopping: "asyncio.Future[None]"


Opening = Callable[[StreamRecord], AbstractAsyncContextManager[OpenedStream]]


class StreamHeaders(Response):
    """The answer to HEAD: the headers of a stream, which is not opened."""

    media_type = MEDIA_TYPE

    def __init__(self) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["Content-Length"]


class EventStream(StreamHeaders):
    """Sends chunks as they come, until there are no more or the client is gone.

    The next chunk is asked for when the client has taken the last one. So a slow reader makes the
    source wait, and does not fill the memory; the server drops a reader that stops.
    """

    def __init__(self, opening: Opening) -> None:
        """
        Args:
            opening: may refuse the request by raising, before the response starts.
        """
        super().__init__()
        self._opening = opening

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = StreamRecord()
        async with self._opening(record) as opened:
            scope.setdefault("state", {})[_STATE] = record
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            sending = asyncio.create_task(_send_all(opened.chunks, send, record))
            leaving = asyncio.create_task(_disconnected(receive))
            tasks: set[asyncio.Future[None]] = {sending, leaving, opened.stopping}
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                is_gone, is_sent = leaving.done(), sending.done()
            finally:
                sending.cancel()
                leaving.cancel()
                await asyncio.wait([sending, leaving])
        if is_sent:
            sending.result()  # surfaces errors
        elif not is_gone:
            record.ended_by = ENDED_BY_SHUTDOWN
        if not is_gone:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_all(chunks: AsyncIterator[bytes], send: Send, record: StreamRecord) -> None:
    async for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        record.messages += chunk not in (PING, RETRY)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
