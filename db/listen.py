"""Listens to the announcements of changed sessions, and reads what finds those that were lost.

Postgres sends a message on the channel ``wizard_sessions`` when a transaction that changed a
session commits: ``{session_id} {revision}``, or ``{session_id} presence``. A message is lost if the
connection is away, or if a pooler shares it between clients. So the API also sends messages to
itself, ``probe {token}``, and checks that they arrive.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

import asyncpg

from db.errors import translated_errors
from db.pool import CONNECT_TIMEOUT, NOT_GRANTED, PING_TIMEOUT, Pool, require_role_of
from db.roles import RequiredRole
from db.rows import as_uuid
from db.transactions import reading_public
from domain.ids import canonical_id

CHANNEL: Final = "wizard_sessions"

_PRESENCE: Final = "presence"
_PROBE: Final = "probe"
_REVISION: Final = re.compile("[0-9]{1,19}")


@dataclass(frozen=True)
class SessionChanged:
    """The session was created, changed or deleted. ``revision`` is the last that it had."""

    session_id: str
    revision: int


@dataclass(frozen=True)
class PresenceChanged:
    session_id: str


@dataclass(frozen=True)
class ProbeArrived:
    token: str


Message: TypeAlias = SessionChanged | PresenceChanged | ProbeArrived


def parse_message(payload: str) -> Message | None:
    """None if the payload is none of ours: every role may send on the channel."""
    subject, _, rest = payload.partition(" ")
    if subject == _PROBE:
        return ProbeArrived(rest)
    session_id = canonical_id(subject)
    if session_id is None:
        return None
    if rest == _PRESENCE:
        return PresenceChanged(session_id)
    return SessionChanged(session_id, int(rest)) if _REVISION.fullmatch(rest) else None


@asynccontextmanager
async def listening(
    dsn: str, role: RequiredRole, on_message: Callable[[Message], None]
) -> AsyncIterator[asyncio.Event]:
    """A connection of its own that listens, until the context is left.

    Yields:
        An event that is set if the connection is lost.

    Raises:
        DatabaseUnavailable: there is no connection.
        WrongRole: the process must not use the role of the address.
    """

    def receive(_: object, __: int, ___: str, payload: object) -> None:
        message = parse_message(str(payload))
        if message is not None:
            on_message(message)

    lost = asyncio.Event()
    with translated_errors(NOT_GRANTED):
        connection = await asyncpg.connect(
            dsn,
            timeout=CONNECT_TIMEOUT,
            command_timeout=PING_TIMEOUT,
            statement_cache_size=0,
            server_settings={"application_name": "event-wizard-api-listen"},
        )
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await require_role_of(connection, role)
        with translated_errors():
            async with connection.transaction():  # a pooler may share the connection
                await connection.add_listener(CHANNEL, receive)
        yield lost
    finally:
        connection.terminate()  # a goodbye would wait for a server that may be gone


class LiveReads:
    """Reads for the hub. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def revisions(self, session_ids: Collection[str], probe: str | None) -> dict[str, int]:
        """The revisions of sessions of any tenant; those without a row are missing.

        Args:
            probe: the token of a probe that is sent with the read.
        """
        async with reading_public(self._pool) as connection:
            wanted = [as_uuid(session_id) for session_id in session_ids]
            revisions: dict[str, int] = await connection.value("live_revisions", wanted)
            if probe is not None:
                await connection.value("live_notify", CHANNEL, f"{_PROBE} {probe}")
        return revisions

    async def probe(self, token: str) -> None:
        """Sends a probe, which every listener on this database receives."""
        await self.revisions((), token)
