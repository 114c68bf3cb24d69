"""The sessions that an API process knows to be lost, because Temporal ended their workflows."""

import time
from collections.abc import Callable
from typing import Final

MAX_LOST: Final = 10_000
"""The number of lost sessions that a process remembers."""

LOST_FOR: Final = 10.0
"""Seconds until Temporal is asked again whether a session is lost: an operator may reset it."""


class KnownLost:
    """The sessions that Temporal ended, as far as this process has noticed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen_at: dict[str, float] = {}

    def add(self, session_id: str) -> None:
        self._seen_at.pop(session_id, None)
        self._seen_at[session_id] = self._clock()
        if len(self._seen_at) > MAX_LOST:
            del self._seen_at[next(iter(self._seen_at))]

    def forget(self, session_id: str) -> None:
        self._seen_at.pop(session_id, None)

    def knows(self, session_id: str) -> bool:
        return session_id in self._seen_at

    def is_sure(self, session_id: str) -> bool:
        """Whether it was seen to be lost in the last ``LOST_FOR`` seconds."""
        seen_at = self._seen_at.get(session_id)
        return seen_at is not None and self._clock() < seen_at + LOST_FOR
