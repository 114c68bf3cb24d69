"""The open streams of this process: how many a person may have, and their end at shutdown."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from domain.actors import Actor
from domain.errors import RateLimited, Unavailable

MAX_PER_PERSON: Final = 10
"""A browser needs one. Each process counts alone: a shared count would keep the streams of a
process that was killed."""

RETRY_AFTER: Final = 10
"""Seconds. Nothing says when the person closes a stream."""


class OpenStreams:
    def __init__(self) -> None:
        self._of_person: Counter[tuple[str, str]] = Counter()
        self._stopping: set[asyncio.Future[None]] = set()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._stopping)

    @contextmanager
    def open(self, actor: Actor) -> "Iterator[asyncio.Future[None]]":
        """Counts a stream, for as long as the context is open.

        Yields:
            A future that is done when the stream has to end.

        Raises:
            RateLimited: the person has too many.
            Unavailable: the process is shutting down.
        """
        person = (str(actor.tenant), actor.user_id)
        if self._is_closed:
            raise Unavailable("The API is shutting down. Try again.")
        if self._of_person[person] >= MAX_PER_PERSON:
            raise RateLimited(
                f"You have {MAX_PER_PERSON} open streams, which is the limit. Close one of them.",
                retry_after=RETRY_AFTER,
            )
        stopping = asyncio.get_running_loop().create_future()
        self._of_person[person] += 1
        self._stopping.add(stopping)
        try:
            yield stopping
        finally:
            self._stopping.discard(stopping)
            self._of_person[person] -= 1
            if not self._of_person[person]:
                del self._of_person[person]

    def close(self) -> None:
        """Ends all streams, and refuses new ones: the server waits for open responses, and a stream
        does not end by itself."""
        self._is_closed = True
        for stopping in self._stopping:
            if not stopping.done():
                stopping.set_result(None)
