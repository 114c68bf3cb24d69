"""Bringing a session to the read model, and what its owner is told of to the outbox."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity

from domain import ids
from domain.session.projection import Projected
from observability import worker_metrics

if TYPE_CHECKING:
    from activities.notifications import Deliveries
    from db.projection import DurableProjection


class SessionActivities:
    """``deliveries`` is None where nobody is notified."""

    def __init__(
        self, projection: "DurableProjection", deliveries: "Deliveries | None" = None
    ) -> None:
        self._projection = projection
        self._deliveries = deliveries

    @activity.defn(name=ids.ACTIVITY_PROJECT_SESSION)
    async def project_session(self, projected: Projected) -> int | None:
        """How many seconds before it expires the owner is to be reminded; None for not at all.

        So a session knows of the worker's settings, as of when they last said so, by an answer
        that is in its history anyway.
        """
        await self._projection.write([projected])
        oldest = min([projected.view.updated_at, *(each.at for each in projected.actions)])
        worker_metrics.projected(oldest, datetime.now(UTC))
        if self._deliveries is None:
            return None
        await self._deliveries.start(projected)
        return self._deliveries.remind_before_seconds
