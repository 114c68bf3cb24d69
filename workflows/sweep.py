"""The hourly sweep: reconciles rows with workflows, abandons idle sessions, mends orders, and
deletes unused pictures.

Sessions expire by their own timer and write their own rows. The sweep handles restored databases,
terminated workflows, and idle sessions.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.pictures import PictureActivities, PicturesSwept
    from activities.sweep_orders import OrdersSwept, SweepOrdersActivities
    from activities.sweep_rows import RowsSwept, SweepRowsActivities
    from activities.sweep_workflows import SweepWorkflowsActivities, WorkflowsSwept
    from domain import ids

Part = TypeVar("Part", WorkflowsSwept, RowsSwept, OrdersSwept)

_ATTEMPT: Final = timedelta(minutes=30)
_HEARTBEAT_TIMEOUT: Final = timedelta(minutes=1)


class Swept(BaseModel):
    """The progress of a sweep, and counts of its outcomes."""

    model_config = ConfigDict(frozen=True)

    workflows: WorkflowsSwept
    rows: RowsSwept = RowsSwept()
    orders: OrdersSwept = OrdersSwept()
    pictures: PicturesSwept = PicturesSwept()

    @property
    def more(self) -> bool:
        """Of sessions."""
        return self.workflows.more or self.rows.more


@workflow.defn(name=ids.WIZARD_SWEEP)
class Sweep:
    @workflow.run
    async def run(self, so_far: Swept | None = None) -> Swept:
        """``so_far`` is the progress of the previous run. A repeated sweep is harmless."""
        swept = so_far or Swept(workflows=WorkflowsSwept(hour=workflow.now().hour))
        while swept.more:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(swept)
            swept = await self._next_page(swept)
        if workflow.patched(ids.PATCH_SWEEP_ORDERS):
            swept = await self._with_orders(swept)
        if workflow.patched(ids.PATCH_SWEEP_PICTURES):
            swept = swept.model_copy(update={"pictures": await self._pictures()})
        return swept

    async def _with_orders(self, swept: Swept) -> Swept:
        while swept.orders.more:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(swept)
            orders = await self._page(
                SweepOrdersActivities.sweep_orders,
                swept.orders,
                "Restore rows, restart lost orders, check the inventory",
            )
            swept = swept.model_copy(update={"orders": orders})
        return swept

    async def _next_page(self, swept: Swept) -> Swept:
        """Sweeps workflows first, so that rows are up to date when their idleness is checked."""
        if swept.workflows.more:
            workflows = await self._page(
                SweepWorkflowsActivities.sweep_workflows,
                swept.workflows,
                "Refresh rows that are behind",
            )
            return swept.model_copy(update={"workflows": workflows})
        rows = await self._page(
            SweepRowsActivities.sweep_rows,
            swept.rows,
            "Abandon idle sessions, close rows without a workflow",
        )
        return swept.model_copy(update={"rows": rows})

    async def _page(
        self, activity: Callable[[Any, Part], Awaitable[Part]], swept: Part, summary: str
    ) -> Part:
        return await workflow.execute_activity_method(
            activity,
            swept,
            start_to_close_timeout=_ATTEMPT,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            summary=summary,
        )

    async def _pictures(self) -> PicturesSwept:
        return await workflow.execute_activity_method(
            PictureActivities.sweep_pictures,
            start_to_close_timeout=_ATTEMPT,
            heartbeat_timeout=_HEARTBEAT_TIMEOUT,
            summary="Delete pictures that nothing has used for seven days",
        )
