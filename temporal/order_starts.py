"""How the process of an order is started: by the API, and again by the sweep if it was lost."""

from datetime import timedelta
from typing import Final, TypedDict

from temporalio.common import TypedSearchAttributes, WorkflowIDReusePolicy

from domain import ids
from domain.orders.order import OrderRequest
from temporal.search_attributes import of_new_order

TASK_TIMEOUT: Final = timedelta(seconds=10)

_DETAILS: Final = """\
A buyer orders tickets: they are held, the buyer pays at Stripe, and they are sold or given back.

- **Current Details** show what was ordered, the state, the next check at Stripe, and what to do.
- **Pending Activities** show what is running or being retried, with the last error.
- An order whose workflow was lost is started again by the sweep, and continues from Postgres.
"""
"""Identical for all orders."""


class OrderStart(TypedDict):
    """The keywords of ``start_workflow``, and of an operation with start."""

    id: str
    task_queue: str
    task_timeout: timedelta
    id_reuse_policy: WorkflowIDReusePolicy
    search_attributes: TypedSearchAttributes
    static_summary: str
    static_details: str


def order_start(request: OrderRequest) -> OrderStart:
    """An order that was refused, or whose process was ended, can be started again."""
    return OrderStart(
        id=ids.order_workflow_id(request.order_id),
        task_queue=ids.ORDERS_TASK_QUEUE,
        task_timeout=TASK_TIMEOUT,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        search_attributes=of_new_order(request.event_id),
        static_summary=f"Order of tickets of event {request.event_id}",
        static_details=_DETAILS,
    )
