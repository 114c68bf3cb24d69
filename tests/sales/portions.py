"""A portion of the seeds, which one process plays with servers of its own."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from tests.sales.opening import market_with_servers
from tests.sales.plans import plan_of
from tests.sales.playing import Played, play


def be_quiet() -> None:
    """The servers and the API of a process print nothing but errors."""
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())
    logging.getLogger("temporalio").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def play_portion(seeds: Sequence[int], buyers: int) -> list[Played]:
    return asyncio.run(_play_all(seeds, buyers))


async def _play_all(seeds: Sequence[int], buyers: int) -> list[Played]:
    async with market_with_servers() as market:
        played = []
        for seed in seeds:
            await market.control("/reset")
            played.append(await play(market, plan_of(seed, buyers=buyers)))
        return played
