"""Streams while Postgres, the API, announcements or readers fail.

``make limits`` runs them with as many streams as one API process is meant for.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import httpx
import pytest

from api.server import HttpProtocol
from tests.support.api import SignIn, serving, settings_for, token
from tests.support.full_size import HEALED_WITHIN, IS_FULL
from tests.support.many_streams import Screen, all_have, bearer_of, screens, stream_request
from tests.support.postgres import Database, as_owner
from tests.support.system import System, postgres_stopped
from tests.support.waiting import eventually, until
from tests.support.wizard import Wizard, start

STREAMS: Final = 1000 if IS_FULL else 40
SESSIONS: Final = 20 if IS_FULL else 4
RECONNECTING: Final = 100 if IS_FULL else 40
HALF_OPEN: Final = 1000 if IS_FULL else 50

Figure = Callable[[str, object], None]

OUTAGE: Final = 3.0
"""Seconds. Long enough for whatever waits longer after each failure to wait longest."""


@pytest.fixture
def figure(record_property: Figure) -> Figure:
    """Adds a figure to the report of ``--junitxml``."""
    return record_property


@pytest.fixture
async def wizards(sign_in: SignIn, user: str) -> list[Wizard]:
    """Sessions of one organization, which is named like the test's user."""
    http = sign_in("owner", user)
    return [await start(http) for _ in range(SESSIONS)]


@asynccontextmanager
async def watching(
    address: str, wizards: list[Wizard], user: str, count: int = STREAMS, last_id: str = ""
) -> AsyncIterator[list[Screen]]:
    ids = [wizard.session_id for wizard in wizards]
    bearer = partial(bearer_of, organization=user)
    async with screens(address, ids, count, bearer, last_id=last_id) as opened:
        yield opened


async def save_all(wizards: list[Wizard], title: str) -> None:
    for wizard in wizards:
        response = await wizard.save("eventSetup", {"title": title})
        assert response.status_code == 200, response.text


async def gauge(system: System, name: str) -> float:
    async with httpx.AsyncClient(base_url=system.address, timeout=30) as http:
        lines = (await http.get("/metrics")).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


