"""Announces changes of sessions to the streams of this process, from one connection to Postgres.

Messages arrive within milliseconds, but may be lost. So the hub also compares the revisions of all
watched sessions with Postgres, and checks with a probe that it receives messages. It never asks the
workflow of a session.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import structlog

from api.live.watched import Announced, Subscription, WatchedSessions
from db.errors import DatabaseUnavailable, WrongRole
from db.listen import LiveReads, Message, PresenceChanged, ProbeArrived, SessionChanged, listening
from db.pool import Pool, address_of
from db.roles import RequiredRole
from observability.metrics import ApiMetrics

__all__ = ["Announced", "SessionHub", "Subscription"]

COMPARE_SECONDS: Final = 2.0
"""Between two comparisons. With the time that one takes, every stream has the newest view within 3
seconds, whatever was lost."""

POLL_SECONDS: Final = 1.0
"""As :data:`COMPARE_SECONDS`, while no messages arrive."""

PROBE_SECONDS: Final = 2.0
"""A probe that takes longer is lost."""

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 1.0
_WITHOUT_MESSAGES_PAUSE: Final = 30.0
"""After a probe was lost on a new connection: a pooler in between loses messages at all times."""

_log = structlog.get_logger(__name__)


class _MessagesLost(Exception):
    """Postgres accepts LISTEN, but a probe did not arrive."""


@dataclass(frozen=True)
class _Probe:
    """A message of the hub to itself. ``connection`` is the event of the connection that it is to
    arrive on, which is set when the connection is lost."""

    connection: asyncio.Event
    token: str = field(default_factory=lambda: uuid4().hex)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


class SessionHub:
    """``start`` and ``stop`` belong to the API's lifespan; ``subscribe`` works at any time."""

    def __init__(
        self,
        pool: Pool,
        dsn: str,
        role: RequiredRole,
        metrics: ApiMetrics,
        *,
        on_wrong_role: Callable[[WrongRole], None] | None = None,
    ) -> None:
        """
        Args:
            dsn: of the connection that listens; no pooler may share it between clients.
            on_wrong_role: called if the process must not use the role of ``dsn``.
        """
        self._reads = LiveReads(pool)
        self._dsn = dsn
        self._role = role
        self._metrics = metrics
        self._on_wrong_role = on_wrong_role
        self._watched = WatchedSessions()
        self._tasks: list[asyncio.Task[None]] = []
        self._connection: asyncio.Event | None = None
        self._probes: dict[str, _Probe] = {}
        metrics.watch_hub(lambda: self.is_listening, lambda: len(self._watched))

    @property
    def is_listening(self) -> bool:
        """Whether announcements arrive; without them, the hub polls."""
        return self._connection is not None

    def subscribe(self, session_id: str) -> AbstractContextManager[Subscription]:
        """Changes from now on. So a reader subscribes first, and then reads the view."""
        return self._watched.subscribe(session_id)

    async def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._keep_listening(), name="listen to Postgres"),
            asyncio.create_task(self._keep_comparing(), name="compare revisions"),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _keep_listening(self) -> None:
        pause, last_reason = _FIRST_PAUSE, ""
        while True:
            try:
                await self._listen()
                pause, reason = _FIRST_PAUSE, "the connection was lost"
            except DatabaseUnavailable as error:
                pause, reason = min(2 * pause, _LONGEST_PAUSE), str(error)
            except _MessagesLost as error:
                pause, reason = _WITHOUT_MESSAGES_PAUSE, str(error)
            except WrongRole as error:
                _log.error("manual intervention required", reason=str(error))
                if self._on_wrong_role is not None:
                    self._on_wrong_role(error)
                return
            except Exception as error:  # noqa: BLE001 - else the views on screen become stale
                pause, reason = _WITHOUT_MESSAGES_PAUSE, repr(error)
            if reason != last_reason:
                _log.warning(
                    "polling for changes of sessions", at=address_of(self._dsn), reason=reason
                )
            last_reason = reason
            await asyncio.sleep(pause)

    async def _listen(self) -> None:
        """Returns when a connection that worked is lost."""
        async with listening(self._dsn, self._role, self._receive) as connection:
            await self._require_messages(connection)
            self._connection = connection
            _log.info("listening for changes of sessions", at=address_of(self._dsn))
            self._watched.announce_all()  # what was announced meanwhile was not received
            try:
                await connection.wait()
            finally:
                self._connection = None

    async def _require_messages(self, connection: asyncio.Event) -> None:
        probe = self._new_probe(connection)
        try:
            await self._reads.probe(probe.token)
            async with asyncio.timeout(PROBE_SECONDS):
                await probe.arrived.wait()
        except TimeoutError:
            raise _MessagesLost("messages do not arrive: is there a pooler in between?") from None
        finally:
            self._probes.pop(probe.token, None)

    def _new_probe(self, connection: asyncio.Event) -> _Probe:
        probe = _Probe(connection)
        self._probes[probe.token] = probe
        return probe

    def _receive(self, message: Message) -> None:
        match message:
            case SessionChanged(session_id, revision):
                self._watched.changed(session_id, revision)
            case PresenceChanged(session_id):
                self._watched.presence_changed(session_id)
            case ProbeArrived(token):
                probe = self._probes.pop(token, None)
                if probe is not None:
                    probe.arrived.set()

    async def _keep_comparing(self) -> None:
        while True:
            probe = await self._compare()
            await asyncio.sleep(COMPARE_SECONDS if self.is_listening else POLL_SECONDS)
            if probe is not None and self._probes.pop(probe.token, None) is not None:
                probe.connection.set()  # it did not arrive: listens again on a new connection

    async def _compare(self) -> _Probe | None:
        """Announces what was not announced, and returns the probe that was sent."""
        before = self._watched.revisions()
        if not before:
            return None
        probe = None if self._connection is None else self._new_probe(self._connection)
        try:
            stored = await self._reads.revisions(before, None if probe is None else probe.token)
        except Exception as error:  # noqa: BLE001 - else the views on screen become stale
            if not isinstance(error, DatabaseUnavailable):
                _log.error("the revisions of sessions cannot be read", reason=repr(error))
            if probe is not None:
                self._probes.pop(probe.token, None)
            return None
        found = self._watched.compare(before, stored)
        if probe is not None:
            self._metrics.found_by_comparison(len(found))
        return probe
