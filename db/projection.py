"""Writes the read model; nothing else does.

A batch may be late, repeated or out of order: only a newer revision replaces a session's row, and
an action's row is written once. So the API and the worker write independently of each other.
"""

from collections.abc import Callable, Sequence

from db import outbox
from db.pool import Connection, Pool
from db.roles import PROJECTOR
from db.rows import action_row, session_row
from db.sql import sql
from db.transactions import write_in_transaction
from domain.json_values import JsonObject
from domain.session.actions import Action
from domain.session.notifications import notifications_of
from domain.session.projection import Projected

__all__ = ["DurableProjection", "LiveProjection", "Projected", "write"]


async def write(
    connection: Connection, batch: Sequence[Projected], *, announce: bool = False
) -> None:
    """Writes a batch in the caller's transaction, with at most one statement per table.

    Args:
        batch: at most one element per session.
        announce: whether notifications to owners are put into the outbox.
    """
    # Sorted, so that overlapping batches wait for each other instead of deadlocking.
    ordered = sorted(batch, key=lambda projected: projected.view.session_id)
    sessions = [session_row(projected.view) for projected in ordered]
    actions = _action_rows(ordered, lambda action: action.part == 0)
    further = _action_rows(ordered, lambda action: action.part > 0)
    if sessions:
        await connection.execute(sql("projection_sessions"), sessions)
    if actions:
        await connection.execute(sql("projection_actions"), actions)
    if further:
        await connection.execute(sql("projection_further_actions"), further)
    if announce:
        await outbox.put(connection, notifications_of(ordered))


def _action_rows(
    batch: Sequence[Projected], is_wanted: Callable[[Action], bool]
) -> list[JsonObject]:
    return [
        action_row(projected.view, action)
        for projected in batch
        for action in projected.actions
        if is_wanted(action)
    ]


class LiveProjection:
    """Used by the API, with a role that may write sessions and actions, and nothing else."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def write(self, batch: Sequence[Projected]) -> None:
        """Raises DatabaseUnavailable: nothing of the batch is written."""
        await write_in_transaction(
            self._pool, lambda connection: write(connection, batch), role=PROJECTOR
        )


class DurableProjection:
    """Used by the worker, with its own role. With ``announces``, owners are notified."""

    def __init__(self, pool: Pool, *, announces: bool = False) -> None:
        self._pool = pool
        self._announces = announces

    async def write(self, batch: Sequence[Projected]) -> None:
        """Raises DatabaseUnavailable: nothing of the batch is written."""
        await write_in_transaction(
            self._pool, lambda connection: write(connection, batch, announce=self._announces)
        )
