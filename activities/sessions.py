"""Bringing a session to the read model."""

from typing import TYPE_CHECKING

from temporalio import activity

from domain import ids
from domain.projection import Projected

if TYPE_CHECKING:
    from db.projection import DurableProjection


class SessionActivities:
    def __init__(self, projection: "DurableProjection") -> None:
        self._projection = projection

    @activity.defn(name=ids.ACTIVITY_PROJECT_SESSION)
    async def project_session(self, projected: Projected) -> None:
        await self._projection.write([projected])
