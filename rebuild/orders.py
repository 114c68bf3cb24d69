"""Restores orders of tickets from Temporal: from their processes, and refunds and disputes from the
processes of Stripe's events.

Running processes are asked, so this needs a worker; the results of ended ones are in their
histories.
"""

from collections.abc import AsyncIterator
from typing import Final, cast

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from activities.calls import NoAnswer, NotFound, bounded_call
from activities.orders import OrderActivities, RecordCharge
from db.order_upkeep import OrderUpkeep
from db.orders import Orders
from db.pool import Pool
from domain import ids
from domain.errors import EventNotFound
from domain.orders.order import Order
from domain.orders.transitions import NotConfirmed
from temporal.encryption.keys import PayloadUnreadable

_ORDERS: Final = (
    f'WorkflowType = "{ids.TICKET_ORDER}" AND ExecutionStatus IN ("Running", "Completed")'
)
"""An order whose process failed has no row."""

_STRIPE_EVENTS: Final = (
    f'WorkflowType = "{ids.WIZARD_STRIPE_EVENT}" AND ExecutionStatus = "Completed"'
)


class OrderRebuild:
    """``failed`` has a reason for each workflow id that could not be restored."""

    def __init__(self, client: Client, pool: Pool) -> None:
        self._client = client
        self._upkeep = OrderUpkeep(pool)
        self._charges = OrderActivities(Orders(pool), client)
        self.restored = 0
        self.failed: dict[str, str] = {}

    async def run(self) -> None:
        """Orders first: a refund belongs to an order that is paid.

        Raises:
            DatabaseUnavailable, RPCError: Postgres or Temporal is unavailable.
        """
        async for execution in self._client.list_workflows(_ORDERS):
            await self._restore(execution)
        async for execution in self._client.list_workflows(_STRIPE_EVENTS):
            await self._record_charges(execution)

    async def _restore(self, execution: WorkflowExecution) -> None:
        try:
            order = await self._order_of(execution)
            if order is not None:
                await self._upkeep.restore(order)
                self.restored += 1
        except NotFound:  # deleted in the meantime
            return
        except (NoAnswer, EventNotFound) as error:
            self.failed[execution.id] = str(error) or type(error).__name__

    async def _order_of(self, execution: WorkflowExecution) -> Order | None:
        handle = self._client.get_workflow_handle(
            execution.id, run_id=execution.run_id, result_type=Order
        )
        async with bounded_call():
            if execution.status is WorkflowExecutionStatus.COMPLETED:
                result: Order = await handle.result(follow_runs=False)
                return result
            known: Order | None = await handle.query(
                ids.QUERY_ORDER, result_type=cast(type, Order | None)
            )
            return known

    async def _record_charges(self, execution: WorkflowExecution) -> None:
        try:
            async for record in self._records_of(execution):
                await self._charges.record_charge(record)
        except NotFound:
            return
        except (NotConfirmed, PayloadUnreadable, ValueError) as error:
            self.failed[execution.id] = type(error).__name__

    async def _records_of(self, execution: WorkflowExecution) -> AsyncIterator[RecordCharge]:
        handle = self._client.get_workflow_handle(execution.id, run_id=execution.run_id)
        async for event in handle.fetch_history_events():
            if event.event_type != EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                continue
            scheduled = event.activity_task_scheduled_event_attributes
            if scheduled.activity_type.name == OrderActivities.record_charge.__name__:
                (record,) = await self._client.data_converter.decode(
                    scheduled.input.payloads, [RecordCharge]
                )
                yield record
