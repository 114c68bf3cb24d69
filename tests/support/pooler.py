"""A pooler in front of Postgres that shares its connections between transactions, as PgBouncer
does: it refuses most start-up parameters, and a client's next transaction may use another
connection. Messages of an idle connection reach no client."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tests.support.postgres import Database

SERVER_CONNECTIONS: Final = 3

_SSL_REQUEST: Final = 80877103
_STARTUP: Final = 196608  # version 3.0 of the protocol
_KEPT: Final = {
    "user",
    "database",
    "client_encoding",
    "datestyle",
    "timezone",
    "standard_conforming_strings",
    "application_name",
}


@dataclass
class _Peer:
    """One side of a connection, of which whole messages are read."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def message(self) -> tuple[bytes, bytes]:
        """The type, and the message as a whole."""
        head = await self.reader.readexactly(5)
        (length,) = struct.unpack("!I", head[1:])
        return head[:1], head + await self.reader.readexactly(length - 4)

    async def startup(self) -> dict[str, str]:
        """The parameters; requests for encryption are declined."""
        while True:
            (length,) = struct.unpack("!I", await self.reader.readexactly(4))
            body = await self.reader.readexactly(length - 4)
            if struct.unpack("!I", body[:4])[0] == _STARTUP:
                texts = body[4:].rstrip(b"\0").decode().split("\0")
                return dict(zip(texts[::2], texts[1::2], strict=True))
            if struct.unpack("!I", body[:4])[0] != _SSL_REQUEST:
                raise ConnectionError("a request to cancel is not supported")
            self.writer.write(b"N")


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


class Pooler:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: asyncio.Queue[_Peer] = asyncio.Queue()
        self._greeting = b""
        self._clients: set[asyncio.Task[None]] = set()

    async def open(self, role: str) -> None:
        """All server connections have the same role."""
        for _ in range(SERVER_CONNECTIONS):
            server = _Peer(*await asyncio.open_connection("127.0.0.1", self._database.server.port))
            parameters = ("user", role, "database", self._database.name, "", "")
            body = struct.pack("!I", _STARTUP) + "\0".join(parameters).encode()
            server.writer.write(struct.pack("!I", len(body) + 4) + body)
            greeting = kind = b""
            while kind != b"Z":
                kind, message = await server.message()
                greeting += message
            self._greeting = greeting
            self._idle.put_nowait(server)

    async def close(self) -> None:
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        while not self._idle.empty():
            self._idle.get_nowait().writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(_Peer(reader, writer))
        self._clients.discard(task)
        writer.close()

    async def _serve(self, client: _Peer) -> None:
        unknown = [name for name in await client.startup() if name.lower() not in _KEPT]
        if unknown:
            text = f"unsupported startup parameter: {unknown[0]}"
            fields = f"SFATAL\0VFATAL\0C08P01\0M{text}\0\0"
            client.writer.write(_message(b"E", fields.encode()))
            await client.writer.drain()
            return
        client.writer.write(self._greeting)
        while True:
            first = await client.message()
            if first[0] == b"X":
                return
            server = await self._idle.get()
            try:
                await _run_transaction(client, server, first)
            finally:
                self._idle.put_nowait(server)


_ENDS: Final = {b"Q": {b"Z"}, b"S": {b"Z"}, b"H": {b"T", b"n", b"E"}}
"""What the answer ends with, by the message that asks for it: a query, Sync, or the Flush after a
statement that is to be described."""


async def _run_transaction(client: _Peer, server: _Peer, sent: tuple[bytes, bytes]) -> None:
    """From the first message to the end of the transaction."""
    while True:
        server.writer.write(sent[1])
        while sent[0] not in _ENDS:
            sent = await client.message()
            server.writer.write(sent[1])
        kind = message = b""
        while kind not in _ENDS[sent[0]]:
            kind, message = await server.message()
            client.writer.write(message)
        await client.writer.drain()
        if kind == b"Z" and message[-1:] == b"I":
            return
        sent = await client.message()


@asynccontextmanager
async def pooled(database: Database, role: str = "wizard_api") -> AsyncIterator[str]:
    """The address of a pooler in front of the database."""
    pooler = Pooler(database)
    await pooler.open(role)
    listening = await asyncio.start_server(pooler.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield (
            urlsplit(database.server.dsn(database.name, role))
            ._replace(netloc=f"{role}@127.0.0.1:{port}")
            .geturl()
        )
    finally:
        listening.close()
        await pooler.close()
