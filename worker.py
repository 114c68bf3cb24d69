"""The worker: takes the tasks of every session from Temporal.

    python worker.py

Composition root: settings → database pool, Stripe and Temporal clients → activities → workers.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog
import uvloop
from temporalio.client import Client
from temporalio.worker import Interceptor, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.erasure import ErasureActivities
from activities.events import EventActivities
from activities.inbox import InboxActivities
from activities.payments import PaymentActivities
from activities.retention import RetentionActivities, RetentionPeriods
from activities.sessions import SessionActivities
from db.accounts import StripeAccounts
from db.erasures import Erasures
from db.inbox import Inbox
from db.pool import Pool, connect_when_ready
from db.projection import DurableProjection
from db.publications import Publications
from domain import ids
from observability import logs
from observability.endings import end_process, end_when_told
from observability.liveness import showing_life
from payments.gateway import StripeGateway
from settings import WorkerSettings, load
from workflows import connection
from workflows.erase_session import EraseSession
from workflows.retention import Retention
from workflows.stripe_event import StripeEvent
from workflows.stripe_redrive import StripeRedrive
from workflows.wizard_session import WizardSession

# Pure modules, safe to share between the sandboxes of all sessions: importing them anew for each
# costs most of the memory of a cached session.
PURE_MODULES: Final = (
    "domain",
    "activities",
    "payments",
    "pydantic",
    "pydantic_core",
    "email_validator",  # with idna: pydantic imports them when the first address is validated
    "idna",
)

KEEP: Final = RetentionPeriods(sessions=0, stripe_events=0)

GRACE: Final = timedelta(seconds=25)
"""For activities that run when the worker is told to stop. A request to Stripe may take 20 s."""

POLLERS: Final = 5

STICKY_TIMEOUT: Final = timedelta(seconds=2)
"""After a worker died, the next message to its sessions waits for so long."""


@asynccontextmanager
async def working(
    client: Client,
    pool: Pool,
    stripe: StripeGateway | None,
    *,
    retention: RetentionPeriods = KEEP,
    stripe_activities_per_second: float = 10,
    max_cached_workflows: int = 1000,
    interceptors: Sequence[Interceptor] = (),
) -> AsyncIterator[None]:
    """Both workers of the process: that of the sessions, and the one that talks to Stripe."""
    accounts = StripeAccounts(pool)
    async with (
        build_worker(
            client,
            pool,
            accounts,
            retention=retention,
            max_cached_workflows=max_cached_workflows,
            interceptors=interceptors,
        ),
        build_stripe_worker(
            client,
            PaymentActivities(stripe, accounts),
            activities_per_second=stripe_activities_per_second,
            interceptors=interceptors,
        ),
    ):
        yield


def build_stripe_worker(
    client: Client,
    payments: PaymentActivities,
    *,
    activities_per_second: float,
    interceptors: Sequence[Interceptor],
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
        graceful_shutdown_timeout=GRACE,
    )


def build_worker(
    client: Client,
    pool: Pool,
    accounts: StripeAccounts,
    *,
    retention: RetentionPeriods,
    max_cached_workflows: int,
    interceptors: Sequence[Interceptor],
) -> Worker:
    inbox = InboxActivities(Inbox(pool), accounts, client)
    sessions = SessionActivities(DurableProjection(pool))
    events = EventActivities(Publications(pool))
    erasures = Erasures(pool)
    erasing = ErasureActivities(erasures, client)
    retaining = RetentionActivities(erasures, client, retention)
    return Worker(
        client,
        task_queue=ids.TASK_QUEUE,
        workflows=[WizardSession, StripeEvent, StripeRedrive, EraseSession, Retention],
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
        ],
        workflow_runner=SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*PURE_MODULES)
        ),
        interceptors=interceptors,
        max_cached_workflows=max_cached_workflows,
        max_concurrent_workflow_task_polls=POLLERS,
        max_concurrent_activity_task_polls=POLLERS,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACE,
    )


async def run(settings: WorkerSettings, *, interceptors: Sequence[Interceptor] = ()) -> None:
    """Until the process is told to stop; tasks that run are finished first."""
    log = structlog.get_logger("worker")
    stripe = _stripe_gateway(settings)
    pool = await connect_when_ready(
        settings.database_url.get_secret_value(), application_name="event-wizard-worker"
    )
    try:
        client = await connection.connect_when_ready(settings.key_ring)
        await connection.wait_for_search_attributes(client)
        stopping = _told_to_stop()
        async with (
            working(
                client,
                pool,
                stripe,
                retention=RetentionPeriods(
                    settings.session_retention, settings.stripe_event_retention
                ),
                stripe_activities_per_second=settings.stripe_activities_per_second,
                max_cached_workflows=settings.worker_max_cached_workflows,
                interceptors=interceptors,
            ),
            showing_life(settings.worker_ready_file),
        ):
            log.info("worker is ready", task_queue=ids.TASK_QUEUE)
            await stopping.wait()
            log.info("worker is stopping")
    finally:
        await pool.close()
        if stripe is not None:
            await stripe.close()


def _told_to_stop() -> asyncio.Event:
    """Set by the signals that until now ended the process at once: it had nothing to finish."""
    stopping = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    return stopping


def _stripe_gateway(settings: WorkerSettings) -> StripeGateway | None:
    """None where only free events can be published."""
    if settings.stripe_api_key is None:
        return None
    return StripeGateway.from_settings(
        settings.stripe_api_key.get_secret_value(), settings.stripe_api_base
    )


def main() -> None:
    settings = load(WorkerSettings)
    logs.configure(settings.log_level, settings.log_format)
    end_when_told()
    uvloop.run(run(settings))
    end_process()


if __name__ == "__main__":
    main()
