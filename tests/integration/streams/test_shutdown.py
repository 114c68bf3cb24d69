"""Streams end when the API does, and what the API reports of them."""

import time
from contextlib import AsyncExitStack

import httpx

from tests.support.api import serving, settings_for, signing_in, token
from tests.support.session_rows import complete_session_rows
from tests.support.streams import opened
from tests.support.system import System
from tests.support.waiting import eventually
from tests.support.wizard import Wizard

GRACE = 30
"""Seconds that the server waits for open responses that do not end."""


async def test_shutdown_ends_all_streams_at_once(system: System, wizard: Wizard, user: str) -> None:
    settings = settings_for(system.database)
    # The other API process reads the session from the database.
    await complete_session_rows(system.database, system.temporal.client, wizard.session_id)
    async with AsyncExitStack() as readers:
        async with serving(settings, system.temporal.client, grace=GRACE) as address:
            sign_in = await readers.enter_async_context(signing_in(address))
            streams = []
            for _ in range(10):
                stream = await readers.enter_async_context(opened(sign_in(user), wizard.session_id))
                await stream.next("session")
                streams.append(stream)
            begun = time.monotonic()
        took = time.monotonic() - begun
        for stream in streams:
            assert "expired" not in [message.event for message in await stream.ends()]

    assert took < GRACE


async def test_open_streams_are_counted_but_not_timed(
    system: System, wizard: Wizard, user: str
) -> None:
    route = 'route="/v1/sessions/{session_id}/stream"'

    async def metrics() -> str:
        return (await wizard.http.get("/metrics")).text

    async with opened(wizard.http, wizard.session_id) as stream:
        await stream.next("session")

        async def is_open() -> bool:
            return "wizard_streams_open 1.0" in await metrics()

        await eventually(is_open, what="the only open stream")

    async def counted() -> bool:
        text = await metrics()
        return "wizard_streams_open 0.0" in text and _counts(text, route)

    await eventually(counted, what="the end of the stream")
    durations = [
        line
        for line in (await metrics()).splitlines()
        if line.startswith("wizard_http_request_duration_seconds_count") and route in line
    ]
    assert durations == []


def _counts(text: str, route: str) -> bool:
    return any(
        line.startswith("wizard_http_requests_total") and route in line
        for line in text.splitlines()
    )


async def test_another_origin_may_open_a_stream(system: System, wizard: Wizard, user: str) -> None:
    origin = {"Origin": "https://app.example"}
    preflight = await wizard.http.options(
        wizard.path("/stream"),
        headers={
            **origin,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization,last-event-id",
        },
    )
    async with (
        httpx.AsyncClient(base_url=system.address, timeout=30) as http,
        opened(http, wizard.session_id, authorization=f"Bearer {token(user)}", **origin) as stream,
    ):
        headers = stream.response.headers

    assert preflight.status_code == 200
    assert headers["Access-Control-Allow-Origin"] == "https://app.example"
