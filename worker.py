"""The worker process: polls Temporal for the tasks of all sessions.

    python worker.py

Composition root: settings → database pool, Stripe and Temporal clients → activities → workers.
"""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Self

import structlog
import uvloop
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Interceptor, Worker, WorkerDeploymentConfig

from activities.account_changes import AccountChangeActivities
from activities.checkouts import CheckoutActivities
from activities.erasure import ErasureActivities
from activities.events import EventActivities
from activities.inbox import InboxActivities
from activities.lost_sessions import LostSessions
from activities.notifications import Deliveries, DeliveryActivities, Notifying, OutboxActivities
from activities.orders import OrderActivities
from activities.payments import PaymentActivities
from activities.pictures import FileStore, PictureActivities
from activities.retention import RetentionActivities, RetentionPeriods
from activities.sessions import SessionActivities
from activities.sweep_orders import SweepOrdersActivities
from activities.sweep_rows import SweepRowsActivities
from activities.sweep_workflows import SweepWorkflowsActivities
from db.accounts import StripeAccounts
from db.erasures import Erasures
from db.errors import WrongRole
from db.gauges import GaugeReads
from db.inbox import Inbox
from db.open_sessions import OpenSessions
from db.order_upkeep import OrderUpkeep
from db.orders import Orders
from db.outbox import Outbox
from db.pictures import PictureUpkeep
from db.pool import Pool, connect_when_ready
from db.projection import DurableProjection
from db.publications import Publications
from db.roles import WORKER
from domain import ids
from domain.orders.fees import FeePolicy
from notifications.sender import Sender
from observability import logs
from observability.process import end_on_signal, end_process, end_with_reason, touching_file
from observability.sampling import sampling
from observability.telemetry import Telemetry
from observability.worker_metrics import SampledGauges
from payments.adapter import StripeAdapter
from pictures.store import PictureStore
from rebuild.lost_sessions import SessionHistories
from settings import CACHED_WORKFLOWS, WorkerSettings, load
from temporal import client as temporal_client
from temporal.schedules import make_outbox_schedule
from temporal.workflow_runner import workflow_runner
from workflows.change_sales import ChangeSales
from workflows.deliver_notification import DeliverNotification
from workflows.erase_session import EraseSession
from workflows.outbox_redrive import OutboxRedrive
from workflows.retention import Retention
from workflows.stripe_event import StripeEvent
from workflows.stripe_redrive import StripeRedrive
from workflows.sweep import Sweep
from workflows.ticket_order import TicketOrder
from workflows.wizard_session import WizardSession

GRACE: Final = timedelta(seconds=25)
"""Time for running activities to end when the worker stops; a request to Stripe may take 20 s."""

POLLERS: Final = 5

CONCURRENT_DELIVERIES: Final = 20

CONCURRENT_WORKFLOW_TASKS: Final = 8
"""Tasks share one interpreter: all sessions that replay their histories at the same time have to
finish within the timeout of a workflow task."""

CONCURRENT_ORDER_TASKS: Final = 8
"""As many as of sessions. Tasks of orders mostly wait for Postgres, because their changes are local
activities: with four, tickets are sold at three quarters of the rate."""

CONCURRENT_ORDER_ACTIVITIES: Final = 5
"""Half of the connections to Postgres: the orders of one event wait for each other there."""

CACHED_ORDERS: Final = 500

GARBAGE_THRESHOLDS: Final = (5_000, 5, 5)
"""For ``gc.set_threshold``. With Python's own (700, 10, 10), searching for garbage takes twice as
long while hundreds of sessions are created: a fifth of a worker's time. Higher thresholds than
these keep more ended runs in memory."""

STICKY_TIMEOUT: Final = timedelta(seconds=1)
"""How long a message to a session waits for a worker that was killed."""

ORDER_STICKY_TIMEOUT: Final = timedelta(seconds=5)
"""Longer than of sessions. In a rush, a task of an order waits for more than a second for its turn.
If it times out, it waits a second time, behind all new orders, and replays the history."""


