"""Every task of a session replays its whole history, as after a restart of all workers."""

import pytest

from domain.session.run_rules import CHANGES_PER_RUN
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.system import System, running_worker
from tests.support.wizard import publish, start, start_filled


@pytest.mark.parametrize("cached", [0, 1])
async def test_a_worker_without_cache_behaves_the_same(api: System, cached: int) -> None:
    async with (
        running_worker(api, max_cached_workflows=cached),
        client_for(api.address, token("ada")) as http,
    ):
        second = await start_filled(http)
        wizard = await start_filled(http)
        for number in range(CHANGES_PER_RUN):
            await wizard.save("organizerSetup", {"name": f"Ada {number}"}, prefer="respond-async")
        await second.post("/abandon")
        await wizard.complete("reviewPublish", {"acceptTerms": True})

        await publish(wizard)
        for session in (wizard, second):
            await complete_session_rows(api.database, api.temporal.client, session.session_id)


async def test_a_repeat_at_an_evicted_session_changes_nothing(api: System) -> None:
    async with (
        running_worker(api, max_cached_workflows=0),
        client_for(api.address, token("ada")) as http,
    ):
        wizard = await start(http)
        await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="first")
        second = await wizard.save("organizerSetup", {"name": "Grace"})

        repeated = await wizard.save("organizerSetup", {"name": "Ada"}, idempotency_key="first")

    assert repeated.headers["idempotent-replayed"] == "true"
    assert repeated.json() == second.json()
