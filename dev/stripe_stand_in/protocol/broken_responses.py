"""Incomplete responses.

An ASGI application cannot close its own connection, so the server's protocol puts the transport
into the scope.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TRANSPORT: Final = "stand_in.transport"


class TransportProtocol(HttpToolsProtocol):
    """uvicorn's protocol; its scope has the transport among the extensions."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_TRANSPORT: {"transport": self.transport}}


def hung_up(request: Request) -> Response:
    """Closes the connection before the first byte of the response."""
    _transport(request).abort()
    return Response()


def broken_off(request: Request, response: Response) -> Response:
    """Closes the connection in the middle of the body."""
    body, transport = bytes(response.body), _transport(request)

    async def half() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        transport.close()

    return StreamingResponse(half(), response.status_code, dict(response.headers))


def garbled(response: Response) -> Response:
    """Returns a complete response with half of the JSON."""
    body = bytes(response.body)
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(body[: len(body) // 2], response.status_code, headers)


def _transport(request: Request) -> asyncio.Transport:
    transport: asyncio.Transport = request.scope["extensions"][_TRANSPORT]["transport"]
    return transport
