"""The sessions that this process watches, and the subscriptions that wait for their changes."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Announced:
    """What may have changed since the last call, coalesced: state, not a log."""

    view: bool
    presence: bool


class Subscription:
    """Waits for the changes of one session. It keeps two flags, however many changes there are."""

    __slots__ = ("_changed", "_presence", "_view")

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self._view = self._presence = False

    async def next(
        self,
        timeout: float,  # noqa: ASYNC109 - the end of the wait is a result, not an error
    ) -> Announced | None:
        """What may have changed since the last call; None after ``timeout`` seconds without a
        change."""
        try:
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        except TimeoutError:
            return None
        announced = Announced(view=self._view, presence=self._presence)
        self._view = self._presence = False
        self._changed.clear()
        return announced

    def announce(self, *, view: bool = False, presence: bool = False) -> None:
        self._view |= view
        self._presence |= presence
        self._changed.set()


_NOT_COMPARED: Final = -1


@dataclass
class _Session:
    """``revision`` is the newest that was announced; None if the session has no row."""

    subscriptions: set[Subscription] = field(default_factory=set)
    revision: int | None = _NOT_COMPARED

    def announce(self, *, view: bool = False, presence: bool = False) -> None:
        for subscription in self.subscriptions:
            subscription.announce(view=view, presence=presence)


class WatchedSessions:
    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    @contextmanager
    def subscribe(self, session_id: str) -> Iterator[Subscription]:
        session = self._sessions.setdefault(session_id, _Session())
        subscription = Subscription()
        session.subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            session.subscriptions.discard(subscription)
            if not session.subscriptions:
                self._sessions.pop(session_id, None)

    def changed(self, session_id: str, revision: int) -> None:
        """Announces a change. The revision is no newer if the session was deleted."""
        session = self._sessions.get(session_id)
        if session is not None:
            session.revision = max(revision, session.revision or 0)
            session.announce(view=True)

    def presence_changed(self, session_id: str) -> None:
        session = self._sessions.get(session_id)
        if session is not None:
            session.announce(presence=True)

    def announce_all(self) -> None:
        for session in self._sessions.values():
            session.announce(view=True, presence=True)

    def revisions(self) -> dict[str, int | None]:
        return {session_id: session.revision for session_id, session in self._sessions.items()}

    def compare(self, before: Mapping[str, int | None], stored: Mapping[str, int]) -> Sequence[str]:
        """Announces the sessions whose stored revision was not announced.

        Args:
            before: the result of :meth:`revisions` before ``stored`` was read. A session that
                changed in the meantime is left out: its announcement may be newer than the read.

        Returns:
            The sessions with a newer row.
        """
        found = []
        for session_id, revision in before.items():
            session, now = self._sessions.get(session_id), stored.get(session_id)
            if session is None or session.revision != revision or revision == now:
                continue
            if revision != _NOT_COMPARED and now is not None:
                found.append(session_id)
            session.revision = now
            session.announce(view=True)
        return found
