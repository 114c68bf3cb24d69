"""A save beside the bare update, signal and query of the same server, alone and at 8 clients."""

import asyncio
from typing import Any, Final

from benchmarks.bare import bare_queries, bare_signals, bare_updates
from benchmarks.measuring import measure
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack, floor_worker
from benchmarks.wizard import async_saves, http_saves

CLIENTS: Final = (1, 8)


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    """Figures by number of clients, then by subject."""
    with floor_worker(own) as floor:
        return asyncio.run(_measure(own, sizes, {**own.pids, "floor": floor.pid}))


async def _measure(own: OwnStack, sizes: Sizes, pids: dict[str, int]) -> dict[str, Any]:
    client = await own.temporal()
    found = {}
    for clients in CLIENTS:
        subjects = [
            await bare_updates(client, clients),
            await http_saves(own, clients),
            await bare_signals(client, clients),
            await async_saves(own, clients),
            await bare_queries(client, clients),
        ]
        found[str(clients)] = await measure(subjects, sizes.turns, pids)
    return found
