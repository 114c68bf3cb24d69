"""Conversations with the assistant: each belongs to one person and one session."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from db import rows
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import reading_as, reading_public, write_as
from domain.actors import Actor

MAX_THREADS: Final = 20
"""Of a person in a session. The next one replaces that which was used least recently."""


class Threads:
    """``messages`` is the whole conversation, as JSON. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(
        self,
        actor: Actor,
        session_id: str,
        thread_id: str,
        messages: str,
        *,
        unless: Callable[[str], bool] = lambda _: False,
    ) -> datetime | None:
        """Stores a conversation in place of what the thread has.

        The caller has checked that the session is one of the actor's tenant.

        Args:
            unless: whether what the thread has is to be kept.

        Returns:
            When it was stored, or kept; None if the thread belongs to another person or session,
            or the session is erased.
        """
        key = _key(actor, session_id, thread_id)

        async def execute(connection: Connection) -> datetime | None:
            added: datetime | None = await connection.fetchval(sql("thread_add"), *key, messages)
            if added is not None:
                await connection.execute(sql("thread_prune"), *key[1:], MAX_THREADS)
                return added
            stored: str | None = await connection.fetchval(sql("thread_lock"), *key)
            if stored is None:
                return None
            if unless(stored):
                kept: datetime = await connection.fetchval(sql("thread_kept"))
                return kept
            saved: datetime = await connection.fetchval(sql("thread_save"), *key, messages)
            return saved

        return await write_as(self._pool, actor, execute)

    async def put_answer(
        self, actor: Actor, session_id: str, thread_id: str, messages: str, *, since: datetime
    ) -> None:
        """The same at the end of a run, whose beginning was stored at ``since``. Does nothing if
        the thread has changed since: the conversation of the last run that began is kept."""
        key = _key(actor, session_id, thread_id)

        async def execute(connection: Connection) -> None:
            await connection.execute(sql("thread_answer"), *key, messages, since)

        await write_as(self._pool, actor, execute)

    async def get(self, actor: Actor, session_id: str, thread_id: str) -> str | None:
        """The conversation; None if the actor has no such thread in the session."""
        async with reading_as(self._pool, actor) as connection:
            messages: str | None = await connection.value(
                "thread_get", actor.user_id, rows.as_uuid(session_id), rows.as_uuid(thread_id)
            )
        return messages

    async def exists(self, thread_id: str) -> bool:
        """Whether anyone has the thread."""
        async with reading_public(self._pool) as connection:
            exists: bool = await connection.value("thread_exists", rows.as_uuid(thread_id))
        return exists


def _key(
    actor: Actor, session_id: str, thread_id: str
) -> tuple[UUID | None, UUID | None, str, str]:
    return rows.as_uuid(thread_id), rows.as_uuid(session_id), str(actor.tenant), actor.user_id
