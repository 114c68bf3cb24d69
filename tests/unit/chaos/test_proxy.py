"""The proxy passes bytes on, and disturbs connections in each way."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import pytest

from tests.chaos.proxy import Proxy, running_proxy
from tests.support.ports import free_port

LARGE: Final = b"x" * 1_000_000
NOTHING_WITHIN: Final = 0.3
"""Seconds without a byte after which a connection counts as stalled."""

Connected = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def echo() -> AsyncIterator[int]:
    """The port of a server that sends back what it gets."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65_536):
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            pass  # the proxy has reset it
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def proxied() -> AsyncIterator[tuple[Proxy, Callable[[], "asyncio.Task[Connected]"]]]:
    """A proxy before an echo, and a function that connects to it."""
    port = free_port()
    async with echo() as target, running_proxy(port, target) as proxy:
        yield (
            proxy,
            lambda: asyncio.create_task(asyncio.open_connection("127.0.0.1", port)),
        )


async def exchanged(connected: Connected, content: bytes) -> bytes:
    reader, writer = connected
    writer.write(content)
    await writer.drain()
    return await reader.readexactly(len(content))


async def test_all_bytes_arrive_and_the_end_too() -> None:
    async with proxied() as (_, connect):
        reader, writer = await connect()
        writer.write(LARGE)
        writer.write_eof()
        assert await reader.read() == LARGE


async def test_a_cut_resets_what_is_open_alone() -> None:
    async with proxied() as (proxy, connect):
        before = await connect()
        assert await exchanged(before, b"one") == b"one"
        proxy.cut()
        with pytest.raises(ConnectionError):
            await before[0].readexactly(1)
        assert await exchanged(await connect(), b"two") == b"two"


async def test_a_refusing_proxy_resets_new_connections_until_it_is_healed() -> None:
    async with proxied() as (proxy, connect):
        proxy.refuse()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await exchanged(await connect(), b"one")
        proxy.heal()
        assert await exchanged(await connect(), b"two") == b"two"


async def test_a_half_open_connection_is_silent_until_it_is_reset() -> None:
    async with proxied() as (proxy, connect):
        stalled = await connect()
        assert await exchanged(stalled, b"one") == b"one"
        proxy.stall()
        stalled[1].write(b"two")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stalled[0].read(1), NOTHING_WITHIN)
        assert await exchanged(await connect(), b"three") == b"three"
        proxy.heal()
        with pytest.raises(ConnectionError):
            await stalled[0].readexactly(1)


async def test_a_delay_holds_back_each_direction() -> None:
    async with proxied() as (proxy, connect):
        connected = await connect()
        proxy.delay = 0.1
        began = time.monotonic()
        assert await exchanged(connected, b"late") == b"late"
        assert time.monotonic() - began >= 2 * proxy.delay


async def test_a_proxy_before_nothing_resets_connections() -> None:
    port = free_port()
    async with running_proxy(port, free_port()):
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await exchanged(await asyncio.open_connection("127.0.0.1", port), b"one")
