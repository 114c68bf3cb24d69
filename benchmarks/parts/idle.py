"""Thousands of idle sessions: memory, disk, and their effect on the saves of other sessions.

Two stacks take turns, one with the idle sessions and one without. Then one of two workers is
killed, and the sessions that it had cached are saved, all at the same time.
"""

import asyncio
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from benchmarks.api_client import ApiClient, ApiSession, new_sessions
from benchmarks.measuring import (
    Turns,
    cpu_seconds,
    measure,
    percentile,
    resident_bytes,
    timed,
    wait_until,
)
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack, another_worker, bench_stack
from benchmarks.subjects import http_saves
from dev.session_histories import wait_until_idle
from domain import ids

FULL_STACK: Final = 2
EMPTY_STACK: Final = 3

CREATORS: Final = 8

QUIET: Final = 2.0
"""Seconds."""

QUIET_CPU: Final = 0.1
"""CPU seconds that a worker and an API process use in that time, if they have nothing to do."""

BACKLOG_TIMEOUT: Final = 900.0
"""Seconds. Sessions are created faster than a worker starts them."""

WITHOUT: Final = "save, no idle sessions"
WITH: Final = "save, with idle sessions"


def run(_: BenchStack, sizes: Sizes) -> dict[str, Any]:
    with bench_stack(FULL_STACK) as full, bench_stack(EMPTY_STACK) as empty:
        figures = asyncio.run(_fill(full, sizes.idle_sessions))
        saves = asyncio.run(_take_turns(empty, full, sizes.turns))
        with another_worker(full) as victim:
            killed = asyncio.run(_kill(full, victim, sizes.orphans))
        return {**figures, "saves": saves, "worker_killed": killed}


async def _fill(bench: BenchStack, sessions: int) -> dict[str, Any]:
    empty = _bytes_of(bench.temporal_db)
    started = time.perf_counter()
    clients = [await ApiClient.open(bench) for _ in range(CREATORS)]
    share = sessions // CREATORS
    await asyncio.gather(*(_create(client, share) for client in clients))
    elapsed = time.perf_counter() - started
    await wait_until_quiet(bench)
    created = share * CREATORS
    grown = _bytes_of(bench.temporal_db) - empty
    return {
        "sessions": created,
        "created_per_second": round(created / elapsed, 1),
        "database_kb_per_session": round(grown / created / 1000, 2),
        **{
            f"{name}_mb": round(resident_bytes(bench.stack.pids[name]) / 1e6, 1)
            for name in ("worker", "api", "temporal")
        },
    }


async def _create(client: ApiClient, sessions: int) -> None:
    for _ in range(sessions):
        await client.create()


async def wait_until_quiet(bench: BenchStack) -> None:
    """Returns when worker and API have nothing left to do."""
    pids = {name: [bench.stack.pids[name]] for name in ("api", "worker")}
    used = sum(cpu_seconds(pids).values())

    async def are_quiet() -> bool:
        nonlocal used
        before, used = used, sum(cpu_seconds(pids).values())
        return used - before < QUIET_CPU

    await asyncio.sleep(QUIET)
    await wait_until(are_quiet, interval=QUIET, timeout=BACKLOG_TIMEOUT)


def _bytes_of(database: Path) -> int:
    """The size of the database, write-ahead log included."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages * size)


async def _take_turns(empty: BenchStack, full: BenchStack, turns: Turns) -> dict[str, Any]:
    subjects = [
        replace(await http_saves(empty, 1), name=WITHOUT),
        replace(await http_saves(full, 1), name=WITH),
    ]
    pids = {
        "client": full.pids["client"],
        "stacks": [*empty.stack.pids.values(), *full.stack.pids.values()],
    }
    return await measure(subjects, turns, pids)


async def _kill(
    bench: BenchStack, victim: subprocess.Popen[bytes], sessions: int
) -> dict[str, Any]:
    """Kill the ``victim``; the stack's own worker stays.

    The saves are sent after its end: a task sent to a dying worker would wait for the timeout of
    workflow tasks.
    """
    temporal = await bench.temporal()
    created = await new_sessions(bench, sessions)
    for session in created:
        await wait_until_idle(temporal, session.id)
    orphans = [session for session in created if await _worker_of(temporal, session) == victim.pid]
    victim.kill()
    await asyncio.to_thread(victim.wait)
    seconds = await asyncio.gather(*(timed(session.save) for session in orphans))
    return {
        "sessions": len(orphans),
        "p50_s": round(percentile(seconds, 50), 3),
        "slowest_s": round(max(seconds), 3),
    }


async def _worker_of(temporal: Client, session: ApiSession) -> int:
    """The process that completed the session's last task, and has the session cached."""
    handle = temporal.get_workflow_handle(ids.session_workflow_id(session.id))
    history = await handle.fetch_history()
    identities = [
        event.workflow_task_started_event_attributes.identity
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
    ]
    return int(identities[-1].partition("@")[0])
