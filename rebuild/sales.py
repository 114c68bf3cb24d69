"""Restores the sales switches of events from the processes that have set them."""

from datetime import UTC, datetime
from typing import Final

from temporalio.client import Client, WorkflowExecution

from activities.calls import NoAnswer, NotFound, bounded_call
from db.orders import Orders
from db.pool import Pool
from domain import ids
from domain.errors import EventNotFound, SalesClosed
from domain.orders.messages import SalesChange

_CHANGES: Final = f'WorkflowType = "{ids.CHANGE_SALES}" AND ExecutionStatus = "Completed"'
"""A change that was refused has failed."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class SalesRebuild:
    """``failed`` has a reason for each workflow id that could not be restored."""

    def __init__(self, client: Client, pool: Pool) -> None:
        self._client = client
        self._orders = Orders(pool)
        self.failed: dict[str, str] = {}

    async def run(self) -> None:
        """Sets the switch of each event as its newest change did.

        Raises:
            DatabaseUnavailable, RPCError: Postgres or Temporal is unavailable.
        """
        executions = [found async for found in self._client.list_workflows(_CHANGES)]
        executions.sort(key=lambda execution: execution.close_time or _NEVER)
        newest: dict[str, SalesChange] = {}
        for execution in executions:
            change = await self._change_of(execution)
            if change is not None:
                newest[change.event_id] = change
        for change in newest.values():
            await self._set(change)

    async def _change_of(self, execution: WorkflowExecution) -> SalesChange | None:
        handle = self._client.get_workflow_handle(execution.id, run_id=execution.run_id)
        try:
            async with bounded_call():
                started = await anext(aiter(handle.fetch_history_events(page_size=1)))
                payloads = started.workflow_execution_started_event_attributes.input.payloads
                (change,) = await self._client.data_converter.decode(payloads, [SalesChange])
        except NotFound:  # deleted in the meantime
            return None
        except NoAnswer as error:
            self.failed[execution.id] = str(error)
            return None
        return SalesChange.model_validate(change)

    async def _set(self, change: SalesChange) -> None:
        try:
            await self._orders.set_sales(change.event_id, change.tenant, change.wanted)
        except (EventNotFound, SalesClosed):
            return  # the event was erased, or its sales are closed by now
