"""Closes the row of a session that Temporal ended, with all that its histories still hold."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError

from activities.calls import NoAnswer, NotFound, bounded_call, heartbeating
from domain import ids
from domain.session.actions import Action, batches
from domain.session.projection import Projected, RecoveredSession, lost
from domain.session.view import PublicationState, SessionView
from domain.validation.drafts import size_of
from observability import worker_metrics
from temporal.encryption.keys import PayloadUnreadable

if TYPE_CHECKING:
    from db.open_sessions import OpenSessions
    from db.projection import DurableProjection
    from db.publications import Publications

MAX_BATCH_BYTES: Final = 512 * 1024
"""Of the actions that one transaction writes."""

NOT_FOUND: Final = "not_found"
"""The ``detail`` of the action if Temporal keeps nothing of the session."""


class Histories(Protocol):
    async def recover(self, session_id: str, run_id: str) -> RecoveredSession | None:
        """None if the history of the run is deleted.

        Raises:
            PayloadUnreadable, ValueError: a payload cannot be read.
            RPCError: Temporal is unavailable.
        """


class LostSessions:
    """Owners are not notified: ``projection`` announces nothing.

    A session that was lost did not expire, and a late reminder or an announcement that was
    delivered long ago would mislead.
    """

    def __init__(
        self,
        rows: "OpenSessions",
        projection: "DurableProjection",
        publications: "Publications",
        histories: Histories,
        client: Client,
    ) -> None:
        self._rows = rows
        self._projection = projection
        self._publications = publications
        self._histories = histories
        self._client = client

    async def close(
        self, session_id: str, run_id: str | None, *, heartbeat: Sequence[Any] = ()
    ) -> bool:
        """Writes the newest view and the audit trail, then closes the row. A repeat is safe.

        Args:
            run_id: The newest run; None if Temporal has none.
            heartbeat: The details of the heartbeats until it is done.

        Returns:
            False if there is nothing to close: the row is closed, or the session erased.

        Raises:
            NoAnswer: the histories cannot be read now.
        """
        with heartbeating(*heartbeat):
            stored = await self._rows.get(session_id)
            if stored is not None and not stored.is_active:
                return False
            recovered = await self._recovered(session_id, run_id)
            newest = await self._newest(session_id, stored, recovered)
            if newest is None:
                return False
            await self._write(newest, recovered)
            return await self._rows.get(session_id) is not None

    async def _recovered(self, session_id: str, run_id: str | None) -> RecoveredSession | None:
        if run_id is None:
            return None
        try:
            return await self._histories.recover(session_id, run_id)
        except RPCError as error:
            raise NoAnswer(error.status.name) from error
        except (PayloadUnreadable, ValueError) as error:
            raise NoAnswer(type(error).__name__) from error

    async def _newest(
        self, session_id: str, stored: SessionView | None, recovered: RecoveredSession | None
    ) -> SessionView | None:
        """If the history was not replayed here, a worker of the session's build may answer."""
        views = [stored, recovered.projected.view if recovered else None]
        if recovered is not None and not recovered.is_newest:
            views.append(await self._queried(session_id))
        known = [view for view in views if view is not None]
        return max(known, key=lambda view: view.revision, default=None)

    async def _queried(self, session_id: str) -> SessionView | None:
        handle = self._client.get_workflow_handle(ids.session_workflow_id(session_id))
        with suppress(NotFound, NoAnswer):
            async with bounded_call():
                view: SessionView = await handle.query(ids.QUERY_SESSION, result_type=SessionView)
            return view
        return None

    async def _write(self, newest: SessionView, recovered: RecoveredSession | None) -> None:
        actions = recovered.projected.actions if recovered else ()
        for batch in batches(actions, _bytes_of, limit=MAX_BATCH_BYTES):
            await self._projection.write([Projected(view=newest, actions=batch)])
        await self._projection.write([await self._end(newest, recovered)])

    async def _end(self, newest: SessionView, recovered: RecoveredSession | None) -> Projected:
        """The row's last state. The publication and the session are written by one transaction, so
        that an event that is published has completed its session."""
        if not newest.is_active:
            return Projected(view=newest)
        was_released = await self._publications.release(newest.session_id)
        publishing = recovered.publishing if recovered else None
        if not was_released and publishing and publishing.view.revision > newest.revision:
            return publishing
        end = lost(
            newest,
            at=datetime.now(UTC),
            ended_as=recovered.ended_as if recovered else NOT_FOUND,
        )
        _report(newest, end)
        return end


def _bytes_of(action: Action) -> int:
    return size_of(action.sections)


def _report(newest: SessionView, end: Projected) -> None:
    """An interrupted publication may have left products and prices at Stripe."""
    was_publishing = newest.publication.state is PublicationState.RUNNING
    worker_metrics.sessions_lost(1, was_publishing=was_publishing)
    activity.logger.warning(
        "session lost",
        extra={
            "session_id": newest.session_id,
            "ended_as": end.actions[0].detail,
            "revision": end.view.revision,
            "publication": newest.publication.state.value,
            "stripe_account_id": newest.payments.account_id if was_publishing else None,
        },
    )