@dataclass(frozen=True)
class WorkerOptions:
    """Options of the workers of one process. The defaults disable Stripe, notifications, retention
    and versions."""

    stripe: StripeAdapter | None = None
    """None: only free events can be published."""

    notifying: Notifying | None = None
    """None: owners are not notified."""

    retention: RetentionPeriods = field(default_factory=RetentionPeriods)

    pictures: FileStore | None = None
    """None: the files of deleted pictures stay, until a worker has a store."""

    abandon_after: int = 0
    """Seconds without a change after which a session is abandoned; 0 for never."""

    stripe_activities_per_second: float = 10
    order_stripe_activities_per_second: float = 20
    fees: FeePolicy = field(default_factory=FeePolicy)
    """The platform's share of an order."""

    max_cached_workflows: int = CACHED_WORKFLOWS
    interceptors: Sequence[Interceptor] = ()

    build_id: str = ""
    """Empty: the workers have no version."""

    @classmethod
    def from_settings(
        cls, settings: WorkerSettings, *, interceptors: Sequence[Interceptor] = ()
    ) -> Self:
        return cls(
            stripe=_stripe_adapter(settings),
            notifying=_notifying(settings),
            retention=RetentionPeriods(
                sessions=settings.session_retention,
                stripe_events=settings.stripe_event_retention,
                notifications=settings.notification_retention,
                orders=settings.order_retention,
            ),
            pictures=PictureStore.from_url(settings.media_store) if settings.media_store else None,
            abandon_after=settings.session_abandon_after,
            stripe_activities_per_second=settings.stripe_activities_per_second,
            order_stripe_activities_per_second=settings.order_stripe_activities_per_second,
            fees=settings.fees,
            max_cached_workflows=settings.worker_max_cached_workflows,
            interceptors=interceptors,
            build_id=settings.worker_build_id,
        )

    @property
    def deployment(self) -> WorkerDeploymentConfig | None:
        """None for workers without a version, which accept any task.

        Every workflow is pinned: it completes, or continues as new, on the build on which it
        started, so that no other build's code ever replays it.
        """
        if not self.build_id:
            return None
        return WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(ids.WORKER_DEPLOYMENT, self.build_id),
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.PINNED,
        )

    async def close(self) -> None:
        """Closes the HTTP clients."""
        if self.stripe is not None:
            await self.stripe.close()
        if self.notifying is not None:
            await self.notifying.sender.close()


def _stripe_adapter(settings: WorkerSettings) -> StripeAdapter | None:
    if settings.stripe_api_key is None:
        return None
    return StripeAdapter.from_settings(
        settings.stripe_api_key.get_secret_value(),
        settings.stripe_api_base,
        media_url=settings.media_address,
    )


def _notifying(settings: WorkerSettings) -> Notifying | None:
    if settings.notification_url is None:
        return None
    return Notifying(
        Sender(settings.notification_url.get_secret_value(), settings.notification_secrets),
        remind_before_seconds=settings.session_remind_before,
    )


@asynccontextmanager
async def running_workers(
    client: Client, pool: Pool, options: WorkerOptions
) -> AsyncIterator[None]:
    """Runs one worker per task queue: sessions, orders, Stripe for each of them and, if owners are
    notified, deliveries."""
    async with (
        build_session_worker(client, pool, options),
        build_stripe_worker(client, pool, options),
        build_order_worker(client, pool, options),
        build_order_stripe_worker(client, options),
        nullcontext()
        if options.notifying is None
        else build_notification_worker(client, pool, options.notifying, options),
    ):
        yield


def build_session_worker(client: Client, pool: Pool, options: WorkerOptions) -> Worker:
    return Worker(
        client,
        task_queue=ids.TASK_QUEUE,
        workflows=[
            WizardSession,
            StripeEvent,
            StripeRedrive,
            EraseSession,
            Retention,
            Sweep,
            DeliverNotification,
            OutboxRedrive,
        ],
        activities=_session_activities(client, pool, options),
        workflow_runner=workflow_runner(),
        interceptors=options.interceptors,
        deployment_config=options.deployment,
        max_cached_workflows=options.max_cached_workflows,
        max_concurrent_workflow_tasks=CONCURRENT_WORKFLOW_TASKS,
        max_concurrent_workflow_task_polls=POLLERS,
        max_concurrent_activity_task_polls=POLLERS,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACE,
    )


def _session_activities(
    client: Client, pool: Pool, options: WorkerOptions
) -> Sequence[Callable[..., Any]]:
    notifying = options.notifying
    notifies = notifying is not None
    deliveries = Deliveries(client, notifying.remind_before_seconds) if notifying else None
    projection = DurableProjection(pool, announces=notifies)
    outbox, open_sessions, erasures = Outbox(pool), OpenSessions(pool), Erasures(pool)
    session = SessionActivities(projection, deliveries)
    event = EventActivities(Publications(pool, announces=notifies))
    accounts = _accounts(pool, options)
    account_changes = AccountChangeActivities(accounts, client)
    inbox = InboxActivities(Inbox(pool), accounts, client)
    erasure = ErasureActivities(erasures, client)
    retention = RetentionActivities(erasures, outbox, OrderUpkeep(pool), client, options.retention)
    outgoing = OutboxActivities(outbox, client, is_on=notifies)
    lost = LostSessions(
        open_sessions,
        DurableProjection(pool),
        Publications(pool),
        SessionHistories(client),
        client,
    )
    sweep_rows = SweepRowsActivities(
        open_sessions, projection, lost, client, abandon_after=options.abandon_after
    )
    sweep_workflows = SweepWorkflowsActivities(open_sessions, lost, client)
    sweep_orders = SweepOrdersActivities(OrderUpkeep(pool), client)
    pictures = PictureActivities(PictureUpkeep(pool), options.pictures)
    return [
        session.project_session,
        event.gather_publish_facts,
        event.reserve_event,
        event.publish_event,
        event.release_event,
        inbox.load_stripe_event,
        inbox.sessions_of_account,
        inbox.stamp_stripe_event,
        inbox.redrive_stripe_events,
        account_changes.hand_account_on,
        erasure.end_session,
        erasure.erase_records,
        erasure.delete_history,
        erasure.delete_order_histories,
        retention.erase_old_sessions,
        retention.empty_stripe_payloads,
        retention.forget_notifications,
        retention.forget_orders,
        outgoing.give_up_notification,
        outgoing.redrive_notifications,
        sweep_rows.sweep_rows,
        sweep_workflows.sweep_workflows,
        sweep_orders.sweep_orders,
        pictures.sweep_pictures,
        pictures.delete_picture_files,
    ]


