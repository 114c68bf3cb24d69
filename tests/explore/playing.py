"""Plays a portion of the schedules, in one process with servers of its own."""

import asyncio
import logging
import os
import signal
import sys
import traceback
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import cache
from multiprocessing import util
from pathlib import Path
from typing import Final, Protocol

import structlog

from tests.explore.opening import Theatre, running_servers, theatre_in_process
from tests.explore.orders import DEEDS, Shop
from tests.explore.played import Played
from tests.explore.publications import PUBLISH, Publisher
from tests.explore.rules import Breach
from tests.explore.schedules import Schedule
from tests.explore.settling import LONGEST_RUN_SECONDS

LONGEST_PLAY_SECONDS: Final = 4 * LONGEST_RUN_SECONDS
"""A schedule that takes longer waits for what never comes."""

LANES: Final = 16
"""Schedules that are played at the same time."""


class Player(Protocol):
    async def play(self, schedule: Schedule) -> Played: ...


Opening = Callable[[Theatre], Awaitable[Player]]

PLAYERS: Final[Mapping[str, Opening]] = {PUBLISH: Publisher.open, **dict.fromkeys(DEEDS, Shop.open)}
"""By course."""


class Cast:
    """The players of a theatre. Each plays one schedule at a time, and then the next one."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre
        self._free: dict[Opening, list[Player]] = defaultdict(list)
        self._lanes = asyncio.Semaphore(LANES)
        self._opening = asyncio.Lock()

    async def play_all(self, schedules: Sequence[Schedule]) -> list[Played]:
        return await asyncio.gather(*map(self._play_in_lane, schedules))

    async def _play_in_lane(self, schedule: Schedule) -> Played:
        async with self._lanes:
            return await self._play(schedule)

    async def _play(self, schedule: Schedule) -> Played:
        """An error while it is played, such as an answer that nobody expects, breaks a rule too.

        What a broken rule leaves behind is not there for the next schedule.
        """
        opening = PLAYERS[schedule.course]
        try:
            player = await self._player(opening)
            async with asyncio.timeout(LONGEST_PLAY_SECONDS):
                played = await player.play(schedule)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the schedule
            breach = Breach("error", f"{type(error).__name__}: {error}")
            return Played(schedule, "error", (), 0, [breach], traceback.format_exc().splitlines())
        if not played.breaches:
            self._free[opening].append(player)
        return played

    async def _player(self, opening: Opening) -> Player:
        if self._free[opening]:
            return self._free[opening].pop()
        async with self._opening:
            return await opening(self._theatre)


class Process:
    """Plays portions in one process, whose servers and players are there until it ends."""

    def __init__(self) -> None:
        be_quiet()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._stack = AsyncExitStack()
        self._runner = asyncio.Runner()
        self._cast = Cast(self._runner.run(self._open()))
        util.Finalize(None, self._close, exitpriority=1)

    def play(self, schedules: Sequence[Schedule]) -> list[Played]:
        return self._runner.run(self._cast.play_all(schedules))

    async def _open(self) -> Theatre:
        servers = await self._stack.enter_async_context(running_servers())
        return await self._stack.enter_async_context(
            theatre_in_process(servers.temporal, servers.database, servers.stand_in)
        )

    def _close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()


@cache
def this_process() -> Process:
    return Process()


def play_portion(schedules: Sequence[Schedule]) -> list[Played]:
    return this_process().play(schedules)


def be_quiet() -> None:
    """The servers and the API of the process print nothing."""
    with Path(os.devnull).open("wb") as nothing:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nothing.fileno(), stream.fileno())
    logging.getLogger("temporalio").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
