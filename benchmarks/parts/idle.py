"""Thousands of sessions that nobody touches: memory, disk, and the saves of others.

Two stacks take turns, one with the idle sessions and one without. Then a worker is killed while
another one is up, and the sessions that it had in memory are saved to, all at once.
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

from benchmarks.measuring import Turns, measure, percentile, timed
from benchmarks.processes import cpu_seconds, resident_bytes
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack, another_worker, own_stack
from benchmarks.waiting import until
from benchmarks.wizard import BenchmarkSession, Wizard, http_saves, new_sessions
from domain import ids
from tests.support.session_histories import at_rest

FULL_STACK: Final = 2
EMPTY_STACK: Final = 3

CREATORS: Final = 8

QUIET_SECONDS: Final = 2.0
QUIET_CPU: Final = 0.1
"""CPU seconds of a worker and an API process in that time, when nothing is left to do."""

BACKLOG_SECONDS: Final = 900.0
"""Sessions are created faster than a worker takes them up."""

WITHOUT: Final = "save, no idle sessions"
BESIDE: Final = "save, beside idle sessions"


def run(_: OwnStack, sizes: Sizes) -> dict[str, Any]:
    with own_stack(FULL_STACK) as full, own_stack(EMPTY_STACK) as empty:
        found = asyncio.run(_fill(full, sizes.idle_sessions))
        saves = asyncio.run(_take_turns(empty, full, sizes.turns))
        with another_worker(full) as victim:
            killed = asyncio.run(_kill(full, victim, sizes.orphans))
        return {**found, "saves": saves, "worker_killed": killed}


async def _fill(own: OwnStack, sessions: int) -> dict[str, Any]:
    empty = _bytes_of(own.temporal_db)
    began = time.perf_counter()
    wizards = [await Wizard.open(own) for _ in range(CREATORS)]
    share = sessions // CREATORS
    await asyncio.gather(*(_create(wizard, share) for wizard in wizards))
    elapsed = time.perf_counter() - began
    await _quiet(own)
    created = share * CREATORS
    grown = _bytes_of(own.temporal_db) - empty
    return {
        "sessions": created,
        "created_per_second": round(created / elapsed, 1),
        "database_kb_per_session": round(grown / created / 1000, 2),
        **{
            f"{name}_mb": round(resident_bytes(own.stack.pids[name]) / 1e6, 1)
            for name in ("worker", "api", "temporal")
        },
    }


async def _create(wizard: Wizard, sessions: int) -> None:
    for _ in range(sessions):
        await wizard.create()


async def _quiet(own: OwnStack) -> None:
    """Until the worker has taken up every session."""
    pids = {name: [own.stack.pids[name]] for name in ("api", "worker")}
    used = sum(cpu_seconds(pids).values())

    async def nothing_was_done() -> bool:
        nonlocal used
        before, used = used, sum(cpu_seconds(pids).values())
        return used - before < QUIET_CPU

    await asyncio.sleep(QUIET_SECONDS)
    await until(nothing_was_done, pause=QUIET_SECONDS, patience=BACKLOG_SECONDS)


def _bytes_of(database: Path) -> int:
    """With what is only in its write-ahead log."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages * size)


async def _take_turns(empty: OwnStack, full: OwnStack, turns: Turns) -> dict[str, Any]:
    subjects = [
        replace(await http_saves(empty, 1), name=WITHOUT),
        replace(await http_saves(full, 1), name=BESIDE),
    ]
    pids = {
        "client": full.pids["client"],
        "stacks": [*empty.stack.pids.values(), *full.stack.pids.values()],
    }
    return await measure(subjects, turns, pids)


async def _kill(own: OwnStack, victim: subprocess.Popen[bytes], sessions: int) -> dict[str, Any]:
    """The stack's own worker stays. The saves are sent once the ``victim`` is dead: a task that it
    is given as it dies waits for the time limit of tasks instead."""
    client = await own.temporal()
    everybody = await new_sessions(own, sessions)
    for each in everybody:
        await at_rest(client, each.id)
    orphans = [each for each in everybody if await _worker_of(client, each) == victim.pid]
    victim.kill()
    await asyncio.to_thread(victim.wait)
    seconds = await asyncio.gather(*(timed(each.save) for each in orphans))
    return {
        "sessions": len(orphans),
        "p50_s": round(percentile(seconds, 50), 3),
        "slowest_s": round(max(seconds), 3),
    }


async def _worker_of(client: Client, session: BenchmarkSession) -> int:
    """The process that did the session's last task, and has it in memory."""
    handle = client.get_workflow_handle(ids.session_workflow_id(session.id))
    history = await handle.fetch_history()
    identities = [
        event.workflow_task_started_event_attributes.identity
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
    ]
    return int(identities[-1].partition("@")[0])
