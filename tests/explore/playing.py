"""Plays a portion of the schedules, in one process with servers of its own."""

import asyncio
import logging
import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import cache, partial
from multiprocessing import util
from pathlib import Path
from typing import Final, Protocol

import structlog

from tests.explore.opening import Theatre, running_servers, theatre_in_process
from tests.explore.orders import DEEDS, open_shop
from tests.explore.played import Played
from tests.explore.publications import PUBLISH, Publisher
from tests.explore.rules import Breach
from tests.explore.schedules import Schedule

LANES: Final = 24
"""Schedules that are played at the same time: most of the time, a schedule waits for a time-out."""


class Player(Protocol):
    async def play(self, schedule: Schedule) -> Played: ...


PLAYERS: Final[Mapping[str, Callable[[Theatre], Awaitable[Player]]]] = {
    PUBLISH: Publisher.open,
    **{course: partial(open_shop, deed=deed) for course, deed in DEEDS.items()},
}
"""By course."""


class Process:
    """Plays portions in one process, whose servers run until it ends."""

    def __init__(self) -> None:
        be_quiet()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._stack = AsyncExitStack()
        self._runner = asyncio.Runner()
        self._servers = self._runner.run(self._stack.enter_async_context(running_servers()))
        util.Finalize(None, self._close, exitpriority=1)

    def play(self, schedules: Sequence[Schedule]) -> list[Played]:
        return self._runner.run(self._play(schedules))

    async def _play(self, schedules: Sequence[Schedule]) -> list[Played]:
        servers = self._servers
        async with theatre_in_process(
            servers.temporal, servers.database, servers.stand_in
        ) as theatre:
            return await play_all(theatre, schedules)

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


async def play_all(theatre: Theatre, schedules: Sequence[Schedule]) -> list[Played]:
    waiting, played, opening = deque(schedules), list[Played](), asyncio.Lock()

    async def play_lane() -> None:
        players: dict[str, Player] = {}
        while waiting:
            schedule = waiting.popleft()
            if schedule.course not in players:
                async with opening:
                    players[schedule.course] = await PLAYERS[schedule.course](theatre)
            played.append(await _play(players[schedule.course], schedule))

    await asyncio.gather(*(play_lane() for _ in range(min(LANES, len(schedules)))))
    return played


async def _play(player: Player, schedule: Schedule) -> Played:
    """An error while it is played, such as an answer that nobody expects, breaks a rule too."""
    try:
        return await player.play(schedule)
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the schedule
        breach = Breach("error", f"{type(error).__name__}: {error}")
        return Played(schedule, "error", (), 0, [breach], traceback.format_exc().splitlines())
