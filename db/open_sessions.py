"""The open sessions of the read model, for the sweep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from db import rows
from db.pool import Connection, Pool
from db.sql import sql
from db.transactions import write_in_transaction
from domain.session.view import SessionView, Status
from domain.stages import Stage

_BEFORE_ALL: Final = UUID(int=0)


class OpenRow(BaseModel):
    """``idle`` is false while a publication is scheduled or running."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    expires_at: datetime
    revision: int
    idle: bool


class Milestones(BaseModel):
    """The revision, and the columns that are search attributes in Temporal as well."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    revision: int
    status: Status
    current_stage: Stage
    completion_percentage: int
    expires_at: datetime


class OpenSessions:
    """Used by the worker. Every method raises DatabaseUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(
        self,
        after: tuple[datetime, str] | None,
        *,
        idle_for_seconds: int,
        created_before_seconds: float,
        limit: int,
    ) -> list[OpenRow]:
        """A page in order of deadline and id, after the pair ``after``.

        A row is idle if it has not changed for ``idle_for_seconds``; with 0, no row is.
        """
        deadline, last_id = after or (None, None)

        async def read(connection: Connection) -> list[OpenRow]:
            found = await connection.fetch(
                sql("session_open_page"),
                idle_for_seconds,
                created_before_seconds,
                deadline,
                UUID(last_id) if last_id else _BEFORE_ALL,
                limit,
            )
            return [OpenRow.model_validate(dict(row)) for row in found]

        return await write_in_transaction(self._pool, read)

    async def get(self, session_id: str) -> SessionView | None:
        async def read(connection: Connection) -> SessionView | None:
            row = await connection.fetchval(sql("session_of_any_tenant"), rows.as_uuid(session_id))
            return row and rows.session_view(row)

        return await write_in_transaction(self._pool, read)

    async def milestones(self, session_ids: Sequence[str]) -> dict[str, Milestones]:
        """Milestones by session id; sessions without a row are omitted."""

        async def read(connection: Connection) -> dict[str, Milestones]:
            found = await connection.fetch(
                sql("session_milestones"),
                [known for session_id in session_ids if (known := rows.as_uuid(session_id))],
            )
            return {row["session_id"]: Milestones.model_validate(dict(row)) for row in found}

        return await write_in_transaction(self._pool, read)
