"""A keep-alive HTTP/1.1 connection that takes little CPU of the measuring process."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit


class UnexpectedStatus(Exception):
    """The message has the request, the status and the body of the response."""


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str):
        self._reader = reader
        self._writer = writer
        self._host = host

    @classmethod
    async def open(cls, address: str) -> Self:
        parts = urlsplit(address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        return cls(reader, writer, parts.netloc)

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        expect: HTTPStatus = HTTPStatus.OK,
    ) -> bytes:
        """The body of the response.

        Raises:
            UnexpectedStatus: the status is not ``expect``.
        """
        status, content = await self.exchange(method, path, headers, body)
        if status != expect:
            raise UnexpectedStatus(f"{method} {path}: {status} {content.decode()}")
        return content

    async def exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes]:
        """Status and body. The response must have a Content-Length, or be a 304."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        status = int(head[0].split()[1])
        if status == HTTPStatus.NOT_MODIFIED:
            return status, b""
        length = next(
            int(line.partition(":")[2])
            for line in head
            if line.lower().startswith("content-length:")
        )
        return status, await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()