@asynccontextmanager
async def announcements_dropped(database: Database) -> AsyncIterator[None]:
    async with as_owner(database) as owner:
        function = await owner.fetchval(
            "SELECT pg_get_functiondef('wizard_announce_session'::regproc)"
        )
        await owner.execute(
            "CREATE OR REPLACE FUNCTION wizard_announce_session() RETURNS trigger"
            " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
        yield
        await owner.execute(function)


async def test_lost_announcements_are_healed_on_every_stream(
    system: System, wizards: list[Wizard], user: str, figure: Figure
) -> None:
    async with (
        watching(system.address, wizards, user) as opened,
        announcements_dropped(system.database),
    ):
        await save_all(wizards, "Spring Show")
        saved = time.monotonic()

        took = await all_have(opened, 1) - saved
        figure("seconds", took)
        assert took < HEALED_WITHIN


async def test_a_restart_of_postgres_is_healed_on_every_stream(
    system: System, wizards: list[Wizard], user: str, figure: Figure
) -> None:
    """Changes that were made meanwhile are on every screen, and so are those made afterwards."""
    async with watching(system.address, wizards, user) as opened:
        with postgres_stopped(system):
            await save_all(wizards, "Spring Show")

            async def is_long() -> bool:
                return await gauge(system, "wizard_write_behind_oldest_seconds") > OUTAGE

            await eventually(is_long)
        back = time.monotonic()

        took = await all_have(opened, 1) - back
        figure("seconds", took)
        assert took < HEALED_WITHIN
        await save_all(wizards, "Autumn Show")
        saved = time.monotonic()
        assert await all_have(opened, 2) - saved < HEALED_WITHIN
        assert not any(screen.has_ended for screen in opened)


async def test_a_restart_of_the_api_is_healed_by_connecting_again(
    system: System, wizards: list[Wizard], user: str, figure: Figure
) -> None:
    settings = settings_for(system.database)
    async with AsyncExitStack() as first:
        address = await first.enter_async_context(serving(settings, system.temporal.client))
        opened = await first.enter_async_context(watching(address, wizards, user, RECONNECTING))
        stopping = time.monotonic()
        await first.aclose()
        assert time.monotonic() - stopping < HEALED_WITHIN
    assert len(opened) == RECONNECTING
    await save_all(wizards, "Spring Show")

    async with serving(settings, system.temporal.client) as address:
        ready = time.monotonic()
        async with watching(address, wizards, user, RECONNECTING, last_id="0") as opened:
            took = await all_have(opened, 1) - ready
            figure("seconds", took)
            assert took < HEALED_WITHIN


async def test_an_expired_token_ends_each_of_its_streams(
    system: System, wizards: list[Wizard], user: str, figure: Figure
) -> None:
    expires_at = int(time.time()) + 4

    def bearer(number: int) -> str:
        return token(f"viewer-{number // 10}", user, exp=expires_at)

    ids = [wizard.session_id for wizard in wizards]
    async with screens(system.address, ids, RECONNECTING, bearer) as opened:
        await until(lambda: all(screen.has_ended for screen in opened), within=30)

        took = time.time() - expires_at
        figure("seconds", took)
        assert 0 <= took < HEALED_WITHIN
        assert all("expired" in screen.events for screen in opened)


def silent_connection(system: System, request: bytes) -> socket.socket:
    """It sends the request, or a part of one, and then does nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", int(system.address.rpartition(":")[2])))
    connection.setblocking(False)
    connection.send(request)
    return connection


async def test_a_slow_reader_is_dropped_and_delays_no_other(
    system: System,
    wizards: list[Wizard],
    user: str,
    monkeypatch: pytest.MonkeyPatch,
    figure: Figure,
) -> None:
    monkeypatch.setattr(HttpProtocol, "send_timeout", 1.0)
    wizard = wizards[0]
    async with watching(system.address, [wizard], user, count=5) as opened:
        slow = silent_connection(system, stream_request(wizard.session_id, token("slow", user)))

        async def streams() -> float:
            return await gauge(system, "wizard_streams_open")

        async def are_six() -> bool:
            return await streams() == 6

        await eventually(are_six)
        revision = 0
        slowest = 0.0
        while await streams() == 6:
            revision += 1
            assert revision < 200, "the slow reader is not dropped"
            # Views of 90 KB soon fill the buffers of the connection.
            text = f"{revision} {'x' * 90_000}"
            saved = await wizard.save("eventSetup", {"description": text})
            assert saved.status_code == 200, saved.text
            begun = time.monotonic()
            slowest = max(slowest, await all_have(opened, revision) - begun)

        figure("slowest delay of another reader", slowest)
        figure("views until the slow reader is dropped", revision)
        assert slowest < HEALED_WITHIN
        assert await streams() == 5
        slow.close()


async def test_half_open_connections_do_not_delay_a_save(
    system: System,
    wizards: list[Wizard],
    user: str,
    monkeypatch: pytest.MonkeyPatch,
    figure: Figure,
) -> None:
    """Clients that are gone in the middle of a request, or while a stream is open."""
    monkeypatch.setattr(HttpProtocol, "receive_timeout", 3.0)
    half = stream_request(wizards[0].session_id, token("gone", user))[:-4]
    gone: list[socket.socket] = []
    try:
        async with watching(system.address, wizards, user, RECONNECTING) as opened:
            gone += [silent_connection(system, half) for _ in range(HALF_OPEN)]
            begun = time.monotonic()
            await save_all(wizards[:1], "Spring Show")
            figure("seconds of a save", time.monotonic() - begun)
            assert all(map(is_open, gone)), "the save waited for clients that are gone"
            watched = opened[:: len(wizards)]
            assert await all_have(watched, 1) - begun < HEALED_WITHIN

            await asyncio.gather(*map(ends, gone))
    finally:
        for connection in gone:
            connection.close()


def is_open(connection: socket.socket) -> bool:
    """Whether the server has neither answered nor closed the connection."""
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    return False


async def ends(connection: socket.socket) -> None:
    """Until the server has closed the connection."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(30):
        while await loop.sock_recv(connection, 4096):
            pass
