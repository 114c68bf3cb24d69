"""The worker: takes the tasks of every session from Temporal.

    python worker.py

Composition root: settings → database pool, Stripe and Temporal clients → activities → workers.
"""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from typing import Final

import structlog
import uvloop
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Interceptor, Worker, WorkerDeploymentConfig

from activities.erasure import ErasureActivities
from activities.events import EventActivities
from activities.inbox import InboxActivities
from activities.notifications import Deliveries, DeliveryActivities, Notifying, OutboxActivities
from activities.payments import PaymentActivities
from activities.retention import RetentionActivities, RetentionPeriods
from activities.sessions import SessionActivities
from activities.sweep_rows import SweepRowsActivities
from activities.sweep_workflows import SweepWorkflowsActivities
from db.accounts import StripeAccounts
from db.erasures import Erasures
from db.gauges import GaugeReads
from db.inbox import Inbox
from db.open_sessions import OpenSessions
from db.outbox import Outbox
from db.pool import Pool, connect_when_ready
from db.projection import DurableProjection
from db.publications import Publications
from domain import ids
from notifications.sender import Sender
from observability import logs
from observability.process import end_process, end_when_told, showing_life
from observability.sampling import sampling
from observability.telemetry import Telemetry
from observability.worker_metrics import SampledGauges
from payments.adapter import StripeAdapter
from settings import CACHED_WORKFLOWS, WorkerSettings, load
from temporal import client as temporal_client
from temporal.schedules import make_outbox_schedule
from temporal.workflow_runner import workflow_runner
from workflows.deliver_notification import DeliverNotification
from workflows.erase_session import EraseSession
from workflows.outbox_redrive import OutboxRedrive
from workflows.retention import Retention
from workflows.stripe_event import StripeEvent
from workflows.stripe_redrive import StripeRedrive
from workflows.sweep import Sweep
from workflows.wizard_session import WizardSession

KEEP: Final = RetentionPeriods(sessions=0, stripe_events=0)
NEVER: Final = 0

GRACE: Final = timedelta(seconds=25)
"""For activities that run when the worker is told to stop. A request to Stripe may take 20 s."""

POLLERS: Final = 5

DELIVERIES_AT_ONCE: Final = 20

TASKS_AT_ONCE: Final = 8
"""Of workflows. They share one interpreter: as many sessions as wake up at the same time, each of
which replays its history, have to be done before the time limit of a task ends them all."""

STICKY_TIMEOUT: Final = timedelta(seconds=1)
"""After a worker died, the next message to its sessions waits for so long."""


@asynccontextmanager
async def working(
    client: Client,
    pool: Pool,
    stripe: StripeAdapter | None,
    *,
    notifying: Notifying | None = None,
    retention: RetentionPeriods = KEEP,
    abandon_after: int = NEVER,
    stripe_activities_per_second: float = 10,
    max_cached_workflows: int = CACHED_WORKFLOWS,
    interceptors: Sequence[Interceptor] = (),
    build_id: str = "",
) -> AsyncIterator[None]:
    """The workers of the process: that of the sessions, the one that talks to Stripe, and the one
    that notifies owners, if that is wanted."""
    accounts = StripeAccounts(pool)
    deployment = version_of(build_id)
    async with (
        build_worker(
            client,
            pool,
            accounts,
            notifying=notifying,
            retention=retention,
            abandon_after=abandon_after,
            max_cached_workflows=max_cached_workflows,
            interceptors=interceptors,
            deployment=deployment,
        ),
        build_stripe_worker(
            client,
            PaymentActivities(stripe, accounts),
            activities_per_second=stripe_activities_per_second,
            interceptors=interceptors,
            deployment=deployment,
        ),
        nullcontext()
        if notifying is None
        else build_notification_worker(
            client, pool, notifying, deployment=deployment, interceptors=interceptors
        ),
    ):
        yield


