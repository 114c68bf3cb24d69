"""The names of members, and who has which session open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from db import rows
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import reading_as, write_as, write_in_transaction
from domain.actors import Actor

RENEW_SECONDS: Final = 15.0
DEAD_AFTER_SECONDS: Final = 45.0
"""A row that was not renewed for so long is of a process that is gone."""

MAX_VIEWERS: Final = 100
"""Listed of one session: those who came first."""


class Viewer(BaseModel):
    """A person who has a session open."""

    model_config = ConfigDict(frozen=True)

    user_id: str
    name: str | None = Field(description="From the person's token; null if it has no name")
    since: datetime = Field(description="When the person opened the session")


@dataclass(frozen=True)
class PresenceRow:
    """``is_own``: the person has the session open in the process that asks."""

    session_id: str
    tenant: str
    user_id: str
    is_own: bool


class Members:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, actor: Actor, name: str) -> bool:
        """Stores the actor's own name. False if the tenant has no session: then it has no names."""

        async def execute(connection: Connection) -> bool:
            tenant = str(actor.tenant)
            stored = await connection.fetchval(sql("member_put"), tenant, actor.user_id, name)
            return stored is not None

        return await write_as(self._pool, actor, execute)


class MemberReads:
    """Raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def names(self, actor: Actor, user_ids: Collection[str]) -> dict[str, str]:
        """The names of members of the actor's tenant, by user id, as far as they are known."""
        if not user_ids:
            return {}
        async with reading_as(self._pool, actor) as connection:
            names: dict[str, str] = await connection.value("member_names", list(user_ids))
        return names


class PresenceRows:
    """The rows of one process. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool, process: UUID) -> None:
        self._pool = pool
        self._process = process

    async def enter(self, actor: Actor, session_id: str, since: datetime) -> None:
        """Idempotent. The caller has checked that the session is one of the actor's tenant."""

        async def execute(connection: Connection) -> None:
            await connection.execute(sql("presence_enter"), *self._key(actor, session_id), since)

        await write_as(self._pool, actor, execute)

    async def leave(self, actor: Actor, session_id: str) -> None:
        async def execute(connection: Connection) -> None:
            await connection.execute(sql("presence_leave"), *self._key(actor, session_id))

        await write_as(self._pool, actor, execute)

    async def renew(self) -> Sequence[PresenceRow]:
        """Renews all rows of the process, and deletes those of processes that are gone.

        Returns:
            Who is present in the sessions in which the process has a row.
        """

        async def execute(connection: Connection) -> Sequence[PresenceRow]:
            found = await connection.fetch(sql("presence_renew"), self._process, DEAD_AFTER_SECONDS)
            return [PresenceRow(**row) for row in found]

        return await write_in_transaction(self._pool, execute)

    async def end(self) -> None:
        """Deletes all rows of the process."""

        async def execute(connection: Connection) -> None:
            await connection.execute(sql("presence_end"), self._process)

        await write_in_transaction(self._pool, execute)

    def _key(self, actor: Actor, session_id: str) -> tuple[object, ...]:
        return rows.as_uuid(session_id), str(actor.tenant), actor.user_id, self._process


class PresenceReads:
    """Raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def viewers(self, actor: Actor, session_id: str) -> list[Viewer]:
        """In all processes; who came first is first."""
        async with reading_as(self._pool, actor) as connection:
            found = await connection.values(
                "presence_list", rows.as_uuid(session_id), DEAD_AFTER_SECONDS, MAX_VIEWERS
            )
        return [Viewer.model_validate(row) for row in found]
