"""The workers of orders, and of their calls of Stripe."""

from datetime import timedelta
from typing import Final

from temporalio.client import Client
from temporalio.worker import Worker

from activities.checkouts import CheckoutActivities
from activities.orders import OrderActivities
from db.orders import Orders
from db.pool import Pool
from domain import ids
from temporal.workflow_runner import workflow_runner
from workers.options import GRACE, WorkerOptions
from workflows.change_sales import ChangeSales
from workflows.ticket_order import TicketOrder

CONCURRENT_ORDER_TASKS: Final = 8
"""As many as of sessions. Tasks of orders mostly wait for Postgres, because their changes are local
activities: with four, tickets are sold at three quarters of the rate."""

CONCURRENT_ORDER_ACTIVITIES: Final = 5
"""Half of the connections to Postgres: the orders of one event wait for each other there."""

CACHED_ORDERS: Final = 500

ORDER_STICKY_TIMEOUT: Final = timedelta(seconds=5)
"""Longer than of sessions. In a rush, a task of an order waits for more than a second for its turn.
If it times out, it waits a second time, behind all new orders, and replays the history."""


def build_order_worker(client: Client, pool: Pool, options: WorkerOptions) -> Worker:
    announces = options.notifying is not None
    order = OrderActivities(Orders(pool, fees=options.fees, announces=announces), client)
    return Worker(
        client,
        task_queue=ids.ORDERS_TASK_QUEUE,
        workflows=[TicketOrder, ChangeSales],
        activities=[
            order.hold_tickets,
            order.withdraw_order,
            order.checkout_opened,
            order.payment_processing,
            order.confirm_order,
            order.release_order,
            order.record_charge,
            order.set_sales,
            order.close_open_orders,
        ],
        workflow_runner=workflow_runner(),
        interceptors=options.interceptors,
        deployment_config=options.deployment,
        max_cached_workflows=min(options.max_cached_workflows, CACHED_ORDERS),
        max_concurrent_workflow_tasks=CONCURRENT_ORDER_TASKS,
        max_concurrent_activities=CONCURRENT_ORDER_ACTIVITIES,
        max_concurrent_local_activities=CONCURRENT_ORDER_ACTIVITIES,
        sticky_queue_schedule_to_start_timeout=ORDER_STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACE,
    )


def build_order_stripe_worker(client: Client, options: WorkerOptions) -> Worker:
    checkout = CheckoutActivities(options.stripe)
    return Worker(
        client,
        task_queue=ids.ORDERS_STRIPE_TASK_QUEUE,
        activities=[
            checkout.open_checkout,
            checkout.find_checkout,
            checkout.look_at_checkout,
            checkout.expire_checkout,
            checkout.fetch_charge,
        ],
        interceptors=options.interceptors,
        deployment_config=options.deployment,
        max_task_queue_activities_per_second=options.order_stripe_activities_per_second,
        graceful_shutdown_timeout=GRACE,
    )
