"""Open streams of sessions, at little cost for the measuring process."""

import asyncio
import time
from contextlib import suppress
from typing import Final, Self
from urllib.parse import urlsplit

from benchmarks.connection import UnexpectedStatus
from benchmarks.stack import BenchStack

LONGEST_LINE: Final = 1 << 20
"""Bytes. A view is one line."""


class OpenStream:
    """A stream that is read at once. It keeps the newest revision, and when it was received."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._revision = -1
        self._received_at = 0.0
        self._received = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, bench: BenchStack, session_id: str, token: str) -> Self:
        """
        Raises:
            UnexpectedStatus: the response is not a stream.
        """
        parts = urlsplit(bench.stack.api_url)
        reader, writer = await asyncio.open_connection(
            parts.hostname, parts.port, limit=LONGEST_LINE
        )
        path = f"/v1/sessions/{session_id}/stream"
        lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", f"Authorization: Bearer {token}"]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        status = await reader.readline()
        if b" 200 " not in status:
            raise UnexpectedStatus(f"GET {path}: {status.decode().strip()}")
        stream = cls(reader, writer)
        await stream.received(0)
        return stream

    async def received(self, revision: int) -> float:
        """Waits for a view of this revision or a newer one.

        Returns:
            When it was received, by ``time.perf_counter``.
        """
        async with self._received:
            await self._received.wait_for(lambda: self._revision >= revision)
            return self._received_at

    async def close(self) -> None:
        self._reading.cancel()
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        revision, event = -1, b""
        async for line in self._reader:
            name, _, value = line.strip().partition(b": ")
            if name == b"id":
                revision = int(value)
            elif name == b"event":
                event = value
            elif name == b"data" and event == b"session":
                async with self._received:
                    self._revision, self._received_at = revision, time.perf_counter()
                    self._received.notify_all()
