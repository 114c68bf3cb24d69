"""``kill -9`` of an API process: confirmed changes are kept, and other processes take over."""

import asyncio

import httpx
from temporalio.testing import WorkflowEnvironment

from tests.support.api import client_for, token
from tests.support.postgres import Database
from tests.support.processes import Processes
from tests.support.session_rows import complete_session_rows
from tests.support.wizard import Wizard, start, start_filled

SESSIONS = 5
SAVES = 30


async def test_an_api_killed_in_a_burst_loses_no_confirmed_change(
    temporal: WorkflowEnvironment, database: Database, processes: Processes
) -> None:
    await processes.worker()
    api, address = await processes.api()
    confirmed: dict[str, int] = {}

    async def burst(wizard: Wizard) -> None:
        for number in range(SAVES):
            saved = await wizard.save("organizerSetup", {"name": f"Ada {number}"})
            confirmed[wizard.session_id] = saved.json()["revision"]
            if sum(confirmed.values()) == SESSIONS * SAVES // 2:
                api.kill()

    async with client_for(address, token("ada")) as http:
        wizards = [await start(http) for _ in range(SESSIONS)]
        errors = await asyncio.gather(*map(burst, wizards), return_exceptions=True)

    assert all(isinstance(error, httpx.TransportError) for error in errors)
    for wizard in wizards:
        records = await complete_session_rows(database, temporal.client, wizard.session_id)
        assert len(records.revisions) >= confirmed[wizard.session_id]


async def test_fifty_publishes_over_two_apis_publish_once(
    temporal: WorkflowEnvironment, database: Database, processes: Processes, ada: httpx.AsyncClient
) -> None:
    await processes.worker()
    wizard = await start_filled(ada)
    addresses = [address for _, address in [await processes.api() for _ in range(2)]]

    async with (
        client_for(addresses[0], token()) as first,
        client_for(addresses[1], token()) as second,
    ):
        clients = [Wizard(client, wizard.session_id) for client in (first, second)] * 25
        answers = await asyncio.gather(*(client.post("/publish") for client in clients))

    assert [answer.status_code for answer in answers] == [200] * len(clients)
    event_ids = {answer.json()["event_id"] for answer in answers}
    assert len(event_ids) == 1
    records = await complete_session_rows(database, temporal.client, wizard.session_id)
    assert records.events == [(event_ids.pop(), "published")]
    assert records.names.count("start_publication") == 1
    assert records.names.count("publish_event") == 1
