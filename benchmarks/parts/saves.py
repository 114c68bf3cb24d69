"""A save beside the bare messages of the same server, and beside the same save of other designs."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.bare import bare_signals, bare_updates
from benchmarks.measuring import measure
from benchmarks.peers.running import Running, running_peers
from benchmarks.processes import Pids
from benchmarks.sizes import Sizes
from benchmarks.stack import OwnStack, floor_worker
from benchmarks.wizard import async_saves, http_saves

CLIENTS: Final = (1, 8)


def run(own: OwnStack, sizes: Sizes) -> dict[str, Any]:
    """Figures by number of clients, then by subject."""
    with floor_worker(own) as floor, running_peers(own) as peers:
        beside = [floor.pid, *(each.pid for each in peers)]
        return asyncio.run(_measure(own, sizes, peers, {**own.pids, "floor, peer": beside}))


async def _measure(
    own: OwnStack, sizes: Sizes, peers: Sequence[Running], pids: Pids
) -> dict[str, Any]:
    client = await own.temporal()
    found = {}
    for clients in CLIENTS:
        subjects = [
            await bare_updates(client, clients),
            await http_saves(own, clients),
            await bare_signals(client, clients),
            await async_saves(own, clients),
            *[await each.saves(clients) for each in peers],
        ]
        found[str(clients)] = await measure(subjects, sizes.turns, pids)
    return found