def build_stripe_worker(client: Client, pool: Pool, options: WorkerOptions) -> Worker:
    """The server limits the rate of all workers together, so that Stripe's limits are kept."""
    payment = PaymentActivities(options.stripe, _accounts(pool, options))
    return Worker(
        client,
        task_queue=ids.STRIPE_TASK_QUEUE,
        activities=[
            payment.connect_account,
            payment.ensure_account,
            payment.end_account,
            payment.create_onboarding_link,
            payment.check_account,
            payment.fetch_account,
            payment.offer_tier,
            payment.link_tier,
            payment.retire_catalogue,
        ],
        interceptors=options.interceptors,
        deployment_config=options.deployment,
        max_task_queue_activities_per_second=options.stripe_activities_per_second,
        graceful_shutdown_timeout=GRACE,
    )


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


def _accounts(pool: Pool, options: WorkerOptions) -> StripeAccounts:
    """Without a Stripe key, no account is connected or fetched in either mode."""
    return StripeAccounts(pool, livemode=options.stripe is not None and options.stripe.livemode)


def build_notification_worker(
    client: Client, pool: Pool, notifying: Notifying, options: WorkerOptions
) -> Worker:
    return Worker(
        client,
        task_queue=ids.NOTIFICATION_TASK_QUEUE,
        activities=[DeliveryActivities(Outbox(pool), notifying).deliver_notification],
        interceptors=options.interceptors,
        deployment_config=options.deployment,
        max_concurrent_activities=CONCURRENT_DELIVERIES,
        graceful_shutdown_timeout=GRACE,
    )


async def run(
    settings: WorkerSettings,
    telemetry: Telemetry | None = None,
    *,
    interceptors: Sequence[Interceptor] = (),
) -> None:
    """Runs until SIGTERM or SIGINT, and then finishes running tasks."""
    log = structlog.get_logger("worker")
    telemetry = telemetry or Telemetry()
    options = WorkerOptions.from_settings(settings, interceptors=interceptors)
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(), WORKER, application_name="event-wizard-worker"
    )
    try:
        client = await temporal_client.connect_when_ready(
            settings.key_ring, runtime=telemetry.runtime, plugins=telemetry.plugins
        )
        await temporal_client.wait_for_search_attributes(client)
        if options.notifying is not None:
            await make_outbox_schedule(client)
        stop_requested = _stop_event()
        async with (
            running_workers(client, pool, options),
            _sampling(pool, telemetry),
            touching_file(settings.worker_ready_file),
        ):
            log.info(
                "worker is ready",
                task_queue=ids.TASK_QUEUE,
                build_id=options.build_id or None,
            )
            await stop_requested.wait()
            log.info("worker is stopping")
    finally:
        await pool.close()
        await options.close()


def _stop_event() -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets, instead of ending the process at once."""
    event = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, event.set)
    return event


def _sampling(pool: Pool, telemetry: Telemetry) -> AbstractAsyncContextManager[None]:
    """Samples nothing if the process has no metrics endpoint."""
    if telemetry.meter is None:
        return nullcontext()
    return sampling(GaugeReads(pool), SampledGauges(telemetry.meter))


def main() -> None:
    settings = load(WorkerSettings)
    telemetry = Telemetry.start(
        settings.metrics_address,
        settings.otel_exporter_otlp_endpoint,
        service="event-wizard-worker",
    )
    logs.configure(settings.log_level, settings.log_format, telemetry.log_processors)
    end_on_signal()
    gc.freeze()  # a full collection of all loaded modules would pause every session for 0.1 s
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    try:
        uvloop.run(run(settings, telemetry))
    except WrongRole as error:
        end_with_reason(error)
    telemetry.stop()
    end_process()


if __name__ == "__main__":
    main()
