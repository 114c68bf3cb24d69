"""The runs of this process, and how one is stopped before its agent has said everything."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from copilot.conversation import Reply
from domain.actors import Actor


class RunningRuns:
    def __init__(self) -> None:
        self._stops: defaultdict[tuple[str, str, str], set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def run(self, actor: Actor, thread_id: str) -> Iterator[asyncio.Event]:
        """Counts a run, for as long as the context is open.

        Yields:
            An event that is set when the run has to end.
        """
        key, stop = _key(actor, thread_id), asyncio.Event()
        self._stops[key].add(stop)
        try:
            yield stop
        finally:
            self._stops[key].discard(stop)
            if not self._stops[key]:
                del self._stops[key]

    def stop(self, actor: Actor, thread_id: str) -> bool:
        """Stops the person's runs of a thread. False if this process has none."""
        stops = self._stops.get(_key(actor, thread_id), set())
        for stop in stops:
            stop.set()
        return bool(stops)


def _key(actor: Actor, thread_id: str) -> tuple[str, str, str]:
    return str(actor.tenant), actor.user_id, thread_id


async def until_stopped(
    replies: AsyncIterator[Reply], stop: asyncio.Event, seconds_left: Callable[[], float]
) -> AsyncGenerator[Reply, None]:
    """The replies, until there are no more or the run is stopped.

    Raises:
        TimeoutError: no time is left.
    """
    stopping = asyncio.create_task(stop.wait())
    coming: asyncio.Task[Reply | None] | None = None
    try:
        while not stop.is_set():
            coming = asyncio.create_task(_next(replies))
            await asyncio.wait(
                {coming, stopping}, timeout=seconds_left(), return_when=asyncio.FIRST_COMPLETED
            )
            if not coming.done():
                if stop.is_set():
                    return
                raise TimeoutError
            reply = coming.result()
            if reply is None:
                return
            yield reply
    finally:
        stopping.cancel()
        if coming is not None:
            coming.cancel()


async def _next(replies: AsyncIterator[Reply]) -> Reply | None:
    return await anext(replies, None)
