"""Messages that no worker answers: others are refused promptly, and one session holds few slots."""

import asyncio
from datetime import timedelta
from typing import Final

import httpx
import pytest

from api.sessions import delivery, turns, views
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.system import System, running_worker
from tests.support.waiting import until
from tests.support.wizard import Wizard, start

BEYOND: Final = 4
"""Messages for which there is no slot."""

NO_ANSWER: Final = "No worker answered in time. Retry with the same Idempotency-Key."


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slot is waited for in vain soon, and an answer until the test starts a worker."""
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.1)
    monkeypatch.setattr(delivery, "ANSWER_TIMEOUT", 120)


def saving(wizard: Wizard) -> "asyncio.Task[httpx.Response]":
    return asyncio.create_task(
        wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="one")
    )


async def test_messages_without_a_slot_are_refused_before_others_are_answered(
    api: System,
) -> None:
    async with client_for(api.address, token("ada")) as http:
        wizards = [await start(http) for _ in range(turns.SLOTS + BEYOND)]
        saves = {saving(wizard): wizard for wizard in wizards}

        await until(lambda: sum(save.done() for save in saves) >= BEYOND)
        refused = [wizard for save, wizard in saves.items() if save.done()]
        for response in [save.result() for save in saves if save.done()]:
            assert response.status_code == 503, response.text
            assert response.json()["code"] == "unavailable"
            assert int(response.headers["Retry-After"]) > 0

        assert (await refused[0].view())["revision"] == 0
        assert (await http.get("/v1/sessions")).status_code == 200
        assert (await http.get("/healthz")).status_code == 200
        later = await refused[1].save("organizerSetup", {"bio": "Bio"}, prefer="respond-async")
        assert later.status_code == 202, later.text
        await start(http)
        assert sum(save.done() for save in saves) == BEYOND

        async with running_worker(api):
            answered = await asyncio.gather(*(save for save in saves if not save.done()))
            assert {response.status_code for response in answered} == {200}
            repeated = await saving(refused[0])
            records = await complete_session_rows(
                api.database, api.temporal.client, refused[0].session_id
            )

    assert repeated.status_code == 200, repeated.text
    assert "Idempotent-Replayed" not in repeated.headers
    assert records.names == ["save_stage"]


@pytest.mark.parametrize("message", ["save", "consistent read"])
async def test_a_session_without_a_worker_leaves_slots_to_others(
    api: System, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    """Its messages wait for each other, and not for slots, which would have another refusal."""
    monkeypatch.setattr(delivery, "ANSWER_TIMEOUT", 1)
    monkeypatch.setattr(views, "QUERY_TIMEOUT", timedelta(seconds=1))
    async with client_for(api.address, token("ada")) as http:
        wizard = await start(http)
        responses = await asyncio.gather(
            *(
                wizard.get(consistent="true") if message == "consistent read" else saving(wizard)
                for _ in range(turns.SLOTS + BEYOND)
            )
        )

    assert {response.json()["detail"] for response in responses} == {NO_ANSWER}
