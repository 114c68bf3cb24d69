"""Many sessions of a stopped worker are replayed by another worker at the same time.

``make limits`` runs this.
"""

import asyncio
from collections import Counter

from temporalio.api.enums.v1 import EventType, TimeoutType

from dev.session_histories import histories_of
from domain import ids
from domain.actors import Actor
from domain.session.messages import SaveStage
from domain.session.run_rules import CHANGES_PER_RUN
from domain.stages import Stage
from tests.support.api import client_for, token
from tests.support.full_size import only_at_full_size
from tests.support.session_workflow import session_handle
from tests.support.system import System, running_worker
from tests.support.wizard import start

SESSIONS = 80
"""Replaying all of them takes longer than the timeout of a task."""

CHANGES = CHANGES_PER_RUN - 2
"""The longest possible replay before the save that starts it."""

CONCURRENCY = 8


async def save(system: System, session_id: str, number: int) -> None:
    await session_handle(system.temporal.client, session_id).execute_update(
        ids.UPDATE_SAVE_STAGE,
        SaveStage(
            actor=Actor(user_id="ada"),
            stage=Stage.ORGANIZER_SETUP,
            data={"name": f"Ada {number}"},
        ),
    )


async def aged(system: System) -> list[str]:
    """The ids of sessions with ``CHANGES`` changes."""
    slots = asyncio.Semaphore(CONCURRENCY)

    async with client_for(system.address, token("ada")) as http:

        async def new_session() -> str:
            async with slots:
                session_id = (await start(http)).session_id
                for number in range(CHANGES):
                    await save(system, session_id, number)
            return session_id

        return await asyncio.gather(*(new_session() for _ in range(SESSIONS)))


async def timed_out_tasks(system: System, session_id: str) -> int:
    """The number of the session's workflow tasks that timed out at a worker."""
    timed_out = EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT
    kinds = Counter(
        event.workflow_task_timed_out_event_attributes.timeout_type
        for history in await histories_of(system.temporal.client, session_id)
        for event in history.events
        if event.event_type == timed_out
    )
    return kinds[TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE]


@only_at_full_size
async def test_many_sessions_wake_up_at_once(api: System) -> None:
    async with running_worker(api):
        sessions = await aged(api)

    async with running_worker(api):
        await asyncio.gather(*(save(api, session, CHANGES) for session in sessions))

    timeouts = [await timed_out_tasks(api, session) for session in sessions]
    assert sum(timeouts) < SESSIONS / 2
