"""A query that waits for a worker does not break the replay of its session."""

import asyncio

from temporalio.api.enums.v1 import EventType

from dev.session_histories import events_by_type, histories_of
from tests.support.api import client_for, token
from tests.support.session_rows import complete_session_rows
from tests.support.session_workflow import query_session, replayer
from tests.support.system import System, running_worker
from tests.support.waiting import eventually
from tests.support.wizard import Wizard, start

SESSIONS = 8
"""It is random which of a session's two tasks a worker gets first."""


async def test_sessions_queried_without_a_worker_replay(
    api: System,
) -> None:
    """Between the query and the save, the burst ends, and the read model is written."""
    client = api.temporal.client

    async def burst_is_over(wizard: Wizard) -> None:
        async def timer_fired() -> bool:
            (history,) = await histories_of(client, wizard.session_id)
            return EventType.EVENT_TYPE_TIMER_FIRED in events_by_type(history)

        await eventually(timer_fired, what="the end of the burst")

    async with client_for(api.address, token("ada")) as http:
        wizards = [await start(http) for _ in range(SESSIONS)]
        async with running_worker(api):
            for wizard in wizards:
                await complete_session_rows(api.database, client, wizard.session_id)
            for wizard in wizards:
                await wizard.save("organizerSetup", {"name": "Ada"})

        queries = [
            asyncio.create_task(query_session(client, wizard.session_id)) for wizard in wizards
        ]
        for wizard in wizards:
            await burst_is_over(wizard)
        saves = [
            asyncio.create_task(wizard.save("organizerSetup", {"bio": "B"})) for wizard in wizards
        ]
        async with running_worker(api):
            assert {view.revision for view in await asyncio.gather(*queries)} <= {1, 2}
            assert [saved.status_code for saved in await asyncio.gather(*saves)] == [200] * SESSIONS
            for wizard in wizards:
                await complete_session_rows(api.database, client, wizard.session_id)

    for wizard in wizards:
        (history,) = await histories_of(client, wizard.session_id)
        await replayer().replay_workflow(history)
