"""Many open streams on one API process: their memory, and their effect on saves."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from benchmarks.api_client import ApiClient, ApiSession
from benchmarks.measuring import Subject, measure, resident_bytes
from benchmarks.parts.idle import wait_until_quiet
from benchmarks.parts.sizes import Sizes
from benchmarks.stack import BenchStack
from benchmarks.stream_client import OpenStream

STREAMS_OF_A_PERSON: Final = 10
"""The limit. Each person has one session, and sees it on so many screens."""

OPENED_AT_ONCE: Final = 20

SETTLING: Final = 2.0
"""Seconds after the last stream was opened, in which presence is sent."""

WITHOUT: Final = "save, no open streams"
WITH: Final = "save, with open streams"


def run(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    return asyncio.run(_measure(bench, sizes))


async def _measure(bench: BenchStack, sizes: Sizes) -> dict[str, Any]:
    sessions = await _sessions(bench, sizes.streams // STREAMS_OF_A_PERSON)
    first = Screens(bench, sessions[:1])
    await first.open()  # what the process loads and caches once is no stream's
    await first.close()
    screens = Screens(bench, sessions)
    api = bench.stack.pids["api"]
    before = resident_bytes(api)
    await screens.open()
    grown = resident_bytes(api) - before
    await screens.close()
    subject = Subject(WITHOUT, [sessions[0].save])
    watched = replace(subject, name=WITH, prepare=screens.open, cool_down=screens.close)
    return {
        "streams": screens.count,
        "kb_per_stream": round(grown / screens.count / 1000, 1),
        "saves": await measure([subject, watched], sizes.turns, bench.pids),
    }


async def _sessions(bench: BenchStack, people: int) -> list[ApiSession]:
    return [await (await ApiClient.open(bench, _user(number))).create() for number in range(people)]


def _user(number: int) -> str:
    return f"viewer-{number}"


class Screens:
    """The streams of all sessions, which are opened and closed together."""

    def __init__(self, bench: BenchStack, sessions: Sequence[ApiSession]) -> None:
        self.count = len(sessions) * STREAMS_OF_A_PERSON
        self._bench = bench
        self._sessions = sessions
        self._tokens = [bench.token(_user(number)) for number in range(len(sessions))]
        self._opened: list[OpenStream] = []

    async def open(self) -> None:
        """Returns when each has its first view."""
        turns = asyncio.Semaphore(OPENED_AT_ONCE)

        async def one(session: ApiSession, token: str) -> OpenStream:
            async with turns:
                return await OpenStream.open(self._bench, session.id, token)

        opened = await asyncio.gather(
            *(
                one(session, token)
                for session, token in zip(self._sessions, self._tokens, strict=True)
                for _ in range(STREAMS_OF_A_PERSON)
            )
        )
        self._opened = list(opened)
        await asyncio.sleep(SETTLING)

    async def close(self) -> None:
        await asyncio.gather(*(stream.close() for stream in self._opened))
        self._opened = []
        await wait_until_quiet(self._bench)  # people leave some seconds after their last stream