def version_of(build_id: str) -> WorkerDeploymentConfig | None:
    """None for workers without a version, which take whatever task there is.

    Every workflow is pinned: it ends, or continues as new, on the build that it began on, so that
    none is ever replayed by another build's code.
    """
    if not build_id:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(ids.WORKER_DEPLOYMENT, build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


def build_stripe_worker(
    client: Client,
    payments: PaymentActivities,
    *,
    activities_per_second: float,
    interceptors: Sequence[Interceptor],
    deployment: WorkerDeploymentConfig | None,
) -> Worker:
    """The server holds the rate over all workers together, so that Stripe's limits are kept."""
    return Worker(
        client,
        task_queue=ids.STRIPE_TASK_QUEUE,
        activities=[
            payments.ensure_account,
            payments.create_onboarding_link,
            payments.check_account,
            payments.offer_tier,
            payments.link_tier,
            payments.retire_catalogue,
        ],
        interceptors=interceptors,
        max_task_queue_activities_per_second=activities_per_second,
        deployment_config=deployment,
        graceful_shutdown_timeout=GRACE,
    )


def build_notification_worker(
    client: Client,
    pool: Pool,
    notifying: Notifying,
    *,
    deployment: WorkerDeploymentConfig | None,
    interceptors: Sequence[Interceptor],
) -> Worker:
    return Worker(
        client,
        task_queue=ids.NOTIFICATION_TASK_QUEUE,
        activities=[DeliveryActivities(Outbox(pool), notifying).deliver_notification],
        deployment_config=deployment,
        interceptors=interceptors,
        max_concurrent_activities=DELIVERIES_AT_ONCE,
        graceful_shutdown_timeout=GRACE,
    )


def build_worker(
    client: Client,
    pool: Pool,
    accounts: StripeAccounts,
    *,
    notifying: Notifying | None,
    retention: RetentionPeriods,
    abandon_after: int,
    max_cached_workflows: int,
    interceptors: Sequence[Interceptor],
    deployment: WorkerDeploymentConfig | None,
) -> Worker:
    inbox = InboxActivities(Inbox(pool), accounts, client)
    outbox, open_sessions = Outbox(pool), OpenSessions(pool)
    notifies = notifying is not None
    deliveries = Deliveries(client, notifying.remind_before_seconds) if notifying else None
    projection = DurableProjection(pool, announces=notifies)
    sessions = SessionActivities(projection, deliveries)
    events = EventActivities(Publications(pool, announces=notifies))
    outgoing = OutboxActivities(outbox, client, is_on=notifies)
    erasures = Erasures(pool)
    erasing = ErasureActivities(erasures, client)
    retaining = RetentionActivities(erasures, outbox, client, retention)
    sweeping_rows = SweepRowsActivities(
        open_sessions, projection, client, abandon_after=abandon_after
    )
    sweeping_workflows = SweepWorkflowsActivities(open_sessions, client)
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
        activities=[
            sessions.project_session,
            events.gather_publish_facts,
            events.reserve_event,
            events.publish_event,
            events.release_event,
            inbox.load_stripe_event,
            inbox.sessions_of_account,
            inbox.stamp_stripe_event,
            inbox.redrive_stripe_events,
            erasing.end_session,
            erasing.erase_records,
            erasing.delete_history,
            retaining.erase_old_sessions,
            retaining.empty_stripe_payloads,
            retaining.forget_notifications,
            outgoing.give_up_notification,
            outgoing.redrive_notifications,
            sweeping_rows.sweep_rows,
            sweeping_workflows.sweep_workflows,
        ],
        workflow_runner=workflow_runner(),
        interceptors=interceptors,
        deployment_config=deployment,
        max_cached_workflows=max_cached_workflows,
        max_concurrent_workflow_tasks=TASKS_AT_ONCE,
        max_concurrent_workflow_task_polls=POLLERS,
        max_concurrent_activity_task_polls=POLLERS,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACE,
    )


async def run(
    settings: WorkerSettings,
    telemetry: Telemetry | None = None,
    *,
    interceptors: Sequence[Interceptor] = (),
) -> None:
    """Until the process is told to stop; tasks that run are finished first."""
    log = structlog.get_logger("worker")
    telemetry = telemetry or Telemetry()
    stripe = _stripe_adapter(settings)
    notifying = _notifying(settings)
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(), application_name="event-wizard-worker"
    )
    try:
        client = await temporal_client.connect_when_ready(
            settings.key_ring, runtime=telemetry.runtime, plugins=telemetry.plugins
        )
        await temporal_client.wait_for_search_attributes(client)
        if notifying is not None:
            await make_outbox_schedule(client)
        stopping = _told_to_stop()
        async with (
            working(
                client,
                pool,
                stripe,
                notifying=notifying,
                retention=RetentionPeriods(
                    settings.session_retention,
                    settings.stripe_event_retention,
                    settings.notification_retention,
                ),
                abandon_after=settings.session_abandon_after,
                stripe_activities_per_second=settings.stripe_activities_per_second,
                max_cached_workflows=settings.worker_max_cached_workflows,
                interceptors=interceptors,
                build_id=settings.worker_build_id,
            ),
            _sampling(pool, telemetry),
            showing_life(settings.worker_ready_file),
        ):
            log.info(
                "worker is ready",
                task_queue=ids.TASK_QUEUE,
                build_id=settings.worker_build_id or None,
            )
            await stopping.wait()
            log.info("worker is stopping")
    finally:
        await pool.close()
        if stripe is not None:
            await stripe.close()
        if notifying is not None:
            await notifying.sender.close()


def _told_to_stop() -> asyncio.Event:
    """Set by the signals that until now ended the process at once: it had nothing to finish."""
    stopping = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    return stopping


def _sampling(pool: Pool, telemetry: Telemetry) -> AbstractAsyncContextManager[None]:
    """Nothing is sampled where nobody collects it."""
    if telemetry.meter is None:
        return nullcontext()
    return sampling(GaugeReads(pool), SampledGauges(telemetry.meter))


def _stripe_adapter(settings: WorkerSettings) -> StripeAdapter | None:
    """None where only free events can be published."""
    if settings.stripe_api_key is None:
        return None
    return StripeAdapter.from_settings(
        settings.stripe_api_key.get_secret_value(), settings.stripe_api_base
    )


def _notifying(settings: WorkerSettings) -> Notifying | None:
    """None where owners are not notified."""
    if settings.notification_url is None:
        return None
    return Notifying(
        Sender(settings.notification_url.get_secret_value(), settings.notification_secrets),
        remind_before_seconds=settings.session_remind_before,
    )


def main() -> None:
    settings = load(WorkerSettings)
    telemetry = Telemetry.start(
        settings.metrics_address,
        settings.otel_exporter_otlp_endpoint,
        service="event-wizard-worker",
    )
    logs.configure(settings.log_level, settings.log_format, telemetry.log_processors)
    end_when_told()
    gc.freeze()  # what is loaded stays: looking through it would hold every session up for 0.1 s
    uvloop.run(run(settings, telemetry))
    telemetry.stop()
    end_process()


if __name__ == "__main__":
    main()
