"""The stream of a session: its messages, their order, and its end."""

import time
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.api import SignIn, token
from tests.support.erasures import erase
from tests.support.stage_data import free_event
from tests.support.streams import StreamMessage, opened
from tests.support.system import System
from tests.support.wizard import Wizard, fill_in

EVENT = {"title": "Spring Show"}


async def test_the_first_message_is_the_view(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id) as stream:
        first = await stream.read()

    assert first is not None
    assert (first.event, first.id) == ("session", "0")
    assert first.data == await wizard.view()
    assert stream.retry == "2000"


async def test_the_response_is_an_uncompressed_event_stream(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id, accept_encoding="gzip, br") as stream:
        headers = stream.response.headers

    assert headers["Content-Type"].startswith("text/event-stream")
    assert "no-store" in headers["Cache-Control"]
    assert "Content-Encoding" not in headers
    assert "Content-Length" not in headers


async def test_a_change_is_sent_as_the_whole_view(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id) as stream:
        await stream.next("session")
        saved = (await wizard.save("eventSetup", EVENT)).json()
        changed = await stream.next("session")

    assert changed.data == saved
    assert changed.id == "1"


async def test_a_change_by_signal_is_sent(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id) as stream:
        await stream.next("session")
        response = await wizard.save("eventSetup", EVENT, Prefer="respond-async")
        assert response.status_code == 202
        view = await stream.until_revision(1)

    assert view["stages"]["eventSetup"]["data"]["title"] == "Spring Show"


async def test_a_current_last_event_id_leaves_out_the_view(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id, last_event_id="0") as stream:
        first = await stream.read()
        assert first is not None
        assert first.event == "presence"
        await wizard.save("eventSetup", EVENT)
        assert (await stream.next("session")).id == "1"


@pytest.mark.parametrize("last_id", ["1", "7", "-1", "x", "00", ""])
async def test_any_other_last_event_id_gets_the_view(wizard: Wizard, last_id: str) -> None:
    async with opened(wizard.http, wizard.session_id, last_event_id=last_id) as stream:
        first = await stream.read()

    assert first is not None
    assert (first.event, first.id) == ("session", "0")


async def test_the_steps_of_a_publication_are_sent(wizard: Wizard) -> None:
    await fill_in(wizard, free_event())
    messages: list[StreamMessage] = []
    async with opened(wizard.http, wizard.session_id) as stream:
        published = await wizard.post("/publish")
        assert published.status_code == 200, published.text
        while not _is_published(messages):
            found = await stream.read()
            assert found is not None
            messages.append(found)
        view = [m.data for m in messages if m.event == "session"][-1]
        last = view["publication"]["steps"][-1]
        while last not in (steps := _steps(messages)):
            messages.append(await stream.next("publication"))

    assert (last["name"], last["state"]) == ("publish", "done")
    assert all(step.keys() == {"name", "state", "at"} for step in steps)
    assert len(steps) == len({(step["name"], step["state"]) for step in steps})


def _is_published(messages: list[StreamMessage]) -> bool:
    return any(m.event == "session" and m.data["status"] == "completed" for m in messages)


def _steps(messages: list[StreamMessage]) -> list[dict[str, Any]]:
    return [m.data for m in messages if m.event == "publication"]


async def test_a_closed_session_is_sent_and_the_stream_stays(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id) as stream:
        await wizard.post("/abandon")
        view = await stream.until_revision(1)
        assert view["status"] == "abandoned"
        async with opened(wizard.http, wizard.session_id) as second:
            assert (await second.next("session")).data == view


async def test_an_erased_session_ends_its_stream(wizard: Wizard) -> None:
    async with opened(wizard.http, wizard.session_id) as stream:
        await stream.next("session")
        assert await erase(wizard.http, wizard.session_id) == 204
        messages = await stream.ends()

    assert "expired" not in [message.event for message in messages]
    again = await wizard.get("/stream")
    assert again.status_code == 404


async def test_an_expired_token_ends_the_stream_with_a_message(
    system: System, sign_in: SignIn, wizard: Wizard, user: str
) -> None:
    expiring = sign_in(user, exp=int(time.time()) + 2)
    async with opened(expiring, wizard.session_id) as stream:
        messages = await stream.ends()

    assert messages[-1].event == "expired"
    assert messages[-1].data == {}


async def test_head_answers_without_a_stream(wizard: Wizard) -> None:
    response = await wizard.http.head(wizard.path("/stream"))

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/event-stream")
    missing = await wizard.http.head(f"/v1/sessions/{uuid4()}/stream")
    assert missing.status_code == 404


async def test_another_tenants_session_is_not_found(wizard: Wizard, sign_in: SignIn) -> None:
    eve = sign_in("eve")
    foreign = await eve.get(wizard.path("/stream"))
    missing = await eve.get(f"/v1/sessions/{uuid4()}/stream")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


async def test_the_eleventh_stream_of_a_person_is_refused(
    system: System, sign_in: SignIn, wizard: Wizard, user: str
) -> None:
    limits = httpx.Limits(max_connections=None)
    headers = {"Authorization": f"Bearer {token(user)}"}
    async with (
        AsyncExitStack() as streams,
        httpx.AsyncClient(
            base_url=system.address, headers=headers, limits=limits, timeout=30
        ) as http,
    ):
        for _ in range(9):
            await streams.enter_async_context(opened(http, wizard.session_id))
        async with opened(http, wizard.session_id):
            refused = await http.get(wizard.path("/stream"))
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.json()["code"] == "rate_limited"


async def test_an_unknown_parameter_is_refused(wizard: Wizard) -> None:
    response = await wizard.get("/stream", since="3")

    assert response.status_code == 422
