"""A keep-alive HTTP/1.1 connection that takes little CPU of the measuring process."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit


class UnexpectedStatus(Exception):
    """The message has the request, the status and the body of the response."""


@dataclass(frozen=True)
class RawAnswer:
    """``head``: the lines before the content, of which the first has the status."""

    status: int
    head: Sequence[str]
    content: bytes = b""

    @classmethod
    def with_head(cls, head: bytes) -> Self:
        lines = head.decode().split("\r\n")
        return cls(int(lines[0].split()[1]), lines)

    def header(self, name: str) -> str | None:
        """``name`` is in lower case."""
        return next(
            (
                line.partition(":")[2].strip()
                for line in self.head
                if line.lower().startswith(f"{name}:")
            ),
            None,
        )


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
        """Status and body."""
        answer = await self.answer(method, path, headers, body)
        return answer.status, answer.content

    async def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> RawAnswer:
        """The response must have a Content-Length, or be a 304.

        Raises:
            OSError, asyncio.IncompleteReadError: the connection ended before the response did.
        """
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer = RawAnswer.with_head(await self._reader.readuntil(b"\r\n\r\n"))
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return answer
        length = answer.header("content-length")
        if length is None:
            raise ValueError(f"{method} {path}: the response has no Content-Length")
        return replace(answer, content=await self._reader.readexactly(int(length)))

    def close(self) -> None:
        self._writer.close()
