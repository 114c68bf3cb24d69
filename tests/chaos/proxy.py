"""A TCP proxy between two components, which cuts, delays, stalls or refuses connections.

It knows no protocol: the components see what they would see on a bad network.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

_HOST: Final = "127.0.0.1"
_CHUNK_BYTES: Final = 65_536
_RESET: Final = b"\x01\x00\x00\x00\x00\x00\x00\x00"
"""The socket option SO_LINGER with a time of 0: a close sends a reset at once."""


class Proxy:
    """Passes connections on to ``target``, a port of this machine."""

    def __init__(self, target: int) -> None:
        self.delay = 0.0
        """Seconds by which each chunk arrives later."""

        self.is_refusing = False
        self._target = target
        self._connections: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Resets all connections. New ones work."""
        for connection in self._connections:
            connection.reset()

    def stall(self) -> None:
        """Half-opens all connections: nothing arrives any more, and neither side learns of it. New
        connections work."""
        for connection in self._connections:
            connection.is_stalled = True

    def refuse(self) -> None:
        """Resets all connections, and new ones until :meth:`heal`."""
        self.is_refusing = True
        self.cut()

    def heal(self) -> None:
        """New connections work without delay. Stalled ones are reset, as by a router that knows
        them no more."""
        self.is_refusing = False
        self.delay = 0.0
        for connection in self._connections:
            if connection.is_stalled:
                connection.reset()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection, until either side closes it."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        connection = _Connection(self, reader, writer)
        self._connections.add(connection)
        try:
            if not self.is_refusing:
                await connection.serve(self._target)
        finally:
            connection.reset()
            self._connections.discard(connection)
            self._tasks.discard(task)

    async def close(self) -> None:
        """Ends all connections."""
        self.refuse()
        await asyncio.gather(*self._tasks)


class _Connection:
    def __init__(
        self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.is_stalled = False
        self._proxy = proxy
        self._reader = reader
        self._writers = [writer]

    async def serve(self, target: int) -> None:
        try:
            reader, writer = await asyncio.open_connection(_HOST, target)
        except OSError:
            return  # whoever connected is reset
        near = self._writers[0]
        self._writers.append(writer)
        if self._proxy.is_refusing:
            return
        await asyncio.gather(self._pass_on(self._reader, writer), self._pass_on(reader, near))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                if self._proxy.delay:
                    await asyncio.sleep(self._proxy.delay)
                if not self.is_stalled:
                    writer.write(chunk)
                    await writer.drain()
            if not self.is_stalled and writer.can_write_eof():
                writer.write_eof()
            return
        self.reset()

    def reset(self) -> None:
        for writer in self._writers:
            if not writer.is_closing():
                connected: socket.socket = writer.get_extra_info("socket")
                with suppress(OSError):
                    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                writer.transport.abort()


@asynccontextmanager
async def running_proxy(port: int, target: int) -> AsyncIterator[Proxy]:
    """A proxy that listens on ``port`` until the end of the block."""
    proxy = Proxy(target)
    server = await asyncio.start_server(proxy.accept, _HOST, port)
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
