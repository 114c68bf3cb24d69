"""``python -m tests.sales``: plays sales by model, and judges each.

--seeds N (from --first on, in process, of --buyers N each), --kills N (on a stack whose processes
are killed), --jobs N
"""

import argparse
import asyncio
import multiprocessing
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Final

from rich.console import Console

from tests.sales.kills import play_with_kills
from tests.sales.plans import BUYERS
from tests.sales.playing import Played
from tests.sales.portions import be_quiet, play_portion
from tests.sales.report import IN_PROCESS, WITH_KILLS, Group, failure, show

_PORTION: Final = 10
"""Seeds after which a process restarts its servers, so that no history grows large."""


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seeds = range(options.first, options.first + options.seeds)
    groups = [_played_in_process(seeds, options.buyers, options.jobs)] if options.seeds else []
    if options.kills:
        groups.append(_played_with_kills(range(options.first, options.first + options.kills)))
    show(groups)
    return int(any(sale.violations for group in groups for sale in group.played))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sales")
    parser.add_argument("--seeds", type=int, default=300, help="number of sales in process")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--buyers", type=int, default=BUYERS, help="buyers of a sale in process")
    parser.add_argument("--kills", type=int, default=20, help="number of sales with kills")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes")
    return parser.parse_args(arguments)


def _played_in_process(seeds: Sequence[int], buyers: int, jobs: int) -> Group:
    started = time.monotonic()
    played: list[Played] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=be_quiet) as pool:
        portions = [pool.submit(play_portion, portion, buyers) for portion in _portions(seeds)]
        for portion in as_completed(portions):
            played += portion.result()
            _tell(portion.result(), f"{len(played)} of {len(seeds)} seeds")
    return Group(IN_PROCESS, played, time.monotonic() - started)


def _portions(seeds: Sequence[int]) -> list[Sequence[int]]:
    return [seeds[first : first + _PORTION] for first in range(0, len(seeds), _PORTION)]


def _played_with_kills(seeds: Sequence[int]) -> Group:
    async def play_all() -> list[Played]:
        played = []
        async for sale in play_with_kills(seeds):
            played.append(sale)
            _tell([sale], f"{len(played)} of {len(seeds)} seeds with kills")
        return played

    started = time.monotonic()
    return Group(WITH_KILLS, asyncio.run(play_all()), time.monotonic() - started)


def _tell(played: Sequence[Played], progress: str) -> None:
    Console(stderr=True).print(progress)
    for sale in played:
        if sale.violations:
            Console(soft_wrap=True, markup=False, highlight=False).print(failure(sale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
