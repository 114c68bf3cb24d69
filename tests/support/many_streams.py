"""Many open streams at little cost: each keeps only what it saw last."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from typing import Final
from urllib.parse import urlsplit

from tests.support.api import token
from tests.support.waiting import until

STREAMS_PER_PERSON: Final = 10

CONNECTING: Final = 20
"""At most at once. If more have to wait for Postgres, some are refused with 503."""


class Screen:
    """A stream whose messages are read at once. ``revision`` is that of the newest view, at
    ``seen_at`` of the monotonic clock."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.revision = -1
        self.seen_at = 0.0
        self.events: set[str] = set()
        self.has_ended = False
        self._reader = reader
        self._writer = writer
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, address: str, session_id: str, bearer: str, last_id: str = "") -> "Screen":
        """
        Raises:
            AssertionError: the response is not a stream.
        """
        parts = urlsplit(address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 20)
        writer.write(stream_request(session_id, bearer, last_id))
        status = await reader.readline()
        assert status.startswith(b"HTTP/1.1 200"), status
        return cls(reader, writer)

    async def close(self) -> None:
        self._reading.cancel()
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        event = ""
        with suppress(OSError):
            async for line in self._reader:
                name, _, value = line.decode().rstrip("\r\n").partition(": ")
                if name == "event":
                    event = value
                    self.events.add(value)
                if name == "id":
                    revision = int(value)
                if name == "data" and event == "session":
                    self.revision, self.seen_at = revision, time.monotonic()
        self.has_ended = True


def stream_request(session_id: str, bearer: str, last_id: str = "") -> bytes:
    """The head of a request for a stream."""
    lines = [
        f"GET /v1/sessions/{session_id}/stream HTTP/1.1",
        "Host: api",
        "Connection: close",
        f"Authorization: Bearer {bearer}",
        *([f"Last-Event-ID: {last_id}"] if last_id else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def bearer_of(number: int, organization: str) -> str:
    """A token for each ten streams, which is the limit of a person."""
    return token(f"viewer-{number // STREAMS_PER_PERSON}", organization)


@asynccontextmanager
async def screens(
    address: str,
    session_ids: Sequence[str],
    count: int,
    bearer: Callable[[int], str],
    *,
    last_id: str = "",
) -> AsyncIterator[list[Screen]]:
    """``count`` streams over the sessions in turn, each with its first view unless it is current.

    Args:
        bearer: the token of each stream, by its number.
    """
    opened: list[Screen] = []
    turns = asyncio.Semaphore(CONNECTING)

    async def open_one(number: int, session_id: str) -> Screen:
        async with turns:
            screen = await Screen.open(address, session_id, bearer(number), last_id)
        opened.append(screen)
        return screen

    try:
        numbered = zip(range(count), cycle(session_ids), strict=False)
        in_order = await asyncio.gather(
            *(open_one(number, session_id) for number, session_id in numbered)
        )
        if not last_id:
            await until(lambda: all(screen.revision >= 0 for screen in opened), within=30)
        yield list(in_order)
    finally:
        await asyncio.gather(*(screen.close() for screen in opened))


async def all_have(opened: Sequence[Screen], revision: int) -> float:
    """The moment, of the monotonic clock, at which the last of them got the revision.

    Raises:
        AssertionError: one has an older view for too long.
    """
    await until(lambda: all(screen.revision >= revision for screen in opened), within=30)
    return max(screen.seen_at for screen in opened)
