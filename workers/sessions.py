"""The worker of all workflows but those of orders: sessions, events of Stripe, sweeps, messages."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from temporalio.client import Client
from temporalio.worker import Worker

from activities.account_changes import AccountChangeActivities
from activities.erasure import ErasureActivities
from activities.events import EventActivities
from activities.inbox import InboxActivities
from activities.lost_sessions import LostSessions
from activities.notifications import Deliveries, OutboxActivities
from activities.payments import PaymentActivities
from activities.pictures import PictureActivities
from activities.retention import RetentionActivities
from activities.sessions import SessionActivities
from activities.sweep_orders import SweepOrdersActivities
from activities.sweep_rows import SweepRowsActivities
from activities.sweep_workflows import SweepWorkflowsActivities
from db.erasures import Erasures
from db.inbox import Inbox
from db.open_sessions import OpenSessions
from db.order_upkeep import OrderUpkeep
from db.outbox import Outbox
from db.pictures import PictureUpkeep
from db.pool import Pool
from db.projection import DurableProjection
from db.publications import Publications
from domain import ids
from rebuild.lost_sessions import SessionHistories
from temporal.workflow_runner import workflow_runner
from workers.options import GRACE, WorkerOptions
from workers.outgoing import stripe_accounts
from workflows.deliver_notification import DeliverNotification
from workflows.erase_session import EraseSession
from workflows.outbox_redrive import OutboxRedrive
from workflows.retention import Retention
from workflows.stripe_event import StripeEvent
from workflows.stripe_redrive import StripeRedrive
from workflows.sweep import Sweep
from workflows.wizard_session import WizardSession

POLLERS: Final = 5

CONCURRENT_WORKFLOW_TASKS: Final = 8
"""Tasks share one interpreter: all sessions that replay their histories at the same time have to
finish within the timeout of a workflow task."""

STICKY_TIMEOUT: Final = timedelta(seconds=1)
"""How long a message to a session waits for a worker that was killed."""


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
    accounts = stripe_accounts(pool, options)
    account_changes = AccountChangeActivities(accounts, client)
    payment = PaymentActivities(options.stripe, accounts)
    inbox = InboxActivities(Inbox(pool), accounts, client, options.stripe)
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
        payment.stored_status,
        payment.end_account,
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
