"""What is measured side by side: names of subjects, as in the JSON, and requests to the API."""

import asyncio
from collections.abc import Sequence
from typing import Final

from benchmarks.api_client import ApiSession, new_sessions
from benchmarks.measuring import Operation, Subject
from benchmarks.stack import OwnStack
from dev.session_histories import wait_until_idle
from domain import ids

BARE_UPDATE: Final = "bare update"
BARE_SIGNAL: Final = "bare signal"
BARE_QUERY: Final = "bare query"
BARE_SAVE: Final = "bare save behind FastAPI"

SAVE: Final = "HTTP save"
ASYNC_SAVE: Final = "HTTP save, respond-async"
READ: Final = "HTTP read"
CONSISTENT_READ: Final = "HTTP read, consistent"

BASELINE_AND_PEERS: Final = "baseline, peer"
"""The name of their processes in CPU figures: one of them works in each turn."""

BASELINE: Final = frozenset({BARE_UPDATE, BARE_SIGNAL, BARE_QUERY})
"""Compared with nothing."""

COMPARED_WITH: Final = {
    SAVE: BARE_UPDATE,
    BARE_SAVE: BARE_UPDATE,
    ASYNC_SAVE: BARE_SIGNAL,
    CONSISTENT_READ: BARE_QUERY,
}
"""The subject that each is compared with. Peers are compared with the save."""


async def http_saves(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)
    return Subject(
        SAVE,
        [session.save for session in sessions],
        cool_down=await _ending_bursts(own, sessions),
    )


async def async_saves(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)

    return Subject(
        ASYNC_SAVE,
        [session.save_later for session in sessions],
        finish=lambda: asyncio.gather(*(session.wait_for_last_save() for session in sessions)),
        cool_down=await _ending_bursts(own, sessions),
    )


async def http_reads(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)
    return Subject(READ, [session.read_view for session in sessions])


async def http_consistent_reads(own: OwnStack, clients: int) -> Subject:
    sessions = await new_sessions(own, clients)
    return Subject(CONSISTENT_READ, [session.read_consistently for session in sessions])


async def _ending_bursts(own: OwnStack, sessions: Sequence[ApiSession]) -> Operation:
    """Does at once what ends a burst: the write of the read model, and a new run."""
    temporal = await own.temporal()

    async def end_burst(session: ApiSession) -> None:
        workflow = temporal.get_workflow_handle(ids.session_workflow_id(session.id))
        await workflow.signal(ids.SIGNAL_REFRESH_READ_MODEL)
        await wait_until_idle(temporal, session.id)

    return lambda: asyncio.gather(*map(end_burst, sessions))
