"""The subjects that are measured side by side: their names in the JSON, and API requests."""

import asyncio
from collections.abc import Sequence
from typing import Final

from benchmarks.api_client import ApiSession, new_sessions
from benchmarks.measuring import Operation, Subject
from benchmarks.stack import BenchStack
from dev.session_histories import wait_until_idle
from domain import ids

BARE_UPDATE: Final = "bare update"
BARE_SIGNAL: Final = "bare signal"
BARE_QUERY: Final = "bare query"
BARE_SAVE: Final = "bare save behind FastAPI"

BARE_ORDER: Final = "bare order"

SAVE: Final = "HTTP save"
ASYNC_SAVE: Final = "HTTP save, respond-async"
READ: Final = "HTTP read"
CONSISTENT_READ: Final = "HTTP read, consistent"
HOT_ORDER: Final = "HTTP order, one event"
SPREAD_ORDER: Final = "HTTP order, an event for each client"

BASELINE_AND_PEERS: Final = "baseline, peer"
"""The name of their processes in CPU figures: in each turn, one of them works."""

BASELINE: Final = frozenset({BARE_UPDATE, BARE_SIGNAL, BARE_QUERY, BARE_ORDER})
"""Subjects that are not compared with another one."""

COMPARED_WITH: Final = {
    SAVE: BARE_SAVE,
    BARE_SAVE: BARE_UPDATE,
    ASYNC_SAVE: BARE_SIGNAL,
    CONSISTENT_READ: BARE_QUERY,
    HOT_ORDER: BARE_ORDER,
    SPREAD_ORDER: BARE_ORDER,
}
"""The subject that each is compared with. Peers are compared with the save."""


async def http_saves(bench: BenchStack, clients: int) -> Subject:
    sessions = await new_sessions(bench, clients)
    return Subject(
        SAVE,
        [session.save for session in sessions],
        cool_down=await ending_bursts(bench, sessions),
    )


async def async_saves(bench: BenchStack, clients: int) -> Subject:
    sessions = await new_sessions(bench, clients)

    return Subject(
        ASYNC_SAVE,
        [session.save_later for session in sessions],
        finish=lambda: asyncio.gather(*(session.wait_for_last_save() for session in sessions)),
        cool_down=await ending_bursts(bench, sessions),
    )


async def http_reads(bench: BenchStack, clients: int) -> Subject:
    sessions = await new_sessions(bench, clients)
    return Subject(READ, [session.read_view for session in sessions])


async def http_consistent_reads(bench: BenchStack, clients: int) -> Subject:
    sessions = await new_sessions(bench, clients)
    return Subject(CONSISTENT_READ, [session.read_consistently for session in sessions])


async def ending_bursts(bench: BenchStack, sessions: Sequence[ApiSession]) -> Operation:
    """Ends bursts immediately: the read model is written, and a new run starts."""
    temporal = await bench.temporal()

    async def end_burst(session: ApiSession) -> None:
        workflow = temporal.get_workflow_handle(ids.session_workflow_id(session.id))
        await workflow.signal(ids.SIGNAL_REFRESH_READ_MODEL)
        await wait_until_idle(temporal, session.id)

    return lambda: asyncio.gather(*map(end_burst, sessions))
