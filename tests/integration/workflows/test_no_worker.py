"""Without a worker, sessions can be created and read, and no message is lost."""

import time

import pytest

from api.sessions import delivery
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.stage_data import STAGES, free_sections
from tests.support.system import System, running_worker
from tests.support.wizard import Wizard, start


def test_a_change_waits_ten_seconds_for_a_worker() -> None:
    assert delivery.ANSWER_TIMEOUT == 10


async def test_a_session_with_data_needs_no_worker(api: System) -> None:
    async with client_for(api.address, token("ada")) as http:
        created = await http.post("/v1/sessions", json={"sections": free_sections()})
        assert created.status_code == 201, created.text
        wizard = Wizard(http, created.json()["session_id"])
        assert (await wizard.view())["revision"] == 1

        async with running_worker(api):
            rows = await complete_session_rows(api.database, api.temporal.client, wizard.session_id)
            published = await wizard.post("/publish")
            trail = (await wizard.get("/actions", limit=100)).json()["items"]

    assert published.status_code == 200, published.text
    assert rows.names == ["save_stage"]
    assert [action["stage"] for action in reversed(trail)][:6] == list(STAGES)


async def test_a_save_without_a_worker_is_unavailable(
    api: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client_for(api.address, token("ada")) as http:
        wizard = await start(http)
        assert (await wizard.view())["revision"] == 0

        with monkeypatch.context() as short_wait:
            short_wait.setattr(delivery, "ANSWER_TIMEOUT", 0.5)
            before = time.monotonic()
            refused = await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="one")
            waited = time.monotonic() - before

        assert refused.status_code == 503, refused.text
        assert refused.json()["code"] == "unavailable"
        assert int(refused.headers["Retry-After"]) > 0
        assert waited < delivery.ANSWER_TIMEOUT
        later = await wizard.save("organizerSetup", {"bio": "Bio"}, prefer="respond-async")
        assert later.status_code == 202

        async with running_worker(api):
            repeated = await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="one")
            assert repeated.status_code == 200, repeated.text
            records = await complete_session_rows(
                api.database, api.temporal.client, wizard.session_id
            )

    assert records.stages["organizerSetup"] == {"name": "Ada", "bio": "Bio"}
    assert records.names == ["save_stage"] * 2
