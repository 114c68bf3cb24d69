"""Agents: the official client of the Model Context Protocol, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import TextContent

from domain.json_values import JsonObject
from tests.support.stage_data import free_event

MAX_REPEATS = 20


@asynccontextmanager
async def agent(address: str, bearer: str, *, mode: str = "auto") -> AsyncIterator[Client]:
    """A connected client. ``legacy`` is the handshake of earlier versions of the protocol."""
    headers = {"Authorization": f"Bearer {bearer}"}
    # No server here uses TLS, and loading the certificates takes longer than most requests.
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30, verify=False) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


Call = Callable[..., Awaitable[JsonObject]]
"""``call(tool, **arguments)`` returns the result of the tool, with ``is_error``."""


def calls_of(client: Client) -> Call:
    async def call(tool: str, **arguments: Any) -> JsonObject:
        result = await client.call_tool(tool, arguments)
        content: JsonObject = result.structured_content
        (block,) = result.content
        assert isinstance(block, TextContent)
        assert json.loads(block.text) == content
        return {"is_error": result.is_error, **content}

    return call


class RepeatedCalls:
    """Repeats each call that has no answer with the same arguments, by a new connection."""

    def __init__(self, address: str, bearer: str, mode: str) -> None:
        self._address = address
        self._bearer = bearer
        self._mode = mode
        self.repeats = 0

    async def __call__(self, tool: str, **arguments: Any) -> JsonObject:
        for _ in range(MAX_REPEATS):
            try:
                async with agent(self._address, self._bearer, mode=self._mode) as client:
                    return await calls_of(client)(tool, **arguments)
            except ExceptionGroup as broken:
                _, others = broken.split((httpx2.TransportError, MCPError))
                if others is not None:
                    raise
                self.repeats += 1
        raise AssertionError(f"{tool} was never answered")


async def fill_in_by_tools(call: Call, *, key: str, **event: Any) -> JsonObject:
    """Creates a session and enters a free event. The last result."""
    data = free_event(**event)
    created = await call("createSession", key=key)
    last = created
    for section, stage in (
        ("Organizer", "organizerSetup"),
        ("Event", "eventSetup"),
        ("Venue", "venueSetup"),
        ("Sponsor", "sponsorsMedia"),
    ):
        last = await call(
            f"autosave{section}Data",
            session_id=created["session_id"],
            revision=last["revision"],
            **data[stage],
        )
    return await call(
        "addTier",
        session_id=created["session_id"],
        revision=last["revision"],
        **data["ticketSetup"]["tiers"][0],
    )


async def confirm_by_tools(call: Call, session_id: str) -> JsonObject:
    """Runs the checks, and publishes what they returned."""
    checked = await call("runChecks", session_id=session_id)
    assert checked["ready"], checked["checks"]
    return await call(
        "confirmPublish",
        session_id=session_id,
        revision=checked["revision"],
        checks_digest=checked["checks_digest"],
    )


@asynccontextmanager
async def dropping_answers(
    address: str, is_dropped: Callable[[JsonObject], bool]
) -> AsyncIterator[str]:
    """The address of a proxy that cuts the connection instead of an answer, after its effect.

    Args:
        is_dropped: by the message that was sent; empty if it is none.
    """
    host, port = urlsplit(address).hostname, urlsplit(address).port

    async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length_of(head))
            answer = await _answer_of(str(host), port or 80, head, body)
            if not is_dropped(json.loads(body) if body else {}):
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has closed the connection
        finally:
            writer.close()

    server = await asyncio.start_server(exchange, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _answer_of(host: str, port: int, head: bytes, body: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        lines = [
            line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")
        ]
        closing = b"\r\n".join([lines[0], b"Connection: close", *lines[1:]])
        writer.write(closing + body)
        await writer.drain()
        return await reader.read()
    finally:
        writer.close()


def _length_of(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
