"""Saves compared with bare messages of the same server, and with saves of other designs.

The CPU of the API per save is ``cpu_ms["api"]`` of "HTTP save": row *HTTP save*, column *CPU api*.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.baseline.session import baseline_signals, baseline_updates
from benchmarks.measuring import Pids, measure
from benchmarks.parts.sizes import Sizes
from benchmarks.peers.running import RunningPeer, running_peers
from benchmarks.stack import BenchStack, baseline_worker
from benchmarks.subjects import BASELINE_AND_PEERS, async_saves, http_saves

CLIENTS: Final = (1, 8)


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    """Figures by number of clients, then by subject."""
    with baseline_worker(bench) as baseline, running_peers(bench) as peers:
        others = [baseline.pid, *(peer.pid for peer in peers)]
        return asyncio.run(
            _measure(bench, sizes, peers, {**bench.pids, BASELINE_AND_PEERS: others})
        )


async def _measure(
    bench: BenchStack, sizes: Sizes, peers: Sequence[RunningPeer], pids: Pids
) -> dict[str, Any]:
    temporal = await bench.temporal()
    bare_save, *designs = peers
    figures = {}
    for clients in CLIENTS:
        subjects = [
            await baseline_updates(temporal, clients),
            await bare_save.saves(clients),
            await http_saves(bench, clients),
            await baseline_signals(temporal, clients),
            await async_saves(bench, clients),
            *[await peer.saves(clients) for peer in designs],
        ]
        figures[str(clients)] = await measure(subjects, sizes.turns, pids)
    return figures
