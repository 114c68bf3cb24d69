"""Saves to a session with much data in other sections, and to an empty one, which take turns.

Does a save become slower, or its history longer, with the size of the session?
"""

import asyncio
import itertools
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from temporalio.client import Client

from benchmarks.api_client import ApiSession, Json, new_sessions
from benchmarks.measuring import Subject, measure
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack
from benchmarks.subjects import ending_bursts
from domain import ids

SAVE_BYTES: Final = 100
"""Of the body of a request."""

EMPTY: Final = "empty session"
LARGE: Final = "80 KB in other sections"
EMPTY_MINIMAL: Final = f"{EMPTY}, return=minimal"
LARGE_MINIMAL: Final = f"{LARGE}, return=minimal"

COMPARED_WITH: Final = {LARGE: EMPTY, LARGE_MINIMAL: EMPTY_MINIMAL}

OTHER_SECTIONS: Final[dict[str, Json]] = {
    "ticketSetup": {
        "tiers": [
            {
                "name": f"Row {number}",
                "unit_amount": 100 * number,
                "quantity": 20,
                "description": "Seat with a view of the stage. ".ljust(490, "x"),
            }
            for number in range(1, 51)
        ]
    },
    "sponsorsMedia": {
        "sponsors": [
            {
                "name": f"Atelier {number}",
                "tier": "partner",
                "url": f"https://example.com/{number}/".ljust(457, "x"),
                "logo": {
                    "url": f"https://cdn.example.com/{number}/".ljust(457, "x"),
                    "alt": f"Logo of atelier {number}",
                },
            }
            for number in range(1, 51)
        ]
    },
}
"""Valid data, so that the responses differ by the data alone."""


@dataclass(frozen=True)
class _Saves:
    """The saves of one subject."""

    session: ApiSession
    save: Callable[[], Awaitable[None]]


class _HistorySize(NamedTuple):
    run_id: str
    size: int


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    """Figures by subject, with ``history_bytes_per_save``."""
    return asyncio.run(_measure(bench, sizes))


async def _measure(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    temporal = await bench.temporal()
    saves = {
        EMPTY: await _saves(bench, {}),
        LARGE: await _saves(bench, OTHER_SECTIONS),
        EMPTY_MINIMAL: await _saves(bench, {}, minimal=True),
        LARGE_MINIMAL: await _saves(bench, OTHER_SECTIONS, minimal=True),
    }
    subjects = [
        Subject(name, [subject.save], cool_down=await ending_bursts(bench, [subject.session]))
        for name, subject in saves.items()
    ]
    figures = await measure(subjects, sizes.turns, bench.pids)
    for name, subject in saves.items():
        figures[name]["history_bytes_per_save"] = await _history_bytes_per_save(
            temporal, subject, sizes.sized_saves
        )
    return figures


async def _saves(bench: BenchStack, sections: dict[str, Json], *, minimal: bool = False) -> _Saves:
    (session,) = await new_sessions(bench, 1)
    for stage, data in sections.items():
        await session.save_stage(stage, data)
    texts = map(text_of_save, itertools.count(1))

    async def save() -> None:
        await session.save_field("summary", next(texts), minimal=minimal)

    return _Saves(session, save)


def text_of_save(number: int) -> str:
    """A summary. A body with this field alone has ``SAVE_BYTES``."""
    return f"Autosave {number} ".ljust(SAVE_BYTES - len('{"summary": ""}'), "x")


async def _history_bytes_per_save(temporal: Client, saves: _Saves, count: int) -> float:
    """The median, over saves within one run.

    A save after which the session continues as new does not count, nor does the work at the end of
    a burst.
    """
    growths: list[int] = []
    before = await _history_size(temporal, saves.session)
    while len(growths) < count:
        await saves.save()
        after = await _history_size(temporal, saves.session)
        if after.run_id == before.run_id:
            growths.append(after.size - before.size)
        before = after
    return statistics.median(growths)


async def _history_size(temporal: Client, session: ApiSession) -> _HistorySize:
    handle = temporal.get_workflow_handle(ids.session_workflow_id(session.id))
    info = (await handle.describe()).raw_description.workflow_execution_info
    return _HistorySize(info.execution.run_id, info.history_size_bytes)
