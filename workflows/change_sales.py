"""Pauses, resumes or closes the sales of an event. Closing also ends its unpaid orders."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.orders import OrderActivities
    from domain import ids
    from domain.orders.messages import SalesChange
    from domain.publishing.event import SalesSwitch
    from workflows.order.calls import DATABASE_ATTEMPT, refusal_of

_CLOSE_ATTEMPT: Final = timedelta(minutes=10)
_HEARTBEAT_TIMEOUT: Final = timedelta(seconds=10)
_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(minutes=1)
)


@workflow.defn(name=ids.CHANGE_SALES)
class ChangeSales:
    @workflow.run
    async def run(self, change: SalesChange) -> SalesSwitch:
        """Returns the switch as it is then.

        Fails if the tenant has no such event, or if its sales are closed.
        """
        try:
            switched = await workflow.execute_activity_method(
                OrderActivities.set_sales,
                change,
                start_to_close_timeout=DATABASE_ATTEMPT,
                retry_policy=_RETRY,
                summary=f"Set the sales to {change.wanted.value}",
            )
        except ActivityError as failure:
            raise refusal_of(failure) from failure
        if switched is SalesSwitch.CLOSED:
            await workflow.execute_activity_method(
                OrderActivities.close_open_orders,
                change.event_id,
                start_to_close_timeout=_CLOSE_ATTEMPT,
                heartbeat_timeout=_HEARTBEAT_TIMEOUT,
                retry_policy=_RETRY,
                summary="Ask all open orders to end",
            )
        return switched
