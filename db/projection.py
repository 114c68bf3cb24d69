"""The one writer of the read model.

A batch may be late, repeated or out of order: only a newer revision replaces a session's row, and
an action's row is written once. So the API may write what it saw, and the worker what it knows,
without knowing of each other.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from db import outbox
from db.rows import action_row, session_row
from db.sql import sql
from db.transactions import write_in_transaction
from domain.session.notifications import notifications_of
from domain.session.projection import Projected

if TYPE_CHECKING:
    from db.pool import Connection, Pool

__all__ = ["DurableProjection", "LiveProjection", "Projected", "write"]

PROJECTOR: Final = "wizard_projector"


async def write(
    connection: "Connection", batch: Sequence[Projected], *, announce: bool = False
) -> None:
    """One statement for each table, in the caller's transaction; a session at most once a batch.

    With ``announce``, what owners are told of is put into the outbox.
    """
    # In one order, so that batches that overlap wait for each other instead of deadlocking.
    ordered = sorted(batch, key=lambda each: each.view.session_id)
    sessions = [session_row(each.view) for each in ordered]
    actions = [action_row(each.view, action) for each in ordered for action in each.actions]
    if sessions:
        await connection.execute(sql("projection_sessions"), sessions)
    if actions:
        await connection.execute(sql("projection_actions"), actions)
    if announce:
        await outbox.put(connection, notifications_of(ordered))


class LiveProjection:
    """The API's: takes on the role that may do nothing but this."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def write(self, batch: Sequence[Projected]) -> None:
        """Raises DatabaseUnavailable; nothing of the batch is written then."""
        await write_in_transaction(
            self._pool, lambda connection: write(connection, batch), role=PROJECTOR
        )


class DurableProjection:
    """The worker's, with the worker's own role; ``announces`` where owners are notified."""

    def __init__(self, pool: "Pool", *, announces: bool = False) -> None:
        self._pool = pool
        self._announces = announces

    async def write(self, batch: Sequence[Projected]) -> None:
        """Raises DatabaseUnavailable; nothing of the batch is written then."""
        await write_in_transaction(
            self._pool, lambda connection: write(connection, batch, announce=self._announces)
        )
