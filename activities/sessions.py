"""Writes a session to the read model, and its notifications to the outbox."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities.notifications import Deliveries
from domain import ids
from domain.session.projection import Projected
from observability import worker_metrics

if TYPE_CHECKING:
    from db.projection import DurableProjection


class SessionActivities:
    """``deliveries`` is None if owners are not notified."""

    def __init__(
        self, projection: "DurableProjection", deliveries: Deliveries | None = None
    ) -> None:
        self._projection = projection
        self._deliveries = deliveries

    @activity.defn(name=ids.ACTIVITY_PROJECT_SESSION)
    async def project_session(self, projected: Projected) -> int | None:
        """Writes a view and its actions, and starts the delivery of their notifications.

        Returns how many seconds before expiry the owner is reminded, None for no reminder: a
        setting of the worker, which the session learns in this way.
        """
        await self._projection.write([projected])
        oldest = min([projected.view.updated_at, *(action.at for action in projected.actions)])
        worker_metrics.projected(oldest, datetime.now(UTC))
        if self._deliveries is None:
            return None
        await self._deliveries.start(projected)
        return self._deliveries.remind_before_seconds
